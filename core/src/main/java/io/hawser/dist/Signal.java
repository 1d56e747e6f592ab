package io.hawser.dist;

import io.hawser.term.Term;
import org.jspecify.annotations.Nullable;

/**
 * One signal that arrived. Immutable.
 *
 * @param control the control message
 * @param payload the message, reason or argument list; null for kinds that have none
 * @param wireBytes how many bytes of packets it took
 * @param heapBytes about how many bytes of heap its terms take, an undecoded payload not counted; {@code Integer.MAX_VALUE}
 *     for more than that
 * @param undecoded the payload of a large message, instead of {@code payload}; null if that is there, or there is none
 */
public record Signal(
        ControlMessage control,
        @Nullable Term payload,
        int wireBytes,
        int heapBytes,
        @Nullable UndecodedPayload undecoded) {
    /**
     * Makes a signal whose payload is decoded.
     *
     * @param control the control message
     * @param payload the message, reason or argument list; null for kinds that have none
     * @param wireBytes how many bytes of packets it took
     * @param heapBytes about how many bytes of heap its terms take
     */
    public Signal(ControlMessage control, @Nullable Term payload, int wireBytes, int heapBytes) {
        this(control, payload, wireBytes, heapBytes, null);
    }

    static int clamp(long heapBytes) {
        return (int) Math.min(Integer.MAX_VALUE, heapBytes);
    }
}
