package io.hawser.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.epmd.NodeResolver;
import io.hawser.epmd.ResolverException;
import io.hawser.term.NodeName;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

final class UnreachableTest extends TwoNodes {
    private static final Duration LONGEST_DAMPING = Damping.MAX;

    private final TestNode b = node("b@host").start();

    private String failureOf(TestNode from) {
        var connected = from.peers.connect(b.atom).toCompletableFuture();
        time.advance(Duration.ofSeconds(8));
        assertThat(connected).isCompletedExceptionally();
        try {
            connected.join();
            throw new AssertionError("connected");
        } catch (CompletionException e) {
            String reason = String.valueOf(Objects.requireNonNull(e.getCause()).getMessage());
            assertThat(from.events).containsExactly("unreachable b@host: " + reason);
            return reason;
        }
    }

    @Test
    void saysThatANameIsNotKnown() {
        directory.addresses.remove(NodeName.parse("b@host"));
        assertThat(failureOf(node("a@host").start()))
                .isEqualTo("b@host: no node of that name is known (expected: that it runs and is registered)");
    }

    @Test
    void saysThatNothingListens() {
        TestNode a = node("a@host").start();
        directory.addresses.put(NodeName.parse("b@host"), new InetSocketAddress(InetAddress.getLoopbackAddress(), 9));
        assertThat(failureOf(a)).isEqualTo("b@host: 127.0.0.1:9: connection refused");
    }

    @Test
    void saysWhatTheDirectorySaid() {
        NodeResolver broken = new NodeResolver() {
            @Override
            public Optional<InetSocketAddress> resolve(NodeName name, Duration timeout) {
                throw new ResolverException("epmd at 127.0.0.1:4369: connection refused (is it running?)", null);
            }

            @Override
            public Optional<Long> publish(NodeName name, int port, Duration timeout) {
                return Optional.empty();
            }

            @Override
            public void close() {}
        };
        assertThat(failureOf(node("a@host").resolver(broken).start()))
                .isEqualTo("b@host: epmd at 127.0.0.1:4369: connection refused (is it running?)");
    }

    @Test
    void saysThatTheCookieIsAnother() {
        assertThat(failureOf(node("a@host").cookie("other").start()))
                .isEqualTo("b@host: closed after our reply (is its cookie another?)");
        assertThat(b.events).isEmpty();
    }

    @Test
    void givesUpAtTheDeadlineWhileLookingUp() {
        TestNode a = node("a@host").executor(task -> {}).start();
        var connected = a.peers.connect(b.atom).toCompletableFuture();
        time.advance(Duration.ofMillis(6999));
        assertThat(a.events).isEmpty();
        time.advance(Duration.ofMillis(1));
        assertThat(a.events)
                .containsExactly("unreachable b@host: b@host: not connected within 7000 ms, looking the name up");
        assertThat(connected).isNotDone(); // completes on the executor, which runs nothing here
    }

    @Test
    void givesUpAtTheDeadlineWhilePeerIsSilent() {
        TestNode a = node("a@host").start();
        stranger.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 7),
                io.hawser.transport.AcceptLimits.DEFAULT,
                RawPeer::new);
        directory.addresses.put(NodeName.parse("b@host"), new InetSocketAddress(InetAddress.getLoopbackAddress(), 7));
        String reason = failureOf(a);
        assertThat(reason).contains("within 7000 ms");
        assertThat(network.links()).isEmpty();
    }

    @Test
    void dropsWhatWasQueuedAndTriesAgainWithTheNextSend() {
        TestNode a = node("a@host").start();
        var address = directory.addresses.remove(NodeName.parse("b@host"));
        a.send(b, 1);
        time.runReady();
        assertThat(a.events).hasSize(1);
        directory.addresses.put(NodeName.parse("b@host"), address);
        a.send(b, 2);
        time.advance(LONGEST_DAMPING);
        assertThat(a.events).hasSize(2).last().isEqualTo("up b@host");
        assertThat(b.numbers()).containsExactly(2L);
    }

    @Test
    void doesNotHammerADeadNode() {
        List<NodeName> lookUps = new ArrayList<>();
        TestNode.Directory counting = new TestNode.Directory() {
            @Override
            public Optional<InetSocketAddress> resolve(NodeName name, Duration timeout) {
                lookUps.add(name);
                return Optional.empty();
            }
        };
        TestNode a = node("a@host").resolver(counting).start();
        for (int millis = 0; millis < 10_000; millis++) {
            a.send(b, millis);
            time.advance(Duration.ofMillis(1));
        }
        assertThat(lookUps).hasSizeBetween(9, 40);
        assertThat(a.events).hasSameSizeAs(lookUps);
    }

    @Test
    void connectTriesAtOnceEvenAfterAFailure() {
        TestNode a = node("a@host").start();
        var address = directory.addresses.remove(NodeName.parse("b@host"));
        a.send(b, 1);
        directory.addresses.put(NodeName.parse("b@host"), address);
        var connected = a.peers.connect(b.atom).toCompletableFuture();
        time.runReady();
        assertThat(connected).isCompleted();
    }

    @Test
    void boundsHowManyNodesAreDialledAtOnce() {
        TestNode a = node("a@host").executor(task -> {}).start();
        for (int i = 0; i <= PeerContext.MAX_DIALS; i++) {
            var signal = new io.hawser.dist.ControlMessage.Send(a.pid(1), b.pid(1));
            a.peers.send(NodeName.parse("n" + i + "@host").atom(), signal, io.hawser.term.Int.of(i));
        }
        assertThat(a.events)
                .containsExactly("unreachable n256@host: n256@host: 256 other nodes are being connected to already");
    }
}
