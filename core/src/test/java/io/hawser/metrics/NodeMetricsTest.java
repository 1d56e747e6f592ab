package io.hawser.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.epmd.NodeResolver;
import io.hawser.node.Node;
import io.hawser.node.NodeConfig;
import io.hawser.peer.FakeHandshakes;
import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.NodeName;
import io.hawser.term.Tuple;
import io.hawser.testing.ManualScheduler;
import io.hawser.transport.InMemoryLink;
import io.hawser.transport.InMemoryNetwork;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class NodeMetricsTest {
    private final ManualScheduler time = new ManualScheduler();
    private final InMemoryNetwork network = InMemoryNetwork.on(time);
    private final Map<NodeName, InetSocketAddress> directory = new ConcurrentHashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private Node start(String name, String cookie) {
        Node node = Node.start(NodeConfig.builder(name)
                .transport(network.transport())
                .handshake(new FakeHandshakes(cookie))
                .resolver(new Directory(directory))
                .scheduler(time)
                .executor(Runnable::run)
                .build());
        directory.put(node.name(), node.address());
        nodes.add(node);
        return node;
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

    @AfterEach
    void closeAll() {
        nodes.forEach(Node::close);
        time.runReady();
        registry.close();
    }

    private List<Meter> ofPeer(String peer) {
        return registry.getMeters().stream()
                .filter(meter -> peer.equals(meter.getId().getTag("peer")))
                .toList();
    }

    private void connect(Node from, Node to) {
        from.connect(to.name());
        time.runReady();
    }

    @Test
    void metersComeAndGoWithThePeer() {
        Node a = start("a@host", "secret");
        Node b = start("b@host", "secret");
        Node c = start("c@host", "secret");
        connect(a, b);
        new NodeMetrics(a).withTags(Tags.of("zone", "z1")).bindTo(registry);
        assertThat(ofPeer("b@host")).hasSize(8);
        connect(a, c);
        assertThat(ofPeer("c@host")).hasSize(8);
        a.send(Tuple.of(Atom.of("nobody"), b.name().atom()), Int.of(1));
        time.runReady();
        assertThat(registry.get("hawser.peer.messages")
                        .tags("node", "a@host", "peer", "b@host", "direction", "out", "zone", "z1")
                        .functionCounter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("hawser.connections").gauge().value()).isEqualTo(2);
        a.disconnect(b.name());
        time.runReady();
        assertThat(ofPeer("b@host")).isEmpty();
        assertThat(ofPeer("c@host")).hasSize(8);
        assertThat(registry.get("hawser.connections.lost")
                        .tag("reason", "disconnect")
                        .counter()
                        .count())
                .isEqualTo(1);
        connect(a, b);
        assertThat(registry.get("hawser.peer.messages")
                        .tags("peer", "b@host", "direction", "out")
                        .functionCounter()
                        .count())
                .isZero();
        assertThat(registry.get("hawser.messages")
                        .tags("direction", "out")
                        .functionCounter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void showSuspicion() {
        Node a = start("a@host", "secret");
        Node b = start("b@host", "secret");
        connect(a, b);
        new NodeMetrics(a).bindTo(registry);
        network.links().forEach(InMemoryLink::stall);
        time.advance(Duration.ofSeconds(60));
        assertThat(registry.get("hawser.peer.suspicion").gauge().value()).isGreaterThan(8);
        assertThat(registry.get("hawser.peer.silence").timeGauge().value(java.util.concurrent.TimeUnit.SECONDS))
                .isEqualTo(60);
        assertThat(registry.get("hawser.connections.suspected").gauge().value()).isEqualTo(1);
    }

    @Test
    void countRefusalsByCodeAndNotByWhoCame() {
        Node a = start("a@host", "secret");
        new NodeMetrics(a).bindTo(registry);
        for (int i = 0; i < 30; i++) {
            connect(start("stranger" + i + "@host", "guess"), a);
        }
        time.advance(Duration.ofSeconds(2));
        connect(start("last@host", "guess"), a);
        assertThat(registry.find("hawser.connections.refused").counters())
                .singleElement()
                .satisfies(counter -> {
                    assertThat(counter.count()).isEqualTo(31);
                    assertThat(counter.getId().getTag("code")).isEqualTo("COOKIE");
                    assertThat(counter.getId().getTag("layer")).isEqualTo("HANDSHAKE");
                });
    }

    @Test
    void areOfABoundedNumberOfPeersAndGoWithTheBinder() {
        Node a = start("a@host", "secret");
        try (var metrics = new NodeMetrics(a).withPeers(3)) {
            metrics.bindTo(registry);
            for (int i = 0; i < 6; i++) {
                connect(a, start("n" + i + "@host", "secret"));
            }
            assertThat(peers()).isEqualTo(3);
            nodes.get(1).close();
            time.runReady();
            assertThat(peers()).isEqualTo(3);
            assertThat(ofPeer("n0@host")).isEmpty();
            assertThat(registry.get("hawser.connections").gauge().value()).isEqualTo(5);
        }
        assertThat(registry.getMeters()).isEmpty();
    }

    private long peers() {
        return registry.getMeters().stream()
                .map(meter -> meter.getId().getTag("peer"))
                .filter(peer -> peer != null)
                .distinct()
                .count();
    }
}
