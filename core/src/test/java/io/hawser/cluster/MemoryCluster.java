package io.hawser.cluster;

import io.hawser.epmd.NodeResolver;
import io.hawser.node.Node;
import io.hawser.node.NodeConfig;
import io.hawser.peer.FakeHandshakes;
import io.hawser.term.NodeName;
import io.hawser.transport.InMemoryLink;
import io.hawser.transport.InMemoryNetwork;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Nodes that find each other in memory. */
final class MemoryCluster implements AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(20);

    private final InMemoryNetwork network = InMemoryNetwork.start();
    private final Map<NodeName, InetSocketAddress> directory = new ConcurrentHashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Queue<NodeName>> lookUps = new ConcurrentHashMap<>();

    Node start(String name) {
        return start(name, false);
    }

    Node start(String name, boolean hidden) {
        Node node = Node.start(NodeConfig.builder(name)
                .transport(network.transport())
                .handshake(new FakeHandshakes("secret"))
                .resolver(new Directory(directory, lookUps(name)))
                .hidden(hidden)
                .build());
        directory.put(node.name(), node.address());
        nodes.add(node);
        return node;
    }

    /** Whom a node of this name has looked up. */
    Queue<NodeName> lookUps(String name) {
        return lookUps.computeIfAbsent(name, key -> new ConcurrentLinkedQueue<>());
    }

    static void connect(Node a, Node b) throws InterruptedException {
        a.connect(b.name(), SOON);
    }

    /** Stops bytes on the connections that were dialled to a node, until told otherwise. */
    void stall(Node node, boolean on) {
        network.links().stream()
                .filter(link -> link.dialled().equals(node.name()))
                .forEach(on ? InMemoryLink::stall : InMemoryLink::resume);
    }

    /** Makes a node impossible to find. */
    void hide(Node node) {
        directory.remove(node.name());
    }

    @Override
    public void close() {
        nodes.forEach(Node::close);
        network.close();
    }

    private record Directory(Map<NodeName, InetSocketAddress> nodes, Queue<NodeName> lookUps) implements NodeResolver {
        @Override
        public Optional<InetSocketAddress> resolve(NodeName name, Duration timeout) {
            lookUps.add(name);
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
