package io.hawser.cookie;

import io.hawser.handshake.ConnectionArbiter;
import io.hawser.handshake.DistFlag;
import io.hawser.handshake.Handshake;
import io.hawser.handshake.HandshakeContext;
import io.hawser.handshake.HandshakeException;
import io.hawser.term.NodeName;
import io.hawser.transport.ChannelBinding;
import io.hawser.transport.ChannelSecurity;
import io.hawser.transport.PeerIdentity;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Two nodes and what a handshake between them needs. The initiator is {@code a@x.test}, the acceptor {@code b@x.test}. */
final class Fixture {
    static final NodeName A = NodeName.parse("a@x.test");
    static final NodeName B = NodeName.parse("b@x.test");
    static final long CREATION_A = 0xA000_0001L;
    static final long CREATION_B = 0xB000_0002L;
    static final long CHALLENGE_A = 0xFFFF_FFF0L;
    static final long CHALLENGE_B = 7L;
    static final Cookie COOKIE = cookie("monster");

    private Fixture() {}

    static final byte[] NONCE_A = counted(0);
    static final byte[] NONCE_B = counted(32);
    static final byte[] CERTIFICATE_A = ascii("the certificate of a");
    static final byte[] CERTIFICATE_B = ascii("the certificate of b");
    static final ChannelBinding BINDING_OF_A = ChannelBinding.of(StrongSession.PROTOCOL, CERTIFICATE_A, CERTIFICATE_B);
    static final ChannelBinding BINDING_OF_B = ChannelBinding.of(StrongSession.PROTOCOL, CERTIFICATE_B, CERTIFICATE_A);

    private static final byte[] PROOF_OF_A = session().proof(StrongSession.Role.INITIATOR, COOKIE.bytes());
    private static final byte[] PROOF_OF_B = session().proof(StrongSession.Role.ACCEPTOR, COOKIE.bytes());

    /** A peer at an address. */
    record FakePeer(Optional<String> refused, Optional<ChannelBinding> binding, Optional<InetAddress> origin)
            implements PeerIdentity {
        FakePeer(Optional<String> refused) {
            this(refused, Optional.empty(), Optional.empty());
        }

        @Override
        public Optional<String> refusal(NodeName name) {
            return refused;
        }

        @Override
        public boolean isVerified() {
            return false;
        }

        @Override
        public Optional<ChannelSecurity> security() {
            return Optional.empty();
        }

        @Override
        public String description() {
            return "127.0.0.1:40000";
        }
    }

    /** A peer with a certificate. */
    record VerifiedPeer() implements PeerIdentity {
        @Override
        public Optional<String> refusal(NodeName name) {
            return Optional.empty();
        }

        @Override
        public boolean isVerified() {
            return true;
        }

        @Override
        public Optional<ChannelSecurity> security() {
            return Optional.empty();
        }

        @Override
        public String description() {
            return "a@x.test at 127.0.0.1:40000";
        }
    }

    /** Answers what it is told to, and keeps the names it was asked about. */
    static final class FakeArbiter implements ConnectionArbiter {
        final List<NodeName> claims = new ArrayList<>();
        Verdict verdict = Verdict.OK;
        boolean stillWanted = true;

        @Override
        public Verdict onClaim(NodeName peer, long flags) {
            claims.add(peer);
            return verdict;
        }

        @Override
        public boolean isStillWanted() {
            return stillWanted;
        }
    }

    static HandshakeContext contextOfA(ConnectionArbiter arbiter) {
        return new HandshakeContext(
                A, CREATION_A, DistFlag.RECOMMENDED_VISIBLE, Optional.of(B), new FakePeer(Optional.empty()), arbiter);
    }

    static HandshakeContext contextOfB(ConnectionArbiter arbiter) {
        return new HandshakeContext(
                B, CREATION_B, DistFlag.RECOMMENDED_HIDDEN, Optional.empty(), new FakePeer(Optional.empty()), arbiter);
    }

    /** A node that dials B, on a connection of which the transport says so much. */
    static HandshakeContext dialling(NodeName self, PeerIdentity peer) {
        return new HandshakeContext(
                self, CREATION_A, DistFlag.RECOMMENDED_VISIBLE, Optional.of(B), peer, new FakeArbiter());
    }

    /** B, on a connection of which the transport says so much. */
    static HandshakeContext accepting(PeerIdentity peer) {
        return new HandshakeContext(
                B, CREATION_B, DistFlag.RECOMMENDED_HIDDEN, Optional.empty(), peer, new FakeArbiter());
    }

    /** A peer with which the strong proof was agreed on, or not. */
    static PeerIdentity bound(@Nullable ChannelBinding binding) {
        return new FakePeer(Optional.empty(), Optional.ofNullable(binding), Optional.empty());
    }

    static Handshake strongInitiator() {
        Handshake handshake = strong(COOKIE, NONCE_A).initiator(dialling(A, bound(BINDING_OF_A)));
        handshake.start();
        return handshake;
    }

