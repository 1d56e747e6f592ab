package io.hawser.certs;

import java.time.Clock;
import java.util.function.ObjIntConsumer;

/**
 * How a store is used. Immutable.
 *
 * @param clock tells the time
 * @param dryRun whether everything is worked out but nothing written
 * @param allowGroupRead whether keys of mode 0640 are read
 * @param progress told about each node that was issued, with the number done
 */
public record StoreOptions(Clock clock, boolean dryRun, boolean allowGroupRead, ObjIntConsumer<NodeName> progress) {
    /**
     * Writes, and insists on keys that only their owner can read.
     *
     * @param clock tells the time
     * @return the usual options
     */
    public static StoreOptions of(Clock clock) {
        return new StoreOptions(clock, false, false, (node, done) -> {});
    }
}
