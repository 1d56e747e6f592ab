package io.hawser.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** In virtual time: what is told of a peer whose bytes come at given times. */
final class SuspicionTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long QUARTER = 15 * SECOND;
    private static final long ORIGIN = Long.MAX_VALUE - 40 * SECOND; // nanoTime may start anywhere, and wrap

    private final Suspicion peer = new Suspicion(Duration.ofSeconds(60), ORIGIN);
    private long now = ORIGIN;
    private int told;

    /** Lets time pass, looking whenever a look is due. */
    private void pass(long nanos) {
        for (long left = nanos; left > 0; ) {
            long step = Math.min(left, Math.min(QUARTER, peer.untilLook(now)));
            peer.lookAt(now + step);
            now += step;
            left -= step;
            told += peer.look(now) ? 1 : 0;
        }
    }

    private void ticks(int count, long interval) {
        for (int i = 0; i < count; i++) {
            pass(interval);
            assertThat(peer.received(now, true)).isEqualTo(Suspicion.NO_NEWS);
        }
    }

    @Test
    void regularTicksGiveNoSuspicion() {
        var random = new SplittableRandom(7);
        for (int i = 0; i < 1000; i++) {
            ticks(1, QUARTER + random.nextLong(-SECOND, SECOND));
            assertThat(peer.phi(now)).isLessThan(0.1);
        }
        assertThat(told).isZero();
    }

    @Test
    void suspicionRisesSteadilyAndIsToldOnce() {
        ticks(10, QUARTER);
        double before = 0;
        for (int second = 0; second < 60; second++) {
            pass(SECOND);
            assertThat(peer.phi(now)).isGreaterThan(before);
            before = peer.phi(now);
            assertThat(peer.isSuspected()).isEqualTo(before >= Suspicion.SUSPECTED);
        }
        assertThat(told).isEqualTo(1);
        assertThat(before).isGreaterThan(100).isFinite();
        assertThat(peer.received(now, false)).isEqualTo(60 * SECOND);
        assertThat(peer.phi(now)).isLessThan(0.1);
        assertThat(peer.received(now, false)).isEqualTo(Suspicion.NO_NEWS);
    }

    @Test
    void suspectsAPeerThatTickedRegularlyAboutAQuarterLateAndBeforeItIsGivenUp() {
        ticks(40, QUARTER);
        pass(20 * SECOND);
        assertThat(told).isZero();
        pass(4 * SECOND);
        assertThat(told).isEqualTo(1);
    }

    @Test
    void aBurstMayEndInSilenceForTwoQuarters() {
        ticks(40, QUARTER);
        for (int i = 0; i < 100_000; i++) {
            pass(Duration.ofMillis(1).toNanos());
            peer.received(now, false);
        }
        pass(2 * QUARTER);
        assertThat(peer.phi(now)).isLessThan(1);
        pass(8 * SECOND);
        assertThat(told).isEqualTo(1);
    }

    @Test
    void whileBytesComeThereIsNoSuspicionWhateverTheirRhythm() {
        var random = new SplittableRandom(11);
        for (int i = 0; i < 10_000; i++) {
            pass(random.nextLong(1, 2 * QUARTER));
            peer.received(now, false);
        }
        assertThat(told).isZero();
    }

    @Test
    void learnsFromAPeerThatTicksMoreSeldom() {
        for (int i = 0; i < 60; i++) {
            pass(3 * QUARTER);
            peer.received(now, true);
        }
        int whileLearning = told;
        assertThat(whileLearning).isBetween(1, 30);
        for (int i = 0; i < 20; i++) {
            pass(3 * QUARTER);
            peer.received(now, true);
        }
        assertThat(told).isEqualTo(whileLearning);
    }

    /** A look that comes late finds that we were stopped: what the peer sent meanwhile lies in the socket. */
    @Test
    void ourOwnPauseIsNoSilenceOfThePeer() {
        ticks(10, QUARTER);
        pass(14 * SECOND);
        peer.lookAt(now + SECOND);
        now += 55 * SECOND; // stopped
        assertThat(peer.phi(now)).isLessThan(1); // whoever reads it before the event loop goes on
        assertThat(peer.lateness(now)).isEqualTo(54 * SECOND);
        told += peer.look(now) ? 1 : 0;
        assertThat(told).isZero();
        assertThat(peer.received(now, true)).isEqualTo(Suspicion.NO_NEWS);
        ticks(10, QUARTER);
        assertThat(told).isZero();
    }

    @Test
    void afterOurPauseAPeerThatIsGoneIsSuspectedStill() {
        ticks(10, QUARTER);
        peer.lookAt(now + QUARTER);
        now += 50 * SECOND;
        told += peer.look(now) ? 1 : 0;
        assertThat(told).isZero();
        pass(20 * SECOND);
        assertThat(told).isEqualTo(1);
    }

    @Test
    void aConnectionWeDoNotReadFromIsNotSilent() {
        ticks(10, QUARTER);
        for (int i = 0; i < 100; i++) {
            pass(QUARTER);
            peer.unread(now);
        }
        assertThat(told).isZero();
    }
}
