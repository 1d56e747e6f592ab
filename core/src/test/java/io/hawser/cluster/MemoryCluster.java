package io.hawser.cluster;

import io.hawser.epmd.NodeResolver;
import io.hawser.node.Mailbox;
import io.hawser.node.Node;
import io.hawser.node.NodeConfig;
import io.hawser.peer.FakeHandshakes;
import io.hawser.term.Binary;
import io.hawser.term.NodeName;
import io.hawser.testing.Await;
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
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;

/** Nodes that find each other in memory. */
final class MemoryCluster implements AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(20);

    private final InMemoryNetwork network = InMemoryNetwork.start();
    private final Map<NodeName, InetSocketAddress> directory = new ConcurrentHashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Queue<NodeName>> lookUps = new ConcurrentHashMap<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile String held = "nobody@nowhere";

    Node start(String name) {
        return start(name, false);
    }

    Node start(String name, boolean hidden) {
        return start(name, config -> config.hidden(hidden));
    }

    Node start(String name, UnaryOperator<NodeConfig.Builder> more) {
        Node node = Node.start(more.apply(NodeConfig.builder(name)
                        .transport(network.transport())
                        .handshake(new FakeHandshakes("secret"))
                        .resolver(new Directory(lookUps(name))))
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

    /** Has a node speak and not read, on the connections that were dialled to it. */
    void deafen(Node node) {
        network.links().stream()
                .filter(link -> link.dialled().equals(node.name()))
                .forEach(link -> link.outward().stall());
    }

    /** Sends to a node that does not read until no more is taken. */
    static void fill(Node from, Node to) {
        Mailbox sender = from.mailbox();
        Mailbox receiver = to.mailbox();
        Await.until(SOON, "no more is taken", () -> !sender.trySend(receiver.self(), Binary.copyOf(new byte[60_000])));
    }

    /** Makes a node impossible to find. */
    void hide(Node node) {
        directory.remove(node.name());
    }

    /** Has look-ups of names with this part take until {@link #releaseLookUps}. */
    void holdLookUps(String part) {
        held = part;
    }

    void releaseLookUps() {
        released.countDown();
    }

    @Override
    public void close() {
        releaseLookUps();
        nodes.forEach(Node::close);
        network.close();
    }

    private final class Directory implements NodeResolver {
        private final Queue<NodeName> lookUps;

        Directory(Queue<NodeName> lookUps) {
            this.lookUps = lookUps;
        }

        @Override
        public Optional<InetSocketAddress> resolve(NodeName name, Duration timeout) {
            lookUps.add(name);
            if (name.toString().contains(held)) {
                awaitRelease();
            }
            return Optional.ofNullable(directory.get(name));
        }

        private void awaitRelease() {
            try {
                released.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public Optional<Long> publish(NodeName name, int port, Duration timeout) {
            return Optional.empty();
        }

        @Override
        public void close() {}
    }
}
