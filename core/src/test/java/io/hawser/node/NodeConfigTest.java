package io.hawser.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.epmd.NodeResolver;
import io.hawser.peer.FakeHandshakes;
import io.hawser.term.Atom;
import io.hawser.term.NodeName;
import io.hawser.transport.InMemoryNetwork;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeConfigTest {
    @Test
    void namesWhatIsMissing() {
        assertThatThrownBy(() -> NodeConfig.builder("a@host").build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("transport: not set (expected: NodeConfig.Builder.transport(TlsTransport.mutual(identity))"
                        + " before build())");
    }

    @Test
    void refusesNumbersOutOfRange() {
        NodeConfig.Builder builder = MemoryNetwork.config("a@host");
        assertThatThrownBy(() -> builder.tickTime(Duration.ofMillis(999)))
                .hasMessage("tickTime: PT0.999S (expected: at least 1 second)");
        assertThatThrownBy(() -> builder.maxTermBytes(0)).hasMessage("maxTermBytes: 0 (expected: at least 1024)");
        assertThatThrownBy(() -> builder.maxPacketBytes(0)).hasMessage("maxPacketBytes: 0 (expected: at least 1024)");
        assertThatThrownBy(() -> builder.highWaterBytes(0)).hasMessage("highWaterBytes: 0 (expected: at least 1)");
        assertThatThrownBy(() -> builder.function("m", "f", 256, args -> Atom.OK))
                .hasMessage("arity: 256 (expected: 0 to 255)");
        builder.function("m", "f", 1, args -> Atom.OK);
        assertThatThrownBy(() -> builder.function("m", "f", 1, args -> Atom.OK))
                .hasMessage("m:f/1: registered already");
        assertThatThrownBy(() -> NodeConfig.builder("nohost")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void doesNotChangeWithItsBuilder() {
        NodeConfig.Builder builder = MemoryNetwork.config("a@host").hidden(true);
        NodeConfig config = builder.build();
        builder.hidden(false).function("m", "f", 0, args -> Atom.OK);
        assertThat(config.hidden).isTrue();
        assertThat(config.functions).isEmpty();
        assertThat(config.listen.getAddress().isLoopbackAddress()).isTrue();
    }

    @Test
    void startsOneNodeOnceAndLeavesThatAlone() throws Exception {
        try (var network = InMemoryNetwork.start()) {
            NodeConfig config = config("a@host", network, Map.of());
            try (Node node = Node.start(config);
                    Node peer = Node.start(config("b@host", network, Map.of(node.name(), node.address())))) {
                assertThatThrownBy(() -> Node.start(config))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("start a@host: this NodeConfig was started before (expected: a NodeConfig, with a"
                                + " transport and a resolver, for each start)");
                peer.connect(node.name(), MemoryNetwork.SOON);
            }
        }
    }

    private static NodeConfig config(String name, InMemoryNetwork network, Map<NodeName, InetSocketAddress> known) {
        return NodeConfig.builder(name)
                .transport(network.transport())
                .handshake(new FakeHandshakes("secret"))
                .resolver(NodeResolver.fixed(known))
                .build();
    }
}
