package io.hawser.cookie;

import io.hawser.cookie.StrongSession.Role;
import io.hawser.handshake.HandshakeException;
import io.hawser.handshake.HandshakeException.Reason;
import io.hawser.transport.ChannelBinding;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The proof between Hawser nodes, bound to both names and to the certificates of this connection: {@code PROTOCOL.md}. */
final class StrongProof implements Proof {
    static final String NAME = "strong";

    private final ChannelBinding binding;
    private final byte[] nonce;

    private byte[] theirNonce = {};
    private String peer = "";
    private @Nullable StrongSession session;
    private CookieRing.@Nullable Held offered;

    /** @param nonces draws 32 bytes that nobody can foretell, new ones at each call */
    StrongProof(ChannelBinding binding, Supplier<byte[]> nonces) {
        this.binding = binding;
        this.nonce = nonces.get();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean takesOldNames() {
        return false;
    }

    @Override
    public ByteBuffer challenge(Introduction acceptor) {
        return new StrongChallenge(acceptor, nonce).encode();
    }

    @Override
    public Introduction readChallenge(ByteBuffer packet) {
        var theirs = StrongChallenge.decode(packet);
        theirNonce = theirs.nonce();
        return theirs.acceptor();
    }

    @Override
    public ByteBuffer reply(Introduction initiator, Introduction acceptor, CookieRing ring) {
        peer = acceptor.name();
        var agreed = StrongSession.of(
                StrongSession.side(initiator, nonce, binding.ownCertificate()),
                StrongSession.side(acceptor, theirNonce, binding.peerCertificate()));
        CookieRing.Held cookie = ring.offered();
        session = agreed;
        offered = cookie;
        return new StrongReply(nonce, agreed.proof(Role.INITIATOR, cookie.bytes())).encode();
    }

    @Override
    public ByteBuffer acknowledge(Introduction initiator, Introduction acceptor, CookieRing ring, ByteBuffer packet) {
        var reply = StrongReply.decode(packet);
        peer = initiator.name();
        if (Digest.matches(nonce, reply.nonce())) {
            throw wrong("nonce is our own (expected: a new one)");
        }
        var agreed = StrongSession.of(
                StrongSession.side(initiator, reply.nonce(), binding.peerCertificate()),
                StrongSession.side(acceptor, nonce, binding.ownCertificate()));
        CookieRing.Held cookie = ring.match(
                        held -> Digest.matches(agreed.proof(Role.INITIATOR, held.bytes()), reply.proof()))
                .orElseThrow(() -> wrong("strong reply proves none of our cookies on this connection"));
        cookie.usedToAccept();
        return new StrongAck(agreed.proof(Role.ACCEPTOR, cookie.bytes())).encode();
    }

    @Override
    public void judge(ByteBuffer packet) {
        var ack = StrongAck.decode(packet);
        if (session == null || offered == null) {
            throw new IllegalStateException("strong ack before the reply");
        }
        if (!Digest.matches(session.proof(Role.ACCEPTOR, offered.bytes()), ack.proof())) {
            throw wrong("strong ack does not prove the cookie on this connection");
        }
        offered.usedToDial();
    }

    @Override
    public void over() {
        // nonces are never drawn again, so there is nothing to forget
    }

    private HandshakeException wrong(String message) {
        return new HandshakeException(Reason.COOKIE, peer + ": " + message);
    }
}
