package io.hawser.node;

import io.hawser.transport.Surroundings;
import java.time.Duration;

/**
 * When to wait no longer. Immutable.
 *
 * @param surroundings whose time it is in
 * @param nanos a {@link Surroundings#nanoTime()}
 */
record Deadline(Surroundings surroundings, long nanos) {
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 2);

    /** Returns the time that long from now; some centuries at most. */
    static Deadline after(Surroundings surroundings, Duration timeout) {
        return new Deadline(
                surroundings, surroundings.nanoTime() + countable(timeout).toNanos());
    }

    /** Returns how long it is until then; zero if it has passed. */
    Duration left() {
        return Duration.ofNanos(Math.max(0, nanos - surroundings.nanoTime()));
    }

    /** Returns a timeout that can be counted in nanoseconds: zero at least, some centuries at most. */
    static Duration countable(Duration timeout) {
        if (timeout.isNegative()) {
            return Duration.ZERO;
        }
        return timeout.compareTo(LONGEST) > 0 ? LONGEST : timeout;
    }
}
