package io.hawser.node;

import io.hawser.epmd.NodeResolver;
import io.hawser.term.NodeName;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Where the nodes of a test are. */
final class Directory {
    private final Map<NodeName, InetSocketAddress> nodes = new ConcurrentHashMap<>();

    void put(NodeName name, InetSocketAddress address) {
        nodes.put(name, address);
    }

    NodeResolver resolver() {
        return new NodeResolver() {
            @Override
            public Optional<InetSocketAddress> resolve(NodeName name, Duration timeout) {
                return Optional.ofNullable(nodes.get(name));
            }

            @Override
            public Optional<Long> publish(NodeName name, int port, Duration timeout) {
                return Optional.empty();
            }

            @Override
            public void close() {}
        };
    }
}
