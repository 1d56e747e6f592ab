package io.hawser.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.dist.ControlMessage;
import io.hawser.epmd.NodeResolver;
import io.hawser.epmd.ResolverException;
import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.NodeName;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PeersTest extends TwoNodes {
    private final TestNode a = node("a@host").start();
    private final TestNode b = node("b@host").start();

    @Test
    void connectsWhenSomethingIsSentAndDeliversInOrder() {
        a.send(b, 1);
        a.send(b, 2);
        time.runReady();
        a.send(b, 3);
        time.runReady();
        assertThat(b.numbers()).containsExactly(1L, 2L, 3L);
        assertThat(a.events).containsExactly("up b@host");
        assertThat(b.events).containsExactly("up a@host");
        b.send(a, 4);
        time.runReady();
        assertThat(a.numbers()).containsExactly(4L);
        assertThat(network.links()).hasSize(1);
    }

    @Test
    void countsMessagesThoseThatWaitedForTheConnectionToo() {
        a.send(b, 1);
        a.send(b, 2);
        time.runReady();
        a.send(b, 3);
        a.peers.send(Atom.of("b@host"), new ControlMessage.Link(a.pid(1), b.pid(1)), null);
        assertThat(a.connectionTo(b).messagesOut()).isEqualTo(3);
        assertThat(b.connectionTo(a).messagesOut()).isZero();
    }

    @Test
    void usesTheCreationTheDirectoryAssigned() {
        assertThat(a.peers.creation()).isEqualTo(1000L + a.peers.address().getPort());
        a.send(b, 1);
        time.runReady();
        assertThat(b.connectionTo(a).peer().creation()).isEqualTo(a.peers.creation());
    }

    @Test
    void makesACreationWhereNoDirectoryAssignsOne() {
        try (TestNode c = node("c@host").resolver(new Silent(Optional.empty())).start()) {
            assertThat(c.peers.creation()).isBetween(4L, 0xFFFF_FFFFL);
        }
    }

    @Test
    void cleansUpWhenThePublicationFails() {
        TestNode c = node("c@host")
                .resolver(new Silent(Optional.of("c@host: name taken")))
                .make();
        assertThatThrownBy(c.peers::start).isInstanceOf(ResolverException.class).hasMessage("c@host: name taken");
        assertThatThrownBy(c.peers::address).isInstanceOf(IllegalStateException.class);
        a.send(c, 1);
        time.advance(Duration.ofSeconds(1));
        assertThat(a.events).singleElement().asString().startsWith("unreachable c@host: c@host: ");
    }

    private record Silent(Optional<String> refusal) implements NodeResolver {
        @Override
        public Optional<InetSocketAddress> resolve(NodeName name, Duration timeout) {
            return Optional.empty();
        }

        @Override
        public Optional<Long> publish(NodeName name, int port, Duration timeout) {
            refusal.ifPresent(message -> {
                throw new ResolverException(message, null);
            });
            return Optional.empty();
        }

        @Override
        public void close() {}
    }

    @Test
    void refusesAtOnceWhatCanNeverBeConnected() {
        for (String name : new String[] {"nonode", "a@host", "b@host.example.org"}) {
            a.peers.send(Atom.of(name), new ControlMessage.Send(a.pid(1), b.pid(1)), Int.of(1));
        }
        assertThat(a.events)
                .containsExactly(
                        "unreachable nonode: nonode: is no node name, node name: 'nonode' (expected: alive@host)",
                        "unreachable a@host: a@host: is this node itself (expected: another node)",
                        "unreachable b@host.example.org: b@host.example.org: is a long name, this node's a@host is"
                                + " short (expected: both -name or both -sname)");
        assertThat(a.peers.connect(Atom.of("nonode")).toCompletableFuture()).isCompletedExceptionally();
    }

    @Test
    void disconnectsOnceAndConnectsAgain() {
        a.send(b, 1);
        time.runReady();
        assertThat(a.peers.disconnect(b.atom)).isTrue();
        assertThat(a.peers.disconnect(b.atom)).isFalse();
        a.send(b, 2);
        time.runReady();
        assertThat(a.events).containsExactly("up b@host", "down b@host: b@host: disconnected", "up b@host");
        assertThat(b.events).containsExactly("up a@host", "down a@host: the peer closed the connection", "up a@host");
        assertThat(b.numbers()).containsExactly(1L, 2L);
    }

    @Test
    void connectCompletesWhenTheConnectionIsUp() {
        var connected = a.peers.connect(b.atom).toCompletableFuture();
        assertThat(connected).isNotDone();
        time.runReady();
        assertThat(connected).isCompleted();
        assertThat(a.peers.connect(b.atom).toCompletableFuture()).isCompleted();
    }

    @Test
    void answersNeverConnect() {
        a.peers.answer(b.atom, 1, new ControlMessage.Send(a.pid(1), b.pid(1)), Int.of(1));
        time.advance(Duration.ofSeconds(10));
        assertThat(a.events).isEmpty();
        a.send(b, 2);
        time.runReady();
        a.peers.answer(b.atom, a.connectionTo(b).id(), new ControlMessage.Send(a.pid(1), b.pid(1)), Int.of(3));
        time.runReady();
        assertThat(b.numbers()).containsExactly(2L, 3L);
    }

    @Test
    void closesOrderlyAndReportsOnce() {
        a.send(b, 1);
        time.runReady();
        a.send(b, 2);
        a.close();
        a.close();
        time.runReady();
        a.send(b, 3);
        assertThat(b.numbers()).containsExactly(1L, 2L);
        assertThat(a.events)
                .containsExactly(
                        "up b@host",
                        "down b@host: b@host: this node is closed",
                        "unreachable b@host: b@host: this node is closed");
        assertThat(b.events).containsExactly("up a@host", "down a@host: the peer closed the connection");
        assertThat(a.peers.connect(b.atom).toCompletableFuture()).isCompletedExceptionally();
    }

    @Test
    void forgetsNodesWithoutAConnection() {
        for (int i = 0; i < 500; i++) {
            a.peers.send(Atom.of("dead" + i + "@host"), new ControlMessage.Send(a.pid(1), b.pid(1)), Int.of(1));
        }
        assertThat(a.events).hasSize(500);
        time.advance(Duration.ofSeconds(2));
        assertThat(a.peers.routeCount()).isZero();
    }
}
