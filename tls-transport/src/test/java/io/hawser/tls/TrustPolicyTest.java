package io.hawser.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.term.NodeName;
import io.hawser.tls.TestCa.LeafSpec;
import io.hawser.transport.RefusalCode.Layer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a policy refuses beyond the path: by both engines in both roles, with the same code. */
class TrustPolicyTest {
    private static final TestCa ROOT = TestCa.root("Orga Root");
    private static final TestCa ISSUING = ROOT.issuing("Orga Issuing");
    private static final TestCa PARTNER = TestCa.root("Orgb Root");
    private static final TestCa PARTNER_ISSUING = PARTNER.issuing("Orgb Issuing");
    private static final Namespace ORGA = new Namespace("orga", "orga.test", "orga.test");

    private static TrustPolicy.Parts policy() {
        var parts = new TrustPolicy.Parts(List.of(ROOT.certificate()), NameBinding.FULL);
        parts.namespaces = Map.of(ROOT.certificate(), ORGA);
        return parts;
    }

    private static TrustPolicy.Parts trusting(CrossCertificate... partners) {
        TrustPolicy.Parts parts = policy();
        parts.crossCertificates = List.of(partners);
        return parts;
    }

    private static CrossCertificate cross(String domain) {
        return CrossCertificate.of("cross.pem", ROOT.cross(PARTNER, domain), List.of(ROOT.certificate()));
    }

    private static TlsIdentity ours(String node, TrustPolicy.Parts policy) {
        return TestCa.identity(ISSUING.issue(LeafSpec.node(node)), policy);
    }

    /** One that trusts our root and shows what it is given. */
    private static TlsIdentity other(LeafSpec spec, TestCa issuer) {
        var parts = new TrustPolicy.Parts(List.of(ROOT.certificate()), NameBinding.HOST);
        return TestCa.identity(issuer.issue(spec), parts);
    }

