package io.hawser.handshake;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * What to do after a packet of the handshake. Immutable.
 *
 * @param send packets to send, in order
 * @param lastSent what we send is in the connected phase after these packets
 * @param lastReceived what we receive is in the connected phase from the next packet on
 * @param admitted the peer, when it is admitted with this step; the handshake is then over
 */
public record Step(List<ByteBuffer> send, boolean lastSent, boolean lastReceived, Optional<Peer> admitted) {
    /** Nothing to do but wait. */
    public static final Step WAIT = new Step(List.of(), false, false, Optional.empty());

    /**
     * Copies the list.
     *
     * @param send packets to send; the list is copied
     * @param lastSent whether ours are over
     * @param lastReceived whether the peer's are over
     * @param admitted the peer, when admitted
     */
    public Step {
        send = List.copyOf(send);
    }

    /**
     * Makes a step that sends packets and goes on.
     *
     * @param packets what to send, in order
     * @return the step
     */
    public static Step send(ByteBuffer... packets) {
        return new Step(List.of(packets), false, false, Optional.empty());
    }
}
