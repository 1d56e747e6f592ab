package io.hawser.examples.attack;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.cookie.Cookie;
import io.hawser.cookie.CookieHandshakes;
import io.hawser.examples.attack.Mint.Coin;
import io.hawser.term.NodeName;
import io.hawser.tls.NameBinding;
import io.hawser.tls.TlsEngine;
import io.hawser.transport.ChannelBinding;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A node that was admitted rightly as {@code c} and has both sides show certificates again, as honest ones do when theirs have
 * had their time, to become somebody else, to stay, or to cost us something. Another node, {@code b}, does not notice.
 */
@ParameterizedClass
@EnumSource(names = {"BORINGSSL", "JDK"})
class RenewalAttackTest {
    private static final String STRONG = "hawser-strong-1";
    private static final NodeName A = NodeName.parse("a@a.orga.test");
    private static final NodeName C = NodeName.parse("c@c.orga.test");
    private static final Mint MINT = Mint.root("Orga Root");
    private static final Coin OF_C = MINT.honest(C.toString());
    private static final Coin REVOKED_OF_C = MINT.honest(C.toString());

    private static final byte BEGIN = 2;
    private static final byte GO = 3;
    private static final byte PROOF = 4;
    private static final byte[] NONCE = new byte[32];

    @TempDir
    private static Path directory;

    private final TlsEngine engine;
    private final List<Impostor> sessions = new ArrayList<>();

    private Victim a;
    private Victim b;

    RenewalAttackTest(TlsEngine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void start() throws Exception {
        var lists = MINT.crl(REVOKED_OF_C.certificate());
        Path files = directory.resolve("a");
        a = Victim.start(MINT.identity(files, MINT.honest(A.toString()), NameBinding.FULL, lists), engine);
        b = Victim.start(MINT.identity(directory, "b@b.orga.test"), engine).believes(A, a.address());
        assertThat(b.node().ping(A, Victim.SOON)).isTrue();
    }

    @AfterEach
    void stop() throws Exception {
        try {
            assertThat(b.node().ping(A, Victim.SOON)).isTrue();
            assertThat(a.node().connections())
                    .as("all that b did was on one connection")
                    .isNotEmpty();
        } finally {
            for (Impostor session : sessions) {
                session.close();
            }
            b.close();
            a.close();
        }
    }

    private Impostor admitted() throws Exception {
        Impostor session = Impostor.dial(a.address(), OF_C, STRONG);
        sessions.add(session);
        var handshakes = CookieHandshakes.strong(Cookie.of(Victim.COOKIE));
        assertThat(Proving.initiator(session, handshakes, C.toString(), A.toString())
                        .isAdmitted())
                .isTrue();
        return session;
    }

    /** Ends the old session, and returns the victim's nonce. */
    private static byte[] begin(Impostor session) throws IOException {
        session.say(packet(BEGIN, NONCE));
        return heard(session, GO);
    }

    private static byte[] packet(byte kind, byte[] content) {
        return ByteBuffer.allocate(2 + content.length)
                .put((byte) 'H')
                .put(kind)
                .put(content)
                .array();
    }

    private static byte[] heard(Impostor session, byte kind) {
        while (true) { // what a node says to one that is admitted comes first
            Optional<byte[]> packet = session.hear();
            byte[] found = packet.orElseThrow(() -> new AssertionError("closed"));
            if (found.length > 2 && found[0] == 'H' && found[1] == kind) {
                return Arrays.copyOfRange(found, 2, found.length);
            }
        }
    }

    private Impostor again(Impostor session, Coin shown) throws IOException {
        Impostor next = session.again(shown, STRONG);
        sessions.add(next);
        return next;
    }

    /** As {@code Renewal} says it is made: under both nonces, over who sends it and the certificates. */
    private static byte[] proof(Impostor session, byte[] victimsNonce) throws Exception {
        ChannelBinding binding = ChannelBinding.of(
                STRONG,
                session.socket().getSession().getLocalCertificates()[0].getEncoded(),
                session.socket().getSession().getPeerCertificates()[0].getEncoded());
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(
                ByteBuffer.allocate(64).put(NONCE).put(victimsNonce).array(), "HmacSHA256"));
        mac.update("hawser renewal 1D".getBytes(US_ASCII));
        mac.update(binding.ownCertificate());
        return mac.doFinal(binding.peerCertificate());
    }

