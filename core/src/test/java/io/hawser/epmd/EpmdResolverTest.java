package io.hawser.epmd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.term.NodeName;
import io.hawser.testing.Await;
import io.hawser.testing.Ports;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EpmdResolverTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final NodeName A = NodeName.parse("a@a.orga.test");
    private static final NodeName B = NodeName.parse("b@b.orgb.test");

    private final int port = Ports.free();
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable closeable : opened) {
            closeable.close();
        }
    }

    private EpmdOptions.Builder options() {
        return EpmdOptions.builder().port(port).hosts(node -> Loopback.ADDRESS).retryInterval(Duration.ofMillis(50));
    }

    private NodeResolver resolver(EpmdOptions.Builder options) {
        NodeResolver resolver = NodeResolver.epmd(options.build());
        opened.add(resolver);
        return resolver;
    }

    private EmbeddedEpmd server() {
        EmbeddedEpmd server = EmbeddedEpmd.start(port);
        opened.add(server);
        return server;
    }

    private static boolean finds(NodeResolver resolver, NodeName name, int port) {
        try {
            return resolver.resolve(name, LONG).equals(Optional.of(new InetSocketAddress(Loopback.ADDRESS, port)));
        } catch (ResolverException e) {
            return false; // no EPMD yet
        }
    }

    @Test
    void startsAnEpmdWhereNoneListensAndSharesIt() {
        var first = resolver(options());
        var second = resolver(options());
        assertThat(first.publish(A, 1001, LONG)).isPresent();
        assertThat(second.publish(B, 1002, LONG)).isPresent();
        assertThat(finds(second, A, 1001)).isTrue();
        assertThat(finds(first, B, 1002)).isTrue();
        assertThat(first.resolve(NodeName.parse("c@c"), LONG)).isEmpty();
    }

    @Test
    void publishesSeveralNodes() {
        var resolver = resolver(options());
        long first = resolver.publish(A, 1001, LONG).orElseThrow();
        assertThat(resolver.publish(B, 1002, LONG).orElseThrow()).isGreaterThan(first);
        assertThat(finds(resolver, A, 1001)).isTrue();
        assertThat(finds(resolver, B, 1002)).isTrue();
    }

    @Test
    void saysThatANameIsTaken() {
        resolver(options()).publish(A, 1001, LONG);
        var second = resolver(options());
        assertThatThrownBy(() -> second.publish(A, 1002, LONG))
                .isInstanceOf(ResolverException.class)
                .hasMessage("a@a.orga.test: the name is taken at EPMD 127.0.0.1:" + port
                        + " (expected: a free name; stop the other node or choose another name)");
    }

    @Test
    void needsAnEpmdThatRunsWhenToldNotToStartOne() {
        var resolver = resolver(options().embedded(false));
        assertThatThrownBy(() -> resolver.publish(A, 1001, LONG))
                .hasMessage("127.0.0.1:" + port + ": no EPMD listens there, registering a@a.orga.test"
                        + " (expected: EPMD; start it with 'epmd -daemon', or check host and port)");
        assertThatThrownBy(() -> resolver.resolve(A, LONG))
                .hasMessageContaining("no EPMD listens there, looking up a ");
    }

    @Test
    void withdrawsWhenClosed() {
        var server = server();
        var resolver = resolver(options());
        resolver.publish(A, 1001, LONG);
        resolver.close();
        resolver.close();
        var client = EpmdClient.at(server.address());
        Await.until(LONG, "a is withdrawn", () -> client.names(LONG).isEmpty());
        assertThatThrownBy(() -> resolver.publish(A, 1001, LONG)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void registersAgainWhenEpmdComesBack() {
        var server = server();
        var resolver = resolver(options().embedded(false));
        resolver.publish(A, 1001, LONG);
        resolver.publish(B, 1002, LONG);
        server.close();
        var client = EpmdClient.at(server().address());
        Await.until(
                LONG, "a and b are registered again", () -> client.names(LONG).size() == 2);
        assertThat(finds(resolver, A, 1001)).isTrue();
        assertThat(finds(resolver, B, 1002)).isTrue();
    }

    @Test
    void takesOverWhenTheProcessThatHostsEpmdGoes() {
        var host = resolver(options());
        host.publish(A, 1001, LONG);
        var others = new ArrayList<NodeResolver>();
        for (int i = 0; i < 4; i++) {
            others.add(resolver(options()));
            others.get(i).publish(NodeName.parse("n" + i + "@h"), 2000 + i, LONG);
        }
        host.close();
        // one of them gets the port, and all are registered there
        Await.until(LONG, "all find each other", () -> {
            for (NodeResolver other : others) {
                for (int i = 0; i < 4; i++) {
                    if (!finds(other, NodeName.parse("n" + i + "@h"), 2000 + i)) {
                        return false;
                    }
                }
            }
            return true;
        });
        assertThat(others.get(0).resolve(A, LONG)).isEmpty();
    }

    @Test
    void goesOnTryingWhileAnotherHasItsName() throws Exception {
        var server = server();
        var resolver = resolver(options().embedded(false));
        resolver.publish(A, 1001, LONG);
        server.close();
        var client = EpmdClient.at(server().address());
        EpmdClient.Registration thief = stealOrNull(client);
        if (thief != null) { // otherwise the node was faster
            thief.channel().close();
        }
        Await.until(LONG, "a is registered again", () -> client.port("a", LONG).equals(OptionalInt.of(1001)));
    }

    private static EpmdClient.@Nullable Registration stealOrNull(EpmdClient client) {
        try {
            return client.register(A, 6666, LONG);
        } catch (ResolverException e) {
            return null;
        }
    }

    @Test
    void endsItsThreadWhenClosed() {
        var resolver = resolver(options());
        resolver.publish(A, 1001, LONG);
        assertThat(threads()).hasSize(2);
        resolver.close();
        assertThat(threads()).isEmpty();
    }

    private List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("hawser-epmd") && name.endsWith("-" + port))
                .toList();
    }

    @Test
    void asksLoopbackWhenTheHostIsThisMachineAndNothingListensAtItsAddress() throws Exception {
        InetAddress alsoHere = InetAddress.getByAddress(new byte[] {127, 0, 0, 2});
        var resolver = resolver(options().hosts(node -> alsoHere));
        resolver.publish(A, 1001, LONG);
        assertThat(resolver.resolve(A, LONG)).hasValue(new InetSocketAddress(alsoHere, 1001));
    }

    @Test
    void saysThatAHostIsUnknown() {
        var resolver = resolver(options().hosts(node -> {
            throw new UnknownHostException(node.host());
        }));
        assertThatThrownBy(() -> resolver.resolve(A, LONG))
                .isInstanceOf(ResolverException.class)
                .hasMessage("a@a.orga.test: host a.orga.test is unknown (expected: a name that resolves)");
    }

    @Test
    void checksItsOptions() {
        assertThatThrownBy(() -> EpmdOptions.builder().port(0)).hasMessage("EPMD port: 0 (expected: 1 to 65535)");
        assertThatThrownBy(() -> EpmdOptions.builder().retryInterval(Duration.ZERO))
                .hasMessage("retryInterval: PT0S (expected: > 0)");
        assertThat(EpmdOptions.fromEnvironment(null).build().port()).isEqualTo(4369);
        assertThat(EpmdOptions.fromEnvironment("5000").build().port()).isEqualTo(5000);
        assertThatThrownBy(() -> EpmdOptions.fromEnvironment("x"))
                .hasMessage("ERL_EPMD_PORT: 'x' (expected: 1 to 65535)");
        var resolver = resolver(options());
        assertThatThrownBy(() -> resolver.publish(A, 0, LONG))
                .hasMessage("a@a.orga.test: port 0 (expected: 1 to 65535)");
    }
}
