package io.hawser.examples.rotation;

import io.hawser.epmd.NodeResolver;
import io.hawser.term.NodeName;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Where the nodes of a test are; each is told of all others. Thread-safe: a concurrent map. */
final class Directory implements NodeResolver {
    private final Map<NodeName, Integer> ports = new ConcurrentHashMap<>();

    @Override
    public Optional<InetSocketAddress> resolve(NodeName name, Duration timeout) {
        return Optional.ofNullable(ports.get(name))
                .map(port -> new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    @Override
    public Optional<Long> publish(NodeName name, int port, Duration timeout) {
        ports.put(name, port);
        return Optional.empty();
    }

    @Override
    public void close() {
        // it belongs to all nodes
    }
}