    private static void refusedInBothRoles(
            TlsIdentity bad, TrustPolicy.Parts policy, TlsEngine engine, TlsRefusal code, String sentence) {
        Meeting.Outcome dialling = Meeting.of(bad, ours("b@b.orga.test", policy), engine);
        assertThat(dialling.listener()).isEqualTo(sentence);
        assertThat(dialling.listenerCode()).contains(code);
        assertThat(dialling.diallerCode()).contains(TlsRefusal.REFUSED_BY_PEER);
        assertThat(dialling.dialler()).doesNotContain(code.name());
        Meeting.Outcome listening = Meeting.of(ours("a@a.orga.test", policy), bad, engine);
        assertThat(listening.dialler()).isEqualTo(sentence);
        assertThat(listening.diallerCode()).contains(code);
        assertThat(listening.listenerCode()).contains(TlsRefusal.REFUSED_BY_PEER);
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void refusesWhoIsNotInTheRoster(TlsEngine engine) {
        TrustPolicy.Parts policy = policy();
        policy.roster = Set.of("spiffe://orga.test/node/c.orga.test/c");
        refusedInBothRoles(
                other(LeafSpec.node("b@b.orga.test"), ISSUING),
                policy,
                engine,
                TlsRefusal.NOT_IN_ROSTER,
                "the peer's certificate is for b@b.orga.test (expected: one of the 1 nodes of the roster;"
                        + " one that was issued later is in the next export)");
        assertThat(TlsRefusal.NOT_IN_ROSTER.layer()).isEqualTo(Layer.ROSTER);
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void refusesADeniedCertificateAndADeniedKey(TlsEngine engine) {
        TestCa.Leaf leaf = ISSUING.issue(LeafSpec.node("b@b.orga.test"));
        TlsIdentity bad = TestCa.identity(leaf, policy());
        String sentence = "the peer's certificate is denied (serial "
                + leaf.certificate().getSerialNumber().toString(16) + ")";

        TrustPolicy.Parts bySerial = policy();
        bySerial.denied = new DenyList(
                Set.of(new DenyList.Serial(
                        ISSUING.certificate().getSubjectX500Principal(),
                        leaf.certificate().getSerialNumber())),
                Set.of());
        refusedInBothRoles(bad, bySerial, engine, TlsRefusal.DENIED, sentence);

        TrustPolicy.Parts byKey = policy();
        byKey.denied = new DenyList(Set.of(), Set.of(DenyList.keyOf(leaf.certificate())));
        refusedInBothRoles(bad, byKey, engine, TlsRefusal.DENIED, sentence);
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void refusesACertificateThatLivesTooLong(TlsEngine engine) {
        TrustPolicy.Parts policy = policy();
        policy.maxNodeLife = Duration.ofDays(90);
        Instant begin = Instant.parse("2026-01-01T00:00:00Z");
        Instant end = Instant.parse("2056-01-01T00:00:00Z");
        refusedInBothRoles(
                other(LeafSpec.node("b@b.orga.test").validFrom(begin, end), ISSUING),
                policy,
                engine,
                TlsRefusal.LIFE_TOO_LONG,
                "the peer's certificate is valid from " + begin + " to " + end + " (expected: for 2160 hours at most)");
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void refusesOurOwnCaOutsideItsNamespace(TlsEngine engine) {
        LeafSpec spec = LeafSpec.node("b@b.orga.test", "orgb.test");
        refusedInBothRoles(
                other(spec, ISSUING),
                policy(),
                engine,
                TlsRefusal.OUTSIDE_NAMESPACE,
                "the peer's certificate names b@b.orga.test, which the CA of orga may not"
                        + " (found: trust domain orgb.test, expected: orga.test)");
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void aPartnersCaCanNeverNameOurNodes(TlsEngine engine) {
        refusedInBothRoles(
                other(LeafSpec.node("b@b.orga.test"), PARTNER_ISSUING),
                trusting(cross("orgb.test")),
                engine,
                TlsRefusal.OUTSIDE_NAMESPACE,
                "the peer's certificate names b@b.orga.test, which the CA of CN=Orgb Root may not"
                        + " (found: DNS b.orga.test, expected: below orgb.test)");
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void refusesAPartnerWithoutACrossCertificateOfOurs(TlsEngine engine) {
        refusedInBothRoles(
                other(LeafSpec.node("p@p.orgb.test", "orgb.test"), PARTNER_ISSUING),
                policy(),
                engine,
                TlsRefusal.UNTRUSTED_ROOT,
                "the peer's certificate is not issued by a CA we trust"
                        + " (found issuer CN=Orgb Root, expected: CN=Orga Root)");
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void aCrossCertificateThatThePeerBringsLetsNobodyIn(TlsEngine engine) {
        TestCa.Leaf leaf = PARTNER_ISSUING.issue(LeafSpec.node("p@p.orgb.test", "orgb.test"));
        var parts = new TrustPolicy.Parts(List.of(ROOT.certificate()), NameBinding.HOST);
        var chain = List.of(leaf.certificate(), PARTNER_ISSUING.certificate(), ROOT.cross(PARTNER, "orgb.test"));
        var bad = new TlsIdentity(leaf.keys().getPrivate(), chain, parts.build());
        refusedInBothRoles(
                bad,
                policy(),
                engine,
                TlsRefusal.OUTSIDE_NAMESPACE,
                "the peer's certificate names p@p.orgb.test, which the CA of orga may not"
                        + " (found: DNS p.orgb.test, expected: below orga.test)");
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void aPartnerComesInThroughOurCrossCertificate(TlsEngine engine) {
        TrustPolicy.Parts policy = trusting(cross("orgb.test"));
        policy.crls = List.of(ROOT.crl(), ISSUING.crl(), PARTNER.crl(), PARTNER_ISSUING.crl());
        TlsIdentity partner = other(LeafSpec.node("p@p.orgb.test", "orgb.test"), PARTNER_ISSUING);
        try (var partners = TlsTransport.builder(partner).engine(engine).build();
                var ours = TlsTransport.builder(ours("b@b.orga.test", policy))
                        .engine(engine)
                        .build()) {
            var ends = Joined.of(partners, ours, "b@b.orga.test");
            assertThat(ends.acceptor().peer().refusal(NodeName.parse("p@p.orgb.test")))
                    .isEmpty();
            assertThat(ends.acceptor().peer().refusal(NodeName.parse("p@p.orga.test")))
                    .isPresent();
        }
    }
}