    static Handshake strongAcceptor() {
        Handshake handshake = strong(COOKIE, NONCE_B).acceptor(accepting(bound(BINDING_OF_B)));
        handshake.start();
        return handshake;
    }

    static CookieHandshakes strong(Cookie cookie, byte[] nonce) {
        return CookieHandshakes.builder(CookieRing.of(cookie))
                .proof(CookieProof.STRONG)
                .nonces(nonce::clone)
                .build();
    }

    static ByteBuffer strongChallenge() {
        return new StrongChallenge(new Introduction(B.toString(), CREATION_B, DistFlag.RECOMMENDED_HIDDEN), NONCE_B)
                .encode();
    }

    static ByteBuffer strongReply() {
        return new StrongReply(NONCE_A, PROOF_OF_A).encode();
    }

    static ByteBuffer strongAck() {
        return new StrongAck(PROOF_OF_B).encode();
    }

    private static StrongSession session() {
        var a = new Introduction(A.toString(), CREATION_A, DistFlag.RECOMMENDED_VISIBLE);
        var b = new Introduction(B.toString(), CREATION_B, DistFlag.RECOMMENDED_HIDDEN);
        return StrongSession.of(
                StrongSession.side(a, NONCE_A, BINDING_OF_A.ownCertificate()),
                StrongSession.side(b, NONCE_B, BINDING_OF_A.peerCertificate()));
    }

    private static byte[] counted(int first) {
        var bytes = new byte[StrongSession.NONCE_BYTES];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (first + i);
        }
        return bytes;
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static HandshakeContext refused(HandshakeContext context, String refusal) {
        return new HandshakeContext(
                context.self(),
                context.creation(),
                context.flags(),
                context.dialled(),
                new FakePeer(Optional.of(refusal)),
                context.arbiter());
    }

    /** A cookie, however weak. */
    static Cookie cookie(String text) {
        return Cookie.of(text, CookieWeakness.values());
    }

    static CookieHandshakes handshakes(Cookie cookie, long challenge) {
        return handshakes(name -> CookieRing.of(cookie), new Challenges(() -> (int) challenge));
    }

    static CookieHandshakes handshakes(Function<NodeName, CookieRing> cookies, Challenges challenges) {
        return CookieHandshakes.builder(cookies).challenges(challenges).build();
    }

    /** A started initiator with the fixture's cookie and challenge; its send_name was taken. */
    static Handshake initiator(ConnectionArbiter arbiter) {
        Handshake handshake = handshakes(COOKIE, CHALLENGE_A).initiator(contextOfA(arbiter));
        handshake.start();
        return handshake;
    }

    /** A started acceptor with the fixture's cookie and challenge. */
    static Handshake acceptor(ConnectionArbiter arbiter) {
        Handshake handshake = handshakes(COOKIE, CHALLENGE_B).acceptor(contextOfB(arbiter));
        handshake.start();
        return handshake;
    }

    static ByteBuffer sendName() {
        return new SendName(false, DistFlag.RECOMMENDED_VISIBLE, CREATION_A, A.toString()).encode();
    }

    static ByteBuffer oldSendName() {
        return new SendName(true, DistFlag.RECOMMENDED_VISIBLE, 0, A.toString()).encode();
    }

    static ByteBuffer complement() {
        return new Complement(DistFlag.RECOMMENDED_VISIBLE >>> 32, CREATION_A).encode();
    }

    static ByteBuffer status(String text) {
        return Status.encode(text);
    }

    static ByteBuffer challenge() {
        return new Challenge(DistFlag.RECOMMENDED_HIDDEN, CHALLENGE_B, CREATION_B, B.toString()).encode();
    }

    static ByteBuffer reply() {
        return new ChallengeReply(CHALLENGE_A, Digest.of(COOKIE.bytes(), CHALLENGE_B)).encode();
    }

    static ByteBuffer ack() {
        return new ChallengeAck(Digest.of(COOKIE.bytes(), CHALLENGE_A)).encode();
    }

    static IntSupplier counter() {
        var next = new int[] {1000};
        return () -> next[0]++;
    }

    static byte[] bytes(ByteBuffer packet) {
        var bytes = new byte[packet.remaining()];
        packet.duplicate().get(bytes);
        return bytes;
    }

    /** The packet with more bytes behind it. */
    static ByteBuffer longer(ByteBuffer packet, int by) {
        return ByteBuffer.allocate(packet.remaining() + by)
                .put(packet.duplicate())
                .rewind();
    }

    static ByteBuffer edited(ByteBuffer packet, UnaryOperator<byte[]> edit) {
        return ByteBuffer.wrap(edit.apply(bytes(packet)));
    }

    /** The statuses a refused peer is told, as text. */
    static List<String> farewells(HandshakeException refusal) {
        return refusal.farewell().stream()
                .map(packet -> new String(bytes(packet), StandardCharsets.ISO_8859_1))
                .toList();
    }
}
