package io.hawser.node;

import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;

/** Logs at most one line a second, and says how many it left out: what peers cause must not fill a disk. Thread-safe. */
final class RateLimitedLog {
    private static final long PAUSE_NANOS = 1_000_000_000;

    private final Logger logger;
    private final AtomicLong nextNanos = new AtomicLong(System.nanoTime());
    private final AtomicLong leftOut = new AtomicLong();

    RateLimitedLog(Logger logger) {
        this.logger = logger;
    }

    void warn(String format, Object... arguments) {
        long now = System.nanoTime();
        long next = nextNanos.get();
        if (now - next < 0 || !nextNanos.compareAndSet(next, now + PAUSE_NANOS)) {
            leftOut.incrementAndGet();
            return;
        }
        logger.atWarn().addKeyValue("leftOut", leftOut.getAndSet(0)).log(format, arguments);
    }
}
