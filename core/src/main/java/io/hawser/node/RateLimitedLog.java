package io.hawser.node;

import io.hawser.peer.LogLimit;
import org.slf4j.Logger;

/** Logs at most one line a second, and says how many it left out: what peers cause must not fill a disk. Thread-safe. */
final class RateLimitedLog {
    private static final int LINES_PER_SECOND = 1;

    private final Logger logger;
    private final LogLimit limit = new LogLimit(LINES_PER_SECOND, System::nanoTime);

    RateLimitedLog(Logger logger) {
        this.logger = logger;
    }

    void warn(String format, Object... arguments) {
        long leftOut = limit.admit();
        if (leftOut >= 0) {
            logger.atWarn().addKeyValue("leftOut", leftOut).log(format, arguments);
        }
    }
}
