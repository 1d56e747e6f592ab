package io.hawser.transport;

/**
 * A stable name for why a peer is refused, for logs, metrics and callers that branch. Implemented by enums, so that
 * {@link #name()} is the constant's. The sentence that goes with it may change; the code does not.
 */
public interface RefusalCode {
    /**
     * Returns the code.
     *
     * @return such as {@code CERTIFICATE_REVOKED}
     */
    String name();

    /**
     * Returns where the peer was refused.
     *
     * @return the layer
     */
    Layer layer();

    /** What found the fault, in the order in which a connection passes. */
    enum Layer {
        /** Our own decision whom to dial. */
        DIAL,
        /** TLS itself: versions, suites, sizes, what is no TLS at all. */
        TLS,
        /** The path from the peer's certificate to a root of ours. */
        PATH,
        /** The peer's own certificate: what it may be used for, its key, its life. */
        LEAF,
        /** The names in it, and what the CA above it may name. */
        NAME,
        /** Revocation lists. */
        REVOCATION,
        /** The list of nodes there are, and of certificates that are denied. */
        ROSTER,
        /** The distribution handshake. */
        HANDSHAKE
    }
}
