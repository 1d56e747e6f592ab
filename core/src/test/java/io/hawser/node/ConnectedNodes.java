package io.hawser.node;

import io.hawser.epmd.NodeResolver;
import io.hawser.peer.FakeHandshakes;
import io.hawser.term.NodeName;
import io.hawser.transport.InMemoryNetwork;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Nodes with everything in between but a handshake and a network that are real. */
final class ConnectedNodes implements NodeStarter {
    private final InMemoryNetwork network = InMemoryNetwork.start();
    private final Map<NodeName, InetSocketAddress> directory = new ConcurrentHashMap<>();
    private final List<Node> nodes = new ArrayList<>();

    @Override
    public Node start(String name, Consumer<NodeConfig.Builder> more) {
        NodeConfig.Builder builder = NodeConfig.builder(name)
                .transport(network.transport())
                .handshake(new FakeHandshakes("secret"))
                .resolver(new Directory(directory));
        more.accept(builder);
        Node node = Node.start(builder.build());
        directory.put(node.name(), node.address());
        nodes.add(node);
        return node;
    }

    @Override
    public void close() {
        nodes.forEach(Node::close);
        network.close();
    }

    private record Directory(Map<NodeName, InetSocketAddress> nodes) implements NodeResolver {
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
    }
}
