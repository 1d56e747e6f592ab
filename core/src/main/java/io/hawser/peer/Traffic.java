package io.hawser.peer;

/**
 * How much was carried. Ticks and handshakes are not counted. Immutable.
 *
 * @param messagesIn signals received
 * @param messagesOut signals handed to the transport or waiting for it
 * @param bytesIn bytes of the packets received, lengths included
 * @param bytesOut bytes of the packets handed to the transport, lengths included
 */
public record Traffic(long messagesIn, long messagesOut, long bytesIn, long bytesOut) {
    /** Nothing yet. */
    public static final Traffic NONE = new Traffic(0, 0, 0, 0);

    /**
     * Adds another's numbers.
     *
     * @param other the other
     * @return the sums
     */
    public Traffic plus(Traffic other) {
        return new Traffic(
                messagesIn + other.messagesIn,
                messagesOut + other.messagesOut,
                bytesIn + other.bytesIn,
                bytesOut + other.bytesOut);
    }
}
