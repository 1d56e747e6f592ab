package io.hawser.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.tls.TestCa.LeafSpec;
import java.security.cert.X509CRL;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each way to be refused, by both engines in both roles, and the one sentence that each side gets. */
class TlsRefusalTest {
    private static final TestCa ROOT = TestCa.root("Orga Root");
    private static final TestCa ISSUING = ROOT.issuing("Orga Issuing");
    private static final TestCa FOREIGN = TestCa.root("Evil Root");
    private static final String ALERT = "peer refused our certificate: alert ";

    private static TlsIdentity node(String name) {
        return identity(LeafSpec.node(name));
    }

    private static TlsIdentity identity(LeafSpec spec) {
        return identity(spec, ISSUING, List.of());
    }

    private static TlsIdentity identity(LeafSpec spec, TestCa issuer, List<X509CRL> crls) {
        return TestCa.identity(NameBinding.FULL, issuer.issue(spec), List.of(ROOT), crls);
    }

    private static void refusesDiallerAndListener(LeafSpec spec, TestCa issuer, TlsEngine engine, String sentence) {
        TlsIdentity bad = identity(spec, issuer, List.of());
        Meeting.Outcome badDialler = Meeting.of(bad, node("b@b.orga.test"), engine);
        assertThat(badDialler.listener()).isEqualTo(sentence);
        assertThat(badDialler.dialler()).startsWith(ALERT);
        Meeting.Outcome badListener = Meeting.of(node("a@a.orga.test"), bad, engine);
        assertThat(badListener.dialler()).isEqualTo(sentence);
        assertThat(badListener.diallerOpened()).isFalse();
        assertThat(badListener.listener()).startsWith(ALERT);
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void refusesACertificateOfAForeignCa(TlsEngine engine) {
        refusesDiallerAndListener(
                LeafSpec.node("b@b.orga.test"),
                FOREIGN,
                engine,
                "the peer's certificate is not issued by a CA we trust (found issuer CN=Evil Root, expected: CN=Orga Root)");
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void refusesACaThatOnlyHasTheNameOfOurs(TlsEngine engine) {
        TlsIdentity bad = identity(LeafSpec.node("b@b.orga.test"), TestCa.root("Orga Root"), List.of());
        Meeting.Outcome outcome = Meeting.of(node("a@a.orga.test"), bad, engine);
        assertThat(outcome.dialler()).startsWith("the peer's certificate has no valid path to a CA we trust: ");
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void refusesAnExpiredCertificate(TlsEngine engine) {
        Instant end = Instant.parse("2024-01-31T12:00:00Z");
        refusesDiallerAndListener(
                LeafSpec.node("b@b.orga.test").validFrom(end.minus(Duration.ofDays(90)), end),
                ISSUING,
                engine,
                "the peer's certificate expired at 2024-01-31T12:00:00Z");
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void refusesACertificateThatIsNotValidYet(TlsEngine engine) {
        Instant begin = Instant.parse("2099-01-31T12:00:00Z");
        TlsIdentity bad = identity(LeafSpec.node("b@b.orga.test").validFrom(begin, begin.plus(Duration.ofDays(90))));
        assertThat(Meeting.of(node("a@a.orga.test"), bad, engine).dialler())
                .startsWith("the peer's certificate is only valid from 2099-01-31T12:00:00Z on (now: ");
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void refusesTheWrongExtendedKeyUsage(TlsEngine engine) {
        LeafSpec serverOnly = LeafSpec.node("b@b.orga.test").usages(KeyPurposeId.id_kp_serverAuth);
        LeafSpec clientOnly = LeafSpec.node("b@b.orga.test").usages(KeyPurposeId.id_kp_clientAuth);
        Meeting.Outcome dialler = Meeting.of(identity(serverOnly), node("b@b.orga.test"), engine);
        assertThat(dialler.listener())
                .isEqualTo("the peer's certificate is not for a TLS client (expected: extended key usage clientAuth)");
        assertThat(dialler.dialler()).startsWith(ALERT);
        assertThat(Meeting.of(node("a@a.orga.test"), identity(clientOnly), engine)
                        .dialler())
                .isEqualTo("the peer's certificate is not for a TLS server (expected: extended key usage serverAuth)");
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void refusesAKeyThatMustNotSign(TlsEngine engine) {
        LeafSpec spec = LeafSpec.node("b@b.orga.test").keyUsage(KeyUsage.keyAgreement);
        // BoringSSL does not even show such a certificate
        TlsTransport dialling =
                TlsTransport.builder(identity(spec)).engine(TlsEngine.JDK).build();
        TlsTransport listening =
                TlsTransport.builder(node("b@b.orga.test")).engine(engine).build();
        Meeting.Outcome outcome = Meeting.of(dialling, listening);
        assertThat(outcome.listener())
                .isEqualTo("the peer's certificate is not for signatures (expected: key usage digitalSignature)");
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void refusesACaAsAPeer(TlsEngine engine) {
        LeafSpec spec = LeafSpec.node("b@b.orga.test").asCa();
        assertThat(Meeting.of(node("a@a.orga.test"), identity(spec), engine).dialler())
                .isEqualTo("the peer's certificate is a CA's (expected: a node's)");
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void refusesAShortRsaKey(TlsEngine engine) {
        LeafSpec spec = LeafSpec.node("b@b.orga.test").keys(TestCa.keys("RSA", 2048));
        assertThat(Meeting.of(node("a@a.orga.test"), identity(spec), engine).dialler())
                .isEqualTo("the peer's certificate has an RSA key of 2048 bits (expected: EC P-256, P-384, or RSA of"
                        + " 3072 bits or more)");
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void refusesAListenerWithAnotherName(TlsEngine engine) {
        Meeting.Outcome outcome = Meeting.of(node("a@a.orga.test"), node("c@c.orga.test"), engine);
        assertThat(outcome.dialler())
                .isEqualTo("the peer's certificate is for c@c.orga.test"
                        + " (expected: spiffe://orga.test/node/b.orga.test/b)");
        assertThat(outcome.diallerOpened()).isFalse();
        assertThat(outcome.listener()).startsWith(ALERT);
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void refusesARevokedCertificateAndOneNobodyCanVouchFor(TlsEngine engine) {
        TestCa.Leaf revoked = ISSUING.issue(LeafSpec.node("b@b.orga.test"));
        TlsIdentity listener = TestCa.identity(NameBinding.FULL, revoked, List.of(ROOT), List.of());
        var lists = List.of(ROOT.crl(), ISSUING.crl(revoked.certificate()));
        TlsIdentity checking = identity(LeafSpec.node("a@a.orga.test"), ISSUING, lists);
        Meeting.Outcome outcome = Meeting.of(checking, listener, engine);
        assertThat(outcome.dialler()).isEqualTo("the peer's certificate is revoked");
        assertThat(outcome.listener()).startsWith(ALERT);

        TlsIdentity withoutList = identity(LeafSpec.node("a@a.orga.test"), ISSUING, List.of(ROOT.crl()));
        assertThat(Meeting.of(withoutList, listener, engine).dialler())
                .isEqualTo("no valid revocation list says whether the peer's certificate is revoked"
                        + " (expected: a CRL of CN=Orga Issuing that has not expired)");

        Instant past = Instant.now().minus(Duration.ofHours(1));
        TlsIdentity staleList =
                identity(LeafSpec.node("a@a.orga.test"), ISSUING, List.of(ROOT.crl(), ISSUING.crl(past)));
        assertThat(Meeting.of(staleList, node("b@b.orga.test"), engine).dialler())
                .startsWith("no valid revocation list says whether the peer's certificate is revoked");

        var revokedCa = List.of(ROOT.crl(ISSUING.certificate()), ISSUING.crl());
        TlsIdentity withoutCa = identity(LeafSpec.node("a@a.orga.test"), ISSUING, revokedCa);
        assertThat(Meeting.of(withoutCa, node("b@b.orga.test"), engine).dialler())
                .isEqualTo("the CA CN=Orga Issuing is revoked");
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void refusesALongPath(TlsEngine engine) {
        TestCa deep = ISSUING.issuing("Two").issuing("Three").issuing("Four");
        TlsIdentity listener = identity(LeafSpec.node("b@b.orga.test"), deep, List.of());
        assertThat(Meeting.of(node("a@a.orga.test"), listener, engine).dialler())
                .startsWith("the peer's certificate has no valid path to a CA we trust: ");
    }
}
