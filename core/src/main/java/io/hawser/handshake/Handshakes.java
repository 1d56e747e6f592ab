package io.hawser.handshake;

/** Makes handshakes: the choice of how peers are admitted. Thread-safe. */
public interface Handshakes {
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
