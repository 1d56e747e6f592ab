package io.hawser.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.testing.ManualScheduler;
import io.hawser.testing.RecordingHandler;
import io.hawser.tls.TestCa.Leaf;
import io.hawser.tls.TestCa.LeafSpec;
import io.hawser.transport.Connection;
import io.hawser.transport.TransportException;
import java.nio.ByteBuffer;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of connections that stand when what is trusted changes, or time passes. Each engine has to do the same. */
abstract class LiveCredentialsContract {
    private static final TestCa ROOT = TestCa.root("Orga Root");
    private static final TestCa ISSUING = ROOT.issuing("Orga Issuing");
    private static final List<X509CRL> LISTS = List.of(ROOT.crl(), ISSUING.crl());
    private static final TestCa OTHER_ROOT = TestCa.root("Orga Root 2");
    private static final TestCa PARTNER = TestCa.root("Orgb Root");
    private static final TestCa PARTNER_ISSUING = PARTNER.issuing("Orgb Issuing");
    private static final String A = "a@a.orga.test";
    private static final String B = "b@b.orga.test";
    private static final String C = "c@c.orga.test";

    private final ManualScheduler time = new ManualScheduler();
    private final Leaf leafOfA = ISSUING.issue(LeafSpec.node(A));
    private final Leaf leafOfB = ISSUING.issue(LeafSpec.node(B));
    private final Leaf leafOfC = ISSUING.issue(LeafSpec.node(C));
    private final List<TlsTransport> transports = new ArrayList<>();
    private Instant now = Instant.now();
    private final TlsCredentials ofB = TlsCredentials.of(identity(leafOfB, policy()));
    private TlsTransport b;
    private Joined withA;
    private Joined withC;

    abstract TlsEngine engine();

