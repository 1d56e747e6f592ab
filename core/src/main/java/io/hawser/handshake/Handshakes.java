package io.hawser.handshake;

import java.util.List;

/** Makes handshakes: the choice of how peers are admitted. Thread-safe. */
public interface Handshakes {
    /**
     * Returns the application protocols spoken besides OTP's handshake, for the transport to agree on with a peer. Which
     * one a connection has is in {@link io.hawser.transport.PeerIdentity#binding()}; a peer with which none was agreed on
     * gets OTP's handshake or is refused.
     *
     * @return their ids, the preferred one first; none unless overridden
     */
    default List<String> protocols() {
        return List.of();
    }

    /**
     * Returns whether every peer is refused with which none of the {@link #protocols()} was agreed on. A node with such a
     * handshake does not start on a transport that cannot agree on protocols.
     *
     * @return false unless overridden
     */
    default boolean requiresProtocol() {
        return false;
    }

    /**
     * Makes the handshake of a connection that this node dialled.
     *
     * @param context both ends of the connection; has a dialled name
     * @return the initiator's half
     */
    Handshake initiator(HandshakeContext context);

    /**
     * Makes the handshake of a connection that this node accepted.
     *
     * @param context both ends of the connection
     * @return the acceptor's half
     */
    Handshake acceptor(HandshakeContext context);
}
