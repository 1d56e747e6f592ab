package io.hawser.peer;

import java.time.Duration;
import java.util.SplittableRandom;

/**
 * How long after a failure sends do not dial again: doubles with each from {@link #MIN} to {@link #MAX}, jittered. Pure
 * state: time is an argument.
 *
 * <p>Guarded by the route's lock.
 */
final class Damping {
    static final Duration MIN = Duration.ofMillis(100);
    static final Duration MAX = Duration.ofSeconds(1);

    private static final int MOST_DOUBLINGS = 8; // far beyond the maximum

    private final SplittableRandom jitter;
    private int failures;
    private long until;

    /**
     * Begins without a failure.
     *
     * @param now the time
     * @param whose differs from route to route: then so do the delays, though the same times give the same again
     */
    Damping(long now, long whose) {
        until = now;
        jitter = new SplittableRandom(now ^ whose);
    }

    void failed(long now) {
        long nanos = Math.min(MAX.toNanos(), MIN.toNanos() << Math.min(failures++, MOST_DOUBLINGS));
        until = now + nanos - jitter.nextLong(nanos / 2);
    }

    void succeeded() {
        failures = 0;
    }

    boolean isOver(long now) {
        return until - now <= 0;
    }

    Duration left(long now) {
        return Duration.ofNanos(Math.max(1, until - now));
    }
}
