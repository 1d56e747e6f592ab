package io.hawser.cluster;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.spi.LoggingEventBuilder;
import org.slf4j.spi.NOPLoggingEventBuilder;

/**
 * Logs a few lines a second, and says how many it left out: what peers cause must not fill a disk. Thread-safe: one lock for
 * each level.
 */
final class LimitedLog {
    private static final int LINES_PER_SECOND = 5;

    private final Logger logger;
    private final Limit warnings = new Limit();
    private final Limit details = new Limit();

    LimitedLog(Logger logger) {
        this.logger = logger;
    }

    /** A line that somebody should read; one that writes nothing if there were too many. */
    LoggingEventBuilder atWarn() {
        return warnings.limited(logger.atWarn());
    }

    /** A line for who looks closely. */
    LoggingEventBuilder atDebug() {
        return logger.isDebugEnabled() ? details.limited(logger.atDebug()) : NOPLoggingEventBuilder.singleton();
    }

    private static final class Limit {
        private final ReentrantLock lock = new ReentrantLock();
        private long second = System.nanoTime();
        private int lines;
        private long leftOut;

        LoggingEventBuilder limited(LoggingEventBuilder line) {
            long before = admit();
            if (before < 0) {
                return NOPLoggingEventBuilder.singleton();
            }
            return before == 0 ? line : line.addKeyValue("leftOut", before);
        }

        /** Returns how many were left out since the last that was not, or -1 to leave this one out too. */
        private long admit() {
            lock.lock();
            try {
                long now = System.nanoTime();
                if (now - second >= TimeUnit.SECONDS.toNanos(1)) {
                    second = now;
                    lines = 0;
                }
                if (lines == LINES_PER_SECOND) {
                    leftOut++;
                    return -1;
                }
                lines++;
                long before = leftOut;
                leftOut = 0;
                return before;
            } finally {
                lock.unlock();
            }
        }
    }
}
