package io.hawser.cookie;

import io.hawser.term.NodeName;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a handshake must know of a peer once it has a name: whether the proof will do, and which cookies hold. Immutable but
 * for the tables it looks into.
 *
 * @param self this node
 * @param wanted which proofs are accepted
 * @param strong peers that were admitted by the strong proof
 * @param rings the cookies of a peer
 */
record ProofRules(NodeName self, CookieProof wanted, StrongPeers strong, Function<NodeName, CookieRing> rings) {
    /** Says why a peer is not admitted by a proof, whatever it knows. */
    Optional<String> refusal(NodeName peer, Proof proof) {
        if (proof.name().equals(StrongProof.NAME)) {
            return Optional.empty();
        }
        if (wanted == CookieProof.STRONG) {
            return Optional.of("does not speak " + StrongSession.PROTOCOL
                    + " (expected: it does): it is an Erlang node, or set to OTP's proof alone");
        }
        return strong.contains(self, peer)
                ? Optional.of("no longer speaks " + StrongSession.PROTOCOL
                        + ", by which it was admitted before (expected: it still does): another node shows its name, or it"
                        + " was replaced, which CookieHandshakes.forgetStrong allows")
                : Optional.empty();
    }

    /** Returns the cookies of a peer; empty if it has none. */
    Optional<CookieRing> cookies(NodeName peer) {
        return Optional.ofNullable(rings.apply(peer));
    }
}
