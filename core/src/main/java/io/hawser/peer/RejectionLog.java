package io.hawser.peer;

import io.hawser.term.NodeName;
import io.hawser.term.Printable;
import io.hawser.transport.RefusalCode;
import io.hawser.transport.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs connections that were refused or broken off: at most {@value #LINES_PER_SECOND} lines a second, the next line
 * says how many were left out. A stranger who fails all day must not fill the disk.
 *
 * <p>Thread-safe.
 */
final class RejectionLog {
    static final int LINES_PER_SECOND = 10;

    /** Our sentence, with the names and the certificate subjects of a peer in it, each cut and escaped already. */
    private static final int MAX_REASON = 500;

    private static final Logger logger = LoggerFactory.getLogger(RejectionLog.class);

    private final NodeName self;
    private final LogLimit limit;

    RejectionLog(NodeName self, Scheduler scheduler) {
        this.self = self;
        this.limit = new LogLimit(LINES_PER_SECOND, scheduler::nanoTime);
    }

    /**
     * Writes a line, or counts it as left out.
     *
     * @param remote who is at the other end, as text of any origin
     * @param reason what went wrong, as text of any origin
     */
    void warn(String remote, String reason) {
        warn(remote, reason, null);
    }

    /**
     * Writes a line, or counts it as left out.
     *
     * @param remote who is at the other end, as text of any origin
     * @param reason what went wrong, as text of any origin
     * @param code the stable name of the reason, if it has one
     */
    void warn(String remote, String reason, @Nullable RefusalCode code) {
        long left = limit.admit();
        if (left < 0) {
            return;
        }
        var event = logger.atWarn()
                .addKeyValue("node", self)
                .addKeyValue("remote", Printable.sentence(remote, MAX_REASON))
                .addKeyValue("reason", Printable.sentence(reason, MAX_REASON));
        if (code != null) {
            event = event.addKeyValue("code", code.name()).addKeyValue("layer", code.layer());
        }
        if (left > 0) {
            event = event.addKeyValue("leftOut", left);
        }
        event.log("Connection refused or broken off");
    }
}
