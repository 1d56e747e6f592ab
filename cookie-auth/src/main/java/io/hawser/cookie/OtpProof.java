package io.hawser.cookie;

import io.hawser.handshake.HandshakeException;
import io.hawser.handshake.HandshakeException.Reason;
import io.hawser.term.NodeName;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The proof that every Erlang node knows: MD5 of the cookie and the other side's 32-bit challenge.
 *
 * @see <a href="https://www.erlang.org/doc/apps/erts/erl_dist_protocol.html#distribution-handshake">Distribution
 *     handshake</a>
 */
final class OtpProof implements Proof {
    static final String NAME = "otp";

    private final NodeName self;
    private final Challenges challenges;

    private long challenge;
    private boolean drawn; // the challenge, and it is still known
    private long theirChallenge;
    private byte[] sentDigest = {};
    private byte[] expectedDigest = {};
    private String peer = "";
    private CookieRing.@Nullable Held offered;

    OtpProof(NodeName self, Challenges challenges) {
        this.self = self;
        this.challenges = challenges;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean takesOldNames() {
        return true;
    }

    @Override
    public ByteBuffer challenge(Introduction acceptor) {
        draw();
        return new Challenge(acceptor.flags(), challenge, acceptor.creation(), acceptor.name()).encode();
    }

    @Override
    public Introduction readChallenge(ByteBuffer packet) {
        var theirs = Challenge.decode(packet);
        theirChallenge = theirs.challenge();
        return new Introduction(theirs.name(), theirs.creation(), theirs.flags());
    }

    @Override
    public ByteBuffer reply(Introduction initiator, Introduction acceptor, CookieRing ring) {
        peer = acceptor.name();
        if (challenges.isOurs(self, theirChallenge)) {
            throw wrong("challenge is one of our own (expected: a new one)");
        }
        draw();
        CookieRing.Held cookie = ring.offered();
        offered = cookie;
        sentDigest = Digest.of(cookie.bytes(), theirChallenge);
        expectedDigest = Digest.of(cookie.bytes(), challenge);
        return new ChallengeReply(challenge, sentDigest).encode();
    }

    @Override
    public ByteBuffer acknowledge(Introduction initiator, Introduction acceptor, CookieRing ring, ByteBuffer packet) {
        var reply = ChallengeReply.decode(packet);
        peer = initiator.name();
        if (challenges.isOurs(self, reply.challenge())) {
            throw wrong("challenge is one of our own (expected: a new one)");
        }
        CookieRing.Held cookie = ring.match(held -> Digest.matches(Digest.of(held.bytes(), challenge), reply.digest()))
                .orElseThrow(() -> wrong("challenge reply digest does not match the cookie"));
        cookie.usedToAccept();
        return new ChallengeAck(Digest.of(cookie.bytes(), reply.challenge())).encode();
    }

    @Override
    public void judge(ByteBuffer packet) {
        var ack = ChallengeAck.decode(packet);
        if (offered == null) {
            throw new IllegalStateException(peer + ": ack before the reply");
        }
        if (Digest.matches(sentDigest, ack.digest())) {
            throw wrong("challenge ack holds our own digest (expected: one of our challenge)");
        }
        if (!Digest.matches(expectedDigest, ack.digest())) {
            throw wrong("challenge ack digest does not match the cookie");
        }
        offered.usedToDial();
    }

    @Override
    public void over() {
        if (drawn) {
            drawn = false;
            challenges.forget(self, challenge);
        }
    }

    private void draw() {
        challenge = challenges.draw(self);
        drawn = true;
    }

    private HandshakeException wrong(String message) {
        return new HandshakeException(Reason.COOKIE, peer + ": " + message);
    }
}