    private Impostor renewed(Impostor session) throws Exception {
        byte[] nonce = begin(session);
        Impostor next = again(session, MINT.honest(C.toString()));
        next.say(packet(PROOF, proof(next, nonce)));
        heard(next, PROOF);
        return next;
    }

    private void assertThatItGoes(Impostor session, String code, String sentence) {
        assertThat(a.ending()).startsWith(code + " ").contains(sentence);
        Optional<byte[]> last = session.hear();
        while (last.isPresent()) { // what was said before
            last = session.hear();
        }
    }

    @Test
    void whoShowsANewCertificateOfItsOwnGoesOnButMayNotMakeAHabitOfIt() throws Exception {
        Impostor session = admitted();
        for (int i = 0; i < 4; i++) {
            session = renewed(session);
        }
        assertThat(a.node().connections()).hasSize(2);
        session.trySay(packet(BEGIN, NONCE));
        assertThatItGoes(session, "RENEWAL_FAILED", "wanted too often (expected: 4 times in 60000 ms at most)");
    }

    @Test
    void nobodyBecomesAnotherNode() throws Exception {
        Impostor session = admitted();
        begin(session);
        Impostor next = again(session, MINT.honest("d@d.orga.test"));
        assertThatItGoes(next, "NAME_MISMATCH", "is for d@d.orga.test (expected: c@c.orga.test");
    }

    @Test
    void nobodyComesBackWithTheCertificateOfAnotherOrganisation() throws Exception {
        Impostor session = admitted();
        begin(session);
        Impostor next = again(session, Mint.root("Orgb Root").honest(C.toString()));
        assertThatItGoes(next, "UNTRUSTED_ROOT", "not issued by a CA we trust");
    }

    @Test
    void nobodyComesBackWithARevokedCertificate() throws Exception {
        Impostor session = admitted();
        begin(session);
        Impostor next = again(session, REVOKED_OF_C);
        assertThatItGoes(next, "CERTIFICATE_REVOKED", "the peer's certificate is revoked");
    }

    /** Somebody on the path with a certificate for c, but without what was said in the old session. */
    @Test
    void whoTakesOverTheConnectionInBetweenIsNotLetIn() throws Exception {
        Impostor session = admitted();
        begin(session);
        Impostor next = again(session, MINT.honest(C.toString()));
        next.trySay(packet(PROOF, proof(next, new byte[32])));
        assertThatItGoes(next, "RENEWAL_FAILED", "the proof is not of who was connected before");
    }

    @Test
    void nothingIsHeardBeforeTheProof() throws Exception {
        Impostor session = admitted();
        begin(session);
        Impostor next = again(session, MINT.honest(C.toString()));
        next.trySay(new byte[] {(byte) 131, 104, 0});
        assertThatItGoes(next, "RENEWAL_FAILED", "a packet of 3 bytes (expected: PROOF first)");
    }

    @Test
    void whatIsSaidOutOfTurnEndsTheConnection() throws Exception {
        for (byte kind : new byte[] {1, GO, PROOF, 9}) {
            Impostor session = admitted();
            session.trySay(packet(kind, kind == 1 ? new byte[0] : NONCE));
            assertThatItGoes(session, "RENEWAL_FAILED", "packet of kind " + kind + " while NONE");
        }
        Impostor session = admitted();
        session.trySay(packet(BEGIN, new byte[31]));
        assertThatItGoes(session, "RENEWAL_FAILED", "packet of kind 2 while NONE");
    }

    @Test
    void whoStopsAnywhereIsClosedWithinSeconds() throws Exception {
        Impostor beforeTls = admitted();
        begin(beforeTls);
        assertThatItGoes(beforeTls, "RENEWAL_FAILED", "not done within 3000 ms");

        Impostor session = admitted();
        begin(session);
        Impostor beforeProof = again(session, MINT.honest(C.toString()));
        heard(beforeProof, PROOF);
        assertThatItGoes(beforeProof, "RENEWAL_FAILED", "not done within 3000 ms");
    }
}
