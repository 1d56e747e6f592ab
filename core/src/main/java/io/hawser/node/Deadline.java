package io.hawser.node;

import java.time.Duration;

/** Points in {@link System#nanoTime}. */
final class Deadline {
    private Deadline() {}

    /** Returns the time that long from now; some centuries at most. */
    static long after(Duration timeout) {
        Duration longest = Duration.ofNanos(Long.MAX_VALUE / 2);
        long nanos = timeout.compareTo(longest) > 0 ? longest.toNanos() : Math.max(0, clamped(timeout));
        return System.nanoTime() + nanos;
    }

    /** Returns how long it is until then; zero if it has passed. */
    static Duration left(long deadlineNanos) {
        return Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
    }

    private static long clamped(Duration timeout) {
        return timeout.isNegative() ? 0 : timeout.toNanos();
    }
}
