package io.hawser.epmd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.term.NodeName;
import io.hawser.testing.Await;
import io.hawser.testing.EpmdProcess;
import io.hawser.testing.Interop;
import io.hawser.testing.OtpNode;
import io.hawser.testing.Ports;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Our client at a real epmd, and real nodes at our server. */
@Interop
class EpmdInteropTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final NodeName A = NodeName.parse("a@a.orga.test");

    private static NodeResolver resolver(int epmdPort) {
        return NodeResolver.epmd(EpmdOptions.builder()
                .port(epmdPort)
                .hosts(node -> Loopback.ADDRESS)
                .retryInterval(Duration.ofMillis(100))
                .build());
    }

    private static OtpNode node(String name, int epmdPort) {
        return OtpNode.named(name)
                .hosts("a.orga.test", "b.orgb.test")
                .epmdPort(epmdPort)
                .start();
    }

    @Test
    @SuppressWarnings("try") // closing before the end is what happens here
    void usesARealEpmd() {
        int port = Ports.free();
        var epmd = EpmdProcess.start(port);
        try (var resolver = resolver(port);
                var rival = resolver(port)) {
            var client = EpmdClient.at(new InetSocketAddress(Loopback.ADDRESS, port));
            assertThat(resolver.publish(A, 1001, LONG))
                    .hasValueSatisfying(c -> assertThat(c).isPositive());
            assertThat(client.names(LONG)).containsExactly(Map.entry("a", 1001));
            assertThat(client.port("a", LONG)).hasValue(1001);
            assertThat(client.port("nobody", LONG)).isEmpty();
            assertThatThrownBy(() -> rival.publish(A, 1002, LONG)).hasMessageContaining("the name is taken at EPMD");

            epmd.close();
            epmd = EpmdProcess.start(port);
            Await.until(
                    LONG, "a is registered again", () -> client.port("a", LONG).isPresent());
            resolver.close();
            Await.until(LONG, "a is withdrawn", () -> client.names(LONG).isEmpty());
        } finally {
            epmd.close();
        }
    }

    @Test
    void findsAnOtpNodeAndIsFoundByOne() {
        try (var b = node("b@b.orgb.test", 0);
                var resolver = resolver(b.epmdPort())) {
            assertThat(resolver.resolve(NodeName.parse("b@b.orgb.test"), LONG)).isPresent();
            resolver.publish(A, 1001, LONG);
            assertThat(b.eval("erl_epmd:port_please(\"a\", {127,0,0,1})")).isEqualTo("{port,1001,6}");
        }
    }

    @Test
    void otpNodesUseOurServerAsTheirEpmd() {
        try (var epmd = EmbeddedEpmd.start(0)) {
            int port = epmd.address().getPort();
            try (var a = node("a@a.orga.test", port);
                    var b = node("b@b.orgb.test", port)) {
                assertThat(a.eval("net_adm:ping('b@b.orgb.test')")).isEqualTo("pong");
                assertThat(b.eval("nodes()")).isEqualTo("['a@a.orga.test']");
                assertThat(b.eval("{ok, N} = erl_epmd:names({127,0,0,1}), lists:sort([X || {X, _} <- N])"))
                        .isEqualTo("[\"a\",\"b\"]");
                assertThat(EpmdClient.at(epmd.address()).names(LONG)).containsOnlyKeys("a", "b");
                assertThatThrownBy(() -> node("a@a.orga.test", port)).hasMessageContaining("seems to be in use");
                a.kill();
                Await.until(
                        LONG,
                        "a is forgotten",
                        () -> EpmdClient.at(epmd.address()).port("a", LONG).isEmpty());
            }
        }
    }

    @Test
    @SuppressWarnings("try") // closing before the end is what happens here
    void anOtpNodeRegistersAgainWithTheServerThatTakesOver() {
        int port = Ports.free();
        try (var first = resolver(port);
                var second = resolver(port)) {
            first.publish(NodeName.parse("first@h"), 1001, LONG);
            second.publish(NodeName.parse("second@h"), 1002, LONG);
            try (var a = node("a@a.orga.test", port)) {
                String creation = a.eval("erlang:system_info(creation)");
                first.close();
                Await.until(LONG, "a is found at the new server", () -> isKnown(second, A));
                assertThat(a.eval("erlang:system_info(creation)")).isEqualTo(creation);
            }
        }
    }

    private static boolean isKnown(NodeResolver resolver, NodeName name) {
        try {
            return resolver.resolve(name, LONG).isPresent();
        } catch (ResolverException e) {
            return false; // nobody has taken over yet
        }
    }
}
