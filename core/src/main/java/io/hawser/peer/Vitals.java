package io.hawser.peer;

/**
 * How a connection is doing, at the moment it was asked. Immutable.
 *
 * @param dialled whether this node made it
 * @param ageNanos how long it has been up
 * @param queuedBytes bytes that wait to leave
 * @param unreadBytes about how many bytes of heap its messages take that lie in mailboxes
 * @param paused whether it is not read from, because of those
 * @param sinceReceivedNanos how long ago bytes came last
 * @param sinceSentNanos how long ago bytes were handed to the transport last
 * @param phi how sure it is that the peer is gone, see {@link Suspicion}
 * @param suspected whether that counts as gone
 */
public record Vitals(
        boolean dialled,
        long ageNanos,
        long queuedBytes,
        long unreadBytes,
        boolean paused,
        long sinceReceivedNanos,
        long sinceSentNanos,
        double phi,
        boolean suspected) {
    /** Those of a connection about which nothing is known. */
    public static final Vitals UNKNOWN = new Vitals(false, 0, 0, 0, false, 0, 0, 0, false);
}
