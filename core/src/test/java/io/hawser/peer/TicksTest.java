package io.hawser.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class TicksTest extends TwoNodes {
    private static final Duration TICK_TIME = Duration.ofSeconds(4);

    private final TestNode b =
            node("b@host").tickTime(TICK_TIME).budget(100).share(200).start();

    @Test
    void ticksAfterEachQuarterWithoutTraffic() {
        RawPeer peer = connect(b, "x@host");
        for (int second = 1; second <= 12; second++) {
            time.advance(Duration.ofSeconds(1));
            assertThat(peer.ticks).isEqualTo(second);
            peer.tick();
        }
        assertThat(b.events).containsExactly("up x@host");
    }

    @Test
    void doesNotTickInAQuarterInWhichSomethingWasWritten() {
        TestNode a = node("a@host").tickTime(TICK_TIME).start();
        RawPeer peer = connect(b, "x@host");
        time.advance(Duration.ofMillis(500));
        var to = new io.hawser.dist.ControlMessage.Link(b.pid(1), a.pid(1));
        b.peers.send(io.hawser.term.Atom.of("x@host"), to, null);
        time.advance(Duration.ofMillis(501));
        assertThat(peer.packetSizes).hasSize(1);
        assertThat(peer.ticks).isZero();
        time.advance(Duration.ofSeconds(1));
        assertThat(peer.ticks).isEqualTo(1);
    }

    @Test
    void givesASilentPeerUpAfterOneAndAQuarterTickTimes() {
        connect(b, "x@host");
        time.advance(Duration.ofMillis(4999));
        assertThat(b.events).containsExactly("up x@host");
        time.advance(Duration.ofMillis(1));
        assertThat(b.events).containsExactly("up x@host", "down x@host: net_tick_timeout");
    }

    @Test
    void anyByteCountsAsLife() {
        RawPeer peer = connect(b, "x@host");
        time.advance(Duration.ofSeconds(4));
        peer.write(ByteBuffer.wrap(new byte[] {0})); // the first byte of a length
        time.advance(Duration.ofMillis(4999));
        assertThat(b.events).containsExactly("up x@host");
        time.advance(Duration.ofMillis(2));
        assertThat(b.events).hasSize(2);
    }

    @Test
    void silenceDoesNotCountWhileReadingIsPaused() {
        b.keepsCharges = true;
        TestNode a = node("a@host").start(); // its own tick time is long
        a.send(b, 1, TestNode.bytes(200));
        time.runReady();
        time.advance(Duration.ofMinutes(1));
        assertThat(b.events).containsExactly("up a@host");
        b.connectionTo(a).consumed(b.uncharged.get(0));
        time.advance(Duration.ofMillis(4900));
        assertThat(b.events).containsExactly("up a@host");
    }

    @Test
    void idleNodesKeepTheirConnection() {
        TestNode a = node("a@host").start();
        TestNode c = node("c@host").start();
        a.send(c, 1);
        time.advance(Duration.ofMinutes(30));
        assertThat(a.events).containsExactly("up c@host");
        assertThat(c.events).containsExactly("up a@host");
    }
}
