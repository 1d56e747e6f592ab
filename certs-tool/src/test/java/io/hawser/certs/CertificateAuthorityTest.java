package io.hawser.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.junit.jupiter.api.Test;

class CertificateAuthorityTest {
    private static final String SKI = "2.5.29.14";
    private static final String KEY_USAGE = "2.5.29.15";
    private static final String SAN = "2.5.29.17";
    private static final String BASIC = "2.5.29.19";
    private static final String CRL_NUMBER = "2.5.29.20";
    private static final String CONSTRAINTS = "2.5.29.30";
    private static final String AKI = "2.5.29.35";
    private static final String EKU = "2.5.29.37";

    private final SecureRandom random = new SecureRandom();
    private final OrgConfig org = Fixtures.orga();
    private final CertificateAuthority root = CertificateAuthority.root(org, 1, Fixtures.at(Fixtures.NOW), random);
    private final CertificateAuthority issuing = root.issuing(org, 1);

    private X509Certificate node(NodeName name, Duration life) {
        return issuing.node(org, name, KeyKind.P256.generate(random).getPublic(), life);
    }

    @Test
    void makesARootWithPathLength2AndNoConstraints() throws Exception {
        X509Certificate certificate = root.certificate();

        certificate.verify(certificate.getPublicKey());
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=orga Distribution Root 1,O=orga");
        assertThat(curveBits(certificate)).isEqualTo(384);
        assertThat(certificate.getSigAlgName()).isEqualTo("SHA384withECDSA");
        assertThat(certificate.getVersion()).isEqualTo(3);
        assertThat(certificate.getBasicConstraints()).isEqualTo(2);
        assertThat(keyUsage(certificate)).isEqualTo("0000011");
        assertThat(certificate.getNotBefore().toInstant()).isEqualTo(Fixtures.NOW.minus(Duration.ofMinutes(10)));
        assertThat(certificate.getNotAfter().toInstant()).isEqualTo(Fixtures.NOW.plus(Duration.ofDays(3650)));
        assertThat(certificate.getCriticalExtensionOIDs()).isEqualTo(Set.of(BASIC, KEY_USAGE));
        assertThat(certificate.getNonCriticalExtensionOIDs()).isEqualTo(Set.of(SKI));
    }

    @Test
    void fencesTheIssuingAuthorityToTheNamespace() throws Exception {
        X509Certificate certificate = issuing.certificate();

        certificate.verify(root.certificate().getPublicKey());
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=orga Distribution Issuing 1,O=orga");
        assertThat(curveBits(certificate)).isEqualTo(384);
        assertThat(certificate.getBasicConstraints()).isZero();
        assertThat(keyUsage(certificate)).isEqualTo("0000011");
        assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
        assertThat(certificate.getNotAfter().toInstant()).isEqualTo(Fixtures.NOW.plus(Duration.ofDays(730)));
        assertThat(certificate.getCriticalExtensionOIDs()).isEqualTo(Set.of(BASIC, KEY_USAGE, CONSTRAINTS));
        assertThat(certificate.getNonCriticalExtensionOIDs()).isEqualTo(Set.of(SKI, AKI, EKU));
        var fence = NameConstraints.getInstance(octets(certificate, CONSTRAINTS));
        assertThat(fence.getPermittedSubtrees()).hasSize(2);
        assertThat(fence.getPermittedSubtrees()[0].getBase()).hasToString("2: orga.test");
        assertThat(fence.getPermittedSubtrees()[1].getBase()).hasToString("6: orga.test");
        assertThat(fence.getExcludedSubtrees()).isNull();
    }

    @Test
    void givesANodeBothRolesOneHostAndOneUri() throws Exception {
        X509Certificate certificate = node(Fixtures.A, Duration.ofDays(90));

        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=a@a.orga.test,O=orga");
        assertThat(curveBits(certificate)).isEqualTo(256);
        assertThat(certificate.getSigAlgName()).isEqualTo("SHA384withECDSA");
        assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
        assertThat(keyUsage(certificate)).isEqualTo("1000000");
        assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
        assertThat(certificate.getSubjectAlternativeNames())
                .containsExactly(List.of(2, "a.orga.test"), List.of(6, "spiffe://orga.test/node/a.orga.test/a"));
        assertThat(certificate.getNotBefore().toInstant()).isEqualTo(Fixtures.NOW.minus(Duration.ofMinutes(10)));
        assertThat(certificate.getNotAfter().toInstant()).isEqualTo(Fixtures.NOW.plus(Duration.ofDays(90)));
        assertThat(certificate.getCriticalExtensionOIDs()).isEqualTo(Set.of(BASIC, KEY_USAGE));
        assertThat(certificate.getNonCriticalExtensionOIDs()).isEqualTo(Set.of(SKI, AKI, EKU, SAN));
        assertThat(AuthorityKeyIdentifier.getInstance(octets(certificate, AKI)).getKeyIdentifierOctets())
                .isEqualTo(SubjectKeyIdentifier.getInstance(octets(issuing.certificate(), SKI))
                        .getKeyIdentifier());
    }

