package io.hawser.peer;

import io.hawser.transport.Scheduler;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * When a connection needs a tick, and when its peer counts as dead: a tick after a quarter of the tick time without
 * anything written, death after one and a quarter of it without a byte received. Pure state: time is an argument.
 *
 * <p>Confined to the connection's event loop.
 *
 * @see Scheduler#nanoTime()
 */
final class Ticker {
    /** What is to be done at a check. */
    enum Action {
        NOTHING,
        TICK,
        TIMEOUT
    }

    private final long intervalNanos;
    private final long silenceNanos;
    private long lastReceived;
    private long lastCheck;

    /**
     * Starts to count.
     *
     * @param tickTime the net tick time
     * @param now the time
     */
    Ticker(Duration tickTime, long now) {
        intervalNanos = Math.max(1, tickTime.toNanos() / 4);
        silenceNanos = tickTime.toNanos() + intervalNanos;
        lastReceived = now;
        lastCheck = now;
    }

    void received(long now) {
        lastReceived = now;
    }

    /**
     * Says what is due.
     *
     * @param now the time
     * @param wroteSince asked at most once each quarter: whether anything was written since it was asked before
     * @return what to do
     */
    Action check(long now, BooleanSupplier wroteSince) {
        if (now - lastReceived >= silenceNanos) {
            return Action.TIMEOUT;
        }
        if (now - lastCheck < intervalNanos) {
            return Action.NOTHING;
        }
        lastCheck = now;
        return wroteSince.getAsBoolean() ? Action.NOTHING : Action.TICK;
    }

    /**
     * Returns how long it is until the next check.
     *
     * @param now the time
     * @return at least 1 nanosecond
     */
    Duration untilNextCheck(long now) {
        long untilTick = lastCheck + intervalNanos - now;
        long untilDeath = lastReceived + silenceNanos - now;
        return Duration.ofNanos(Math.max(1, Math.min(untilTick, untilDeath)));
    }
}
