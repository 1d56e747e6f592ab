package io.hawser.cookie;

/** Which proofs of the cookie are accepted and given. */
public enum CookieProof {
    /** OTP's alone, with every peer, even if both sides know better. */
    OTP,
    /** The strong one alone: Erlang nodes are refused, and the transport must be TLS. */
    STRONG,
    /**
     * The strong one with every peer that speaks it, OTP's with the others. A peer that was once admitted by the strong one
     * is not admitted by OTP's, until the node restarts or {@link CookieHandshakes#forgetStrong} is called.
     */
    AUTO
}
