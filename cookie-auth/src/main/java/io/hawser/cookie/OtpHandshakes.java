package io.hawser.cookie;

import io.hawser.handshake.Handshake;
import io.hawser.handshake.HandshakeContext;
import io.hawser.handshake.Handshakes;
import io.hawser.term.NodeName;
import java.util.function.Function;

/**
 * The handshakes with OTP's proof.
 *
 * @param cookies the cookie of a peer
 * @param challenges where ours come from
 */
record OtpHandshakes(Function<NodeName, Cookie> cookies, Challenges challenges) implements Handshakes {
    /** The proof as {@link io.hawser.handshake.Peer#proof()} has it. */
    static final String PROOF = "otp";

    @Override
    public Handshake initiator(HandshakeContext context) {
        NodeName dialled = context.dialled()
                .orElseThrow(() -> new IllegalArgumentException("initiator: no name was dialled (expected: one)"));
        return new InitiatorHandshake(context, dialled, cookies, challenges);
    }

    @Override
    public Handshake acceptor(HandshakeContext context) {
        return new AcceptorHandshake(context, cookies, challenges);
    }
}