    @Test
    void leavesTheCommonNameAwayAbove64Characters() {
        String host64 = "a".repeat(52) + ".orga.test"; // with "a@" 64 characters
        assertThat(node(new NodeName("a", host64), Duration.ofDays(1))
                        .getSubjectX500Principal()
                        .getName())
                .isEqualTo("CN=a@" + host64 + ",O=orga");
        assertThat(node(new NodeName("ab", host64), Duration.ofDays(1))
                        .getSubjectX500Principal()
                        .getName())
                .isEqualTo("O=orga");
    }

    @Test
    void endsNoLaterThanTheIssuer() {
        Instant end = issuing.certificate().getNotAfter().toInstant();
        assertThat(node(Fixtures.A, Duration.ofDays(5000)).getNotAfter().toInstant())
                .isEqualTo(end);
    }

    @Test
    void numbersCertificatesWith128RandomBits() {
        int longest = 0;
        for (int i = 0; i < 20; i++) {
            var serial = node(Fixtures.A, Duration.ofDays(1)).getSerialNumber();
            assertThat(serial.signum()).isPositive();
            longest = Math.max(longest, serial.bitLength());
        }
        assertThat(longest).isBetween(120, 128);
    }

    @Test
    void refusesAHostOutsideTheNamespace() {
        assertThatThrownBy(() -> node(NodeName.parse("a@a.orgb.test"), Duration.ofDays(1)))
                .hasMessage("a@a.orgb.test: the host is not in the domain orga.test,"
                        + " and the issuing CA is fenced to that domain");
        assertThatThrownBy(() -> node(NodeName.parse("a@evilorga.test"), Duration.ofDays(1)))
                .isInstanceOfSatisfying(
                        CertsException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NAME_OUTSIDE_NAMESPACE));
    }

    @Test
    void hasTheJdkRefuseWhatTheFenceForbids() {
        var other = new OrgConfig("orga", new Namespace("orgb.test", "orgb.test"), OrgPolicy.defaults());
        X509Certificate minted = issuing.node(
                other,
                NodeName.parse("a@a.orgb.test"),
                KeyKind.P256.generate(random).getPublic(),
                Duration.ofDays(1));

        assertThatThrownBy(() -> ChainVerifier.verify(
                        List.of(minted, issuing.certificate()),
                        root.certificate(),
                        List.of(),
                        Fixtures.NOW,
                        "a@a.orgb.test"))
                .isInstanceOfSatisfying(
                        CertsException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VERIFICATION_FAILED));
    }

    @Test
    void satisfiesTheJdkWithRevocationChecked() {
        List<X509CRL> crls = List.of(
                new CrlIssuer(root).first(Duration.ofDays(90)), new CrlIssuer(issuing).first(Duration.ofDays(14)));
        ChainVerifier.verify(
                List.of(node(Fixtures.A, Duration.ofDays(90)), issuing.certificate()),
                root.certificate(),
                crls,
                Fixtures.NOW,
                Fixtures.A);
    }

    @Test
    void issuesAWholeAuthorityCrlWithNumberAndKeyIdentifier() throws Exception {
        X509CRL first = new CrlIssuer(issuing).first(Duration.ofDays(14));
        X509CRL next = new CrlIssuer(issuing).next(first, Duration.ofDays(14));

        first.verify(issuing.certificate().getPublicKey());
        assertThat(first.getVersion()).isEqualTo(2);
        assertThat(first.getSigAlgName()).isEqualTo("SHA384withECDSA");
        assertThat(first.getCriticalExtensionOIDs()).isEmpty();
        assertThat(first.getNonCriticalExtensionOIDs()).isEqualTo(Set.of(AKI, CRL_NUMBER));
        assertThat(first.getNextUpdate().toInstant()).isEqualTo(Fixtures.NOW.plus(Duration.ofDays(14)));
        assertThat(first.getRevokedCertificates()).isNull();
        assertThat(CrlIssuer.number(first)).isOne();
        assertThat(CrlIssuer.number(next)).isEqualTo(2);
    }

    @Test
    void makesRsaAllTheWayWhenAskedTo() {
        var rsa = new OrgConfig(
                "orga",
                org.namespace(),
                OrgPolicy.defaults().with(Duration.ofDays(3650), Duration.ofDays(730), KeyKind.RSA3072));
        X509Certificate certificate = CertificateAuthority.root(rsa, 1, Fixtures.at(Fixtures.NOW), random)
                .certificate();

        assertThat(((RSAPublicKey) certificate.getPublicKey()).getModulus().bitLength())
                .isEqualTo(3072);
        assertThat(certificate.getSigAlgName()).isEqualTo("SHA384withRSA");
    }

    private static int curveBits(X509Certificate certificate) {
        return ((ECPublicKey) certificate.getPublicKey())
                .getParams()
                .getCurve()
                .getField()
                .getFieldSize();
    }

    /** The first seven bits: digitalSignature ... keyCertSign, cRLSign. */
    private static String keyUsage(X509Certificate certificate) {
        var bits = new StringBuilder();
        for (int i = 0; i < 7; i++) {
            bits.append(certificate.getKeyUsage()[i] ? '1' : '0');
        }
        return bits.toString();
    }

    private static byte[] octets(X509Certificate certificate, String oid) {
        return ASN1OctetString.getInstance(certificate.getExtensionValue(oid)).getOctets();
    }
}
