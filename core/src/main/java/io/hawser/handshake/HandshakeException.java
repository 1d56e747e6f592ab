package io.hawser.handshake;

import io.hawser.transport.RefusalCode;
import java.nio.ByteBuffer;
import java.util.List;

/** A peer is not admitted. Its connection is closed, after the farewell is sent. */
public final class HandshakeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why a peer is not admitted, for callers that branch. */
    public enum Reason implements RefusalCode {
        /** A packet is malformed or out of turn. */
        PROTOCOL,
        /** The cookie proof is wrong, or the peer closed when it saw ours. */
        COOKIE,
        /** The name is ill-formed, not the one dialled, or not one the peer's certificate may carry. */
        NAME_MISMATCH,
        /** A mandatory distribution flag is missing. */
        FLAGS,
        /** One side does not want the other ({@code not_allowed}). */
        NOT_ALLOWED,
        /** Another connection to the same peer goes on instead ({@code nok}, or a stale {@code alive}). */
        SUPERSEDED;

        @Override
        public Layer layer() {
            return this == NAME_MISMATCH ? Layer.NAME : Layer.HANDSHAKE;
        }
    }

    /** For callers that branch. */
    private final Reason reason;

    private final transient List<ByteBuffer> farewell;

    /**
     * Makes the exception.
     *
     * @param reason why
     * @param message where, what was found, what was expected, for our log; not sent to the peer
     * @param farewell packets to send before the connection is closed, such as a status
     */
    public HandshakeException(Reason reason, String message, ByteBuffer... farewell) {
        super(message);
        this.reason = reason;
        this.farewell = List.of(farewell);
    }

    /**
     * Returns why the peer is not admitted.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }

    /**
     * Returns what to send before closing.
     *
     * @return packets in order, often none
     */
    public List<ByteBuffer> farewell() {
        return farewell;
    }
}