    private final Clock clock = new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    };

    private static TlsIdentity identity(Leaf leaf, TrustPolicy.Parts policy) {
        return TestCa.identity(leaf, policy);
    }

    private static TrustPolicy.Parts policy(TestCa... roots) {
        var certificates = new ArrayList<>(List.of(ROOT.certificate()));
        for (TestCa root : roots) {
            certificates.add(root.certificate());
        }
        var parts = new TrustPolicy.Parts(certificates, NameBinding.FULL);
        parts.crls = LISTS;
        return parts;
    }

    private static List<X509CRL> lists(X509Certificate... revoked) {
        return List.of(ROOT.crl(), ISSUING.crl(revoked));
    }

    @BeforeEach
    void connect() {
        b = start(ofB);
        withA = Joined.of(b, start(TlsCredentials.of(identity(leafOfA, policy()))), A);
        withC = Joined.of(start(TlsCredentials.of(identity(leafOfC, policy()))), b, B);
    }

    private TlsTransport start(TlsCredentials credentials) {
        TlsTransport made = TlsTransport.builder(credentials)
                .engine(engine())
                .time(time, clock)
                .build();
        transports.add(made);
        return made;
    }

    @AfterEach
    void close() {
        transports.forEach(TlsTransport::close);
    }

    private void change(Leaf leaf, TrustPolicy.Parts policy, CredentialPart... parts) {
        assertThat(ofB.replace(identity(leaf, policy))).containsExactlyInAnyOrder(parts);
        time.runReady();
    }

    private static void endsWith(RecordingHandler end, TlsRefusal code, String sentence) {
        TransportException cause = end.cause().orElseThrow();
        assertThat(cause.code()).contains(code);
        assertThat(cause.getMessage()).endsWith(": " + sentence);
    }

    /** A packet goes through, and the end was not told of a close before it. */
    private static void goesOn(Connection from, RecordingHandler to) {
        from.execute(() -> from.sendHandshake(ByteBuffer.wrap(new byte[] {1, 2, 3})));
        assertThat(to.packet()).containsExactly(1, 2, 3);
    }

    private void withAGoesOn() {
        goesOn(withA.dialler(), withA.accepted());
        goesOn(withA.acceptor(), withA.dialled());
    }

    private void withCGoesOn() {
        goesOn(withC.dialler(), withC.accepted());
        goesOn(withC.acceptor(), withC.dialled());
    }

    @Test
    void aRevokedPeerIsClosedWhicheverSideDialledAndTheRestGoesOn() {
        TrustPolicy.Parts revoking = policy();
        revoking.crls = lists(leafOfC.certificate());
        change(leafOfB, revoking, CredentialPart.REVOCATION_LISTS);
        endsWith(withC.accepted(), TlsRefusal.CERTIFICATE_REVOKED, "the peer's certificate is revoked");
        withAGoesOn();

        TrustPolicy.Parts both = policy();
        both.crls = lists(leafOfC.certificate(), leafOfA.certificate());
        change(leafOfB, both, CredentialPart.REVOCATION_LISTS);
        endsWith(withA.dialled(), TlsRefusal.CERTIFICATE_REVOKED, "the peer's certificate is revoked");
    }

    @Test
    void whoLeavesTheRosterIsClosedAndTheRestGoesOn() {
        TrustPolicy.Parts fewer = policy();
        fewer.roster = Set.of("spiffe://orga.test/node/a.orga.test/a", "spiffe://orga.test/node/b.orga.test/b");
        change(leafOfB, fewer, CredentialPart.ROSTER);
        endsWith(
                withC.accepted(),
                TlsRefusal.NOT_IN_ROSTER,
                "the peer's certificate is for c@c.orga.test (expected: one of the 2 nodes of the roster;"
                        + " one that was issued later is in the next export)");
        withAGoesOn();
    }

    @Test
    void whoIsDeniedIsClosedAndTheRestGoesOn() {
        TrustPolicy.Parts denying = policy();
        denying.denied = new DenyList(Set.of(), Set.of(DenyList.keyOf(leafOfA.certificate())));
        change(leafOfB, denying, CredentialPart.DENIED);
        assertThat(Joined.code(withA.dialled())).contains(TlsRefusal.DENIED);
        withCGoesOn();
    }

    @Test
    void aPartnerIsClosedWhenItsCrossCertificateGoes() {
        var cross = CrossCertificate.of("cross.pem", ROOT.cross(PARTNER, "orgb.test"), List.of(ROOT.certificate()));
        TrustPolicy.Parts withPartner = policy();
        withPartner.crossCertificates = List.of(cross);
        withPartner.crls = List.of(ROOT.crl(), ISSUING.crl(), PARTNER.crl(), PARTNER_ISSUING.crl());
        change(leafOfB, withPartner, CredentialPart.PARTNERS, CredentialPart.REVOCATION_LISTS);
        Leaf leaf = PARTNER_ISSUING.issue(LeafSpec.node("p@p.orgb.test", "orgb.test"));
        var partnersPolicy = new TrustPolicy.Parts(List.of(ROOT.certificate()), NameBinding.HOST);
        Joined partner = Joined.of(start(TlsCredentials.of(identity(leaf, partnersPolicy))), b, B);
        withAGoesOn();

        TrustPolicy.Parts without = policy();
        without.crls = withPartner.crls;
        change(leafOfB, without, CredentialPart.PARTNERS);
        assertThat(Joined.code(partner.accepted())).contains(TlsRefusal.UNTRUSTED_ROOT);
        withAGoesOn();
        withCGoesOn();
    }

    @Test
    void aRootThatGoesClosesWhatStoodOnIt() {
        change(leafOfB, policy(OTHER_ROOT), CredentialPart.ROOTS);
        var parts = new TrustPolicy.Parts(List.of(OTHER_ROOT.certificate()), NameBinding.FULL);
        parts.crls = List.of(OTHER_ROOT.crl());
        withAGoesOn();
        change(leafOfB, parts, CredentialPart.ROOTS, CredentialPart.REVOCATION_LISTS);
        assertThat(Joined.code(withA.dialled())).contains(TlsRefusal.UNTRUSTED_ROOT);
        assertThat(Joined.code(withC.accepted())).contains(TlsRefusal.UNTRUSTED_ROOT);
    }

    @Test
    void aNewCertificateOfOursIsShownToNewConnectionsAndOldOnesGoOn() {
        Leaf renewed = ISSUING.issue(LeafSpec.node(B));
        change(renewed, policy(), CredentialPart.OWN_CERTIFICATE);
        assertThat(ofB.generation()).isEqualTo(2);
        Joined later = Joined.of(start(TlsCredentials.of(identity(leafOfC, policy()))), b, B);
        assertThat(later.dialler().peer().security().orElseThrow().peerChain().get(0))
                .isEqualTo(renewed.certificate());
        assertThat(withC.dialler().peer().security().orElseThrow().peerChain().get(0))
                .isEqualTo(leafOfB.certificate());
        withAGoesOn();
        withCGoesOn();
    }

    @Test
    void aConnectionOnARevokedCertificateOfOursIsClosed() {
        Leaf renewed = ISSUING.issue(LeafSpec.node(B));
        TrustPolicy.Parts revoking = policy();
        revoking.crls = lists(leafOfB.certificate());
        change(renewed, revoking, CredentialPart.OWN_CERTIFICATE, CredentialPart.REVOCATION_LISTS);
        endsWith(withA.dialled(), TlsRefusal.OWN_CERTIFICATE_REVOKED, "our certificate is revoked");
        endsWith(withC.accepted(), TlsRefusal.OWN_CERTIFICATE_REVOKED, "our certificate is revoked");
    }

    @Test
    void aCertificateThatEndsClosesItsConnections() {
        Leaf shortLived =
                ISSUING.issue(LeafSpec.node("d@d.orga.test").validFrom(now.minusSeconds(600), now.plusSeconds(3600)));
        Joined withD = Joined.of(start(TlsCredentials.of(identity(shortLived, policy()))), b, B);
        now = now.plusSeconds(3590);
        time.advance(Duration.ofSeconds(1));
        goesOn(withD.dialler(), withD.accepted());
        now = now.plusSeconds(20);
        time.advance(Duration.ofSeconds(1));
        endsWith(
                withD.accepted(),
                TlsRefusal.CERTIFICATE_EXPIRED,
                "the peer's certificate expired at "
                        + shortLived.certificate().getNotAfter().toInstant());
        withAGoesOn();
    }

    @Test
    void ourOwnCertificateThatEndsClosesItsConnections() {
        Leaf shortLived = ISSUING.issue(LeafSpec.node(B).validFrom(now.minusSeconds(600), now.plusSeconds(3600)));
        change(shortLived, policy(), CredentialPart.OWN_CERTIFICATE);
        Joined onShort = Joined.of(start(TlsCredentials.of(identity(leafOfC, policy()))), b, B);
        change(leafOfB, policy(), CredentialPart.OWN_CERTIFICATE);
        now = now.plusSeconds(3601);
        time.advance(Duration.ofSeconds(1));
        endsWith(
                onShort.accepted(),
                TlsRefusal.OWN_CERTIFICATE_EXPIRED,
                "our certificate, or one above it, expired at "
                        + shortLived.certificate().getNotAfter().toInstant());
        withCGoesOn();
    }

    @Test
    void listsThatEndCloseConnectionsUnlessNewOnesComeOrGraceIsGiven() {
        TrustPolicy.Parts ending = policy();
        ending.crls = List.of(ROOT.crl(now.plusSeconds(9000)), ISSUING.crl(now.plusSeconds(3600)));
        change(leafOfB, ending, CredentialPart.REVOCATION_LISTS);
        now = now.plusSeconds(3590);
        time.advance(Duration.ofSeconds(1));
        withAGoesOn();

        TrustPolicy.Parts longer = policy();
        longer.crls = List.of(ROOT.crl(now.plusSeconds(9000)), ISSUING.crl(now.plusSeconds(3600)));
        change(leafOfB, longer, CredentialPart.REVOCATION_LISTS);
        now = now.plusSeconds(3590);
        time.advance(Duration.ofSeconds(1));
        withAGoesOn();

        TrustPolicy.Parts graceful = policy();
        graceful.crls = longer.crls;
        graceful.crlGrace = Duration.ofSeconds(100);
        change(leafOfB, graceful, CredentialPart.RULES);
        now = now.plusSeconds(90);
        time.advance(Duration.ofSeconds(1));
        withAGoesOn();
        now = now.plusSeconds(30);
        time.advance(Duration.ofSeconds(1));
        endsWith(
                withA.dialled(),
                TlsRefusal.CRL_STALE,
                "no valid revocation list says whether the peer's certificate is revoked"
                        + " (expected: a CRL of CN=Orga Issuing that has not expired)");
        assertThat(Joined.code(withC.accepted())).contains(TlsRefusal.CRL_STALE);
    }

    @Test
    void anotherNodesCertificateIsNotTaken() {
        assertThatThrownBy(() -> ofB.replace(identity(leafOfC, policy())))
                .isInstanceOf(TlsConfigurationException.class)
                .hasMessage("our new certificate is for c@c.orga.test (expected: b@b.orga.test, the node that runs)");
        assertThat(ofB.generation()).isEqualTo(1);
        withAGoesOn();
    }

    @Test
    void aRuleThatIsTightenedClosesWhoDoesNotMeetIt() {
        TrustPolicy.Parts tighter = policy();
        tighter.namespaces = Map.of(ROOT.certificate(), new Namespace("orga", "other.test", "orga.test"));
        change(leafOfB, tighter, CredentialPart.RULES);
        assertThat(Joined.code(withA.dialled())).contains(TlsRefusal.OUTSIDE_NAMESPACE);
        assertThat(Joined.code(withC.accepted())).contains(TlsRefusal.OUTSIDE_NAMESPACE);
    }
}
