package io.hawser.cookie;

import java.time.Duration;

/**
 * How many wrong proofs a peer may give before it has to wait. A peer is a certificate's key at an address (for IPv6 the
 * address's first 64 bits); without TLS it is the address alone. Others are not affected, and a right proof clears the
 * count.
 *
 * <p>While it waits its connections are closed before anything is answered; peers that we dial are not told our name.
 * Immutable.
 *
 * @param failures how many wrong proofs are free
 * @param firstPause how long the first pause is; each further wrong proof doubles it
 * @param longestPause how long a pause can get; the count is forgotten when ten times as long nothing failed
 */
public record FailureBudget(int failures, Duration firstPause, Duration longestPause) {
    private static final Duration LONGEST = Duration.ofDays(1);

    /** 10 wrong proofs, then pauses of 250 milliseconds to 10 seconds. */
    public static final FailureBudget DEFAULT = new FailureBudget(10, Duration.ofMillis(250), Duration.ofSeconds(10));

    /**
     * Checks the numbers.
     *
     * @param failures at least 1
     * @param firstPause above zero
     * @param longestPause at least {@code firstPause}, at most a day
     * @throws IllegalArgumentException if one is out of range
     */
    public FailureBudget {
        if (failures < 1
                || firstPause.isNegative()
                || firstPause.isZero()
                || longestPause.compareTo(firstPause) < 0
                || longestPause.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("failure budget: " + failures + " failures, pauses of " + firstPause
                    + " to " + longestPause + " (expected: at least 1 failure, pauses above 0 and up to a day)");
        }
    }

    /** How long the pause after a number of failures is; nothing while they are within the budget. */
    long pauseNanos(int failed) {
        if (failed < failures) {
            return 0;
        }
        long pause = firstPause.toNanos();
        long longest = longestPause.toNanos();
        for (int i = failures; i < failed && pause < longest; i++) {
            pause *= 2;
        }
        return Math.min(pause, longest);
    }

    long forgottenAfterNanos() {
        return 10 * longestPause.toNanos();
    }
}
