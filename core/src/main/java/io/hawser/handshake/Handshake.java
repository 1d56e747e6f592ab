package io.hawser.handshake;

import java.nio.ByteBuffer;

/**
 * One side of one handshake: a state machine that does no I/O, owns no thread and reads no clock. After it has thrown, or
 * admitted the peer, it is not used again.
 *
 * <p>Confined to the connection's event loop.
 *
 * @see <a href="https://www.erlang.org/doc/apps/erts/erl_dist_protocol.html#distribution-handshake">Distribution
 *     handshake</a>
 */
public interface Handshake {
    /**
     * Begins.
     *
     * @return what to send first
     * @throws HandshakeException if the peer is not admitted
     */
    Step start();

    /**
     * Takes a packet.
     *
     * @param packet the packet without its length
     * @return what to do next
     * @throws HandshakeException if the peer is not admitted
     */
    Step onPacket(ByteBuffer packet);

    /**
     * The connection closed, whoever closed it and why, and the handshake is over. Called once, unless the handshake has
     * thrown or the peer was admitted; afterwards it is not used again. Says what it means if it was the peer that closed
     * it, for the log and for callers waiting.
     *
     * @return the reason and a sentence, such as that a close after the challenge reply means another cookie
     */
    HandshakeException onClosed();
}
