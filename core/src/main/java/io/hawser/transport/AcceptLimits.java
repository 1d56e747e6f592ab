package io.hawser.transport;

import java.time.Duration;

/**
 * Ceilings for connections that are not admitted yet. Immutable.
 *
 * @param setupDeadline how long a connection may take from accept to {@linkplain Connection#admitted() admitted}
 * @param maxPending how many connections may be on their way in total; a further one displaces the oldest of
 *     the address that has the most
 * @param maxPendingPerAddress how many of them may come from one address; a further one displaces its oldest
 */
public record AcceptLimits(Duration setupDeadline, int maxPending, int maxPendingPerAddress) {
    /** 7 seconds as OTP's {@code net_setuptime}, 256 connections in total, 64 from one address. */
    public static final AcceptLimits DEFAULT = new AcceptLimits(Duration.ofSeconds(7), 256, 64);

    /**
     * Checks the limits.
     *
     * @param setupDeadline longer than nothing
     * @param maxPending at least 1
     * @param maxPendingPerAddress at least 1
     * @throws IllegalArgumentException if one is below its floor
     */
    public AcceptLimits {
        if (setupDeadline.isNegative() || setupDeadline.isZero() || maxPending < 1 || maxPendingPerAddress < 1) {
            throw new IllegalArgumentException("accept limits: deadline " + setupDeadline + ", pending " + maxPending
                    + ", per address " + maxPendingPerAddress + " (expected: each above 0)");
        }
    }
}
