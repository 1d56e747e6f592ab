package io.hawser.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.transport.InMemoryLink;
import io.hawser.transport.Scheduler;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

    /** Time for a process that can be stopped: what comes due meanwhile is done late. */
    private static final class Stoppable implements Scheduler {
        private final Scheduler time;
        private final List<Runnable> late = new ArrayList<>();
        private boolean stopped;

        Stoppable(Scheduler time) {
            this.time = time;
        }

        @Override
        public long nanoTime() {
            return time.nanoTime();
        }

        @Override
        public Cancellable schedule(Duration delay, Runnable task) {
            return time.schedule(delay, () -> {
                if (stopped) {
                    late.add(task);
                } else {
                    task.run();
                }
            });
        }

        void goOn() {
            stopped = false;
            late.forEach(Runnable::run);
        }
    }

    /** A pause of the garbage collector, say: the peer ticked all the while, and that lies in the socket. */
    @Test
    void ourOwnPauseNeitherSuspectsNorClosesAPeerWhoseBytesWait() {
        var process = new Stoppable(time);
        TestNode c = new TestNode.Builder("c@host", network.transport(), process, directory)
                .tickTime(TICK_TIME)
                .start();
        RawPeer peer = connect(c, "x@host");
        process.stopped = true;
        network.links().forEach(InMemoryLink::stall);
        for (int second = 0; second < 20; second++) {
            time.advance(Duration.ofSeconds(1));
            peer.tick();
        }
        process.goOn(); // looks at the time first
        time.runReady();
        network.links().forEach(InMemoryLink::resume);
        for (int second = 0; second < 20; second++) {
            peer.tick();
            time.advance(Duration.ofSeconds(1));
        }
        assertThat(c.suspicions).isEmpty();
        assertThat(c.events).containsExactly("up x@host");
        time.advance(Duration.ofSeconds(5));
        assertThat(c.suspicions).containsExactly(true);
        assertThat(c.events).containsExactly("up x@host", "down x@host: net_tick_timeout");
    }

    @Test
    void suspectsASilentPeerAndTrustsItWhenAnyByteComes() {
        RawPeer peer = connect(b, "x@host");
        time.advance(Duration.ofSeconds(4));
        assertThat(b.suspicions).containsExactly(true);
        assertThat(b.connectionTo(peerNode()).vitals().suspected()).isTrue();
        peer.write(ByteBuffer.wrap(new byte[] {0}));
        time.runReady();
        assertThat(b.suspicions).containsExactly(true, false);
        assertThat(b.connectionTo(peerNode()).vitals().phi()).isLessThan(0.1);
    }

    private TestNode peerNode() {
        return node("x@host").make(); // never started: its name counts
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
