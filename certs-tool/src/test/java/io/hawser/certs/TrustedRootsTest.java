package io.hawser.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which roots a bundle can bring in: those that a person confirmed, and those that one of them signed as the next. */
class TrustedRootsTest {
    @TempDir
    private Path temporary;

    private OrgStore a;
    private OrgStore b;
    private String genuine = "";

    @BeforeEach
    void makeTwoOrganisations() {
        a = Fixtures.newStore(temporary.resolve("a"));
        b = Fixtures.newStore(temporary.resolve("b"), Fixtures.orgb(), Fixtures.NOW);
        b.issue(IssueRequest.of(NodeName.parse("b@b.orgb.test")), SecretSource.none());
        genuine = new TrustStore(b).ownFingerprints().get(0);
    }

    private static byte[] bundle(OrgStore store) {
        return new TrustStore(store).exportBundle(SecretSource.none()).value();
    }

    private Partner importB(byte[] bundle, String fingerprint) {
        return new TrustStore(a)
                .importBundle(ImportRequest.of("f", bundle, fingerprint), SecretSource.none())
                .value();
    }

    private Partner refresh(byte[] bundle) {
        return new TrustStore(a).refresh("f", bundle, null, SecretSource.none()).value();
    }

    private CertificateAuthority issuing() {
        return new CertificateAuthority(
                b.certificate("issuing"),
                b.signer("issuing", SecretSource.none()),
                Fixtures.at(Fixtures.NOW),
                new SecureRandom());
    }

    /** What somebody signs who has the key of b's issuing CA, and no other. */
    private byte[] forged(X509Certificate root, X509Certificate... links) {
        Map<String, Object> content =
                TrustBundle.content(b.config(), b, Roster.of(b.config(), b.nodes(), Revocations.of(List.of())));
        var roots = new ArrayList<>(b.roots());
        roots.add(root);
        content.put("roots", pem(roots));
        content.put("links", pem(List.of(links)));
        return TrustBundle.seal(content, 2, Fixtures.NOW, issuing()).sealed().file();
    }

    private static List<String> pem(List<X509Certificate> certificates) {
        return certificates.stream()
                .map(each -> RootRequest.text(Pem.certificates(List.of(each))))
                .toList();
    }

    /** Neither refreshing, nor comparing, nor importing for the first time, in whatever is there. */
    private void assertRefused(byte[] forged) {
        assertThatThrownBy(() -> importB(forged, genuine)).satisfies(TrustedRootsTest::namesTheStranger);
        Partner before = importB(bundle(b), genuine);
        assertThatThrownBy(() -> refresh(forged)).satisfies(TrustedRootsTest::namesTheStranger);
        assertThatThrownBy(() -> importB(forged, genuine)).satisfies(TrustedRootsTest::namesTheStranger);
        assertThatThrownBy(() -> new TrustStore(a).diff("f", forged)).satisfies(TrustedRootsTest::namesTheStranger);
        assertThat(new TrustStore(a).partners()).containsExactly(before);
    }

    private static void namesTheStranger(Throwable error) {
        assertThat(error).hasMessageContaining("is not confirmed, and no confirmed one signed it");
        assertThat(((CertsException) error).code()).isEqualTo(ErrorCode.TRUST_UNCONFIRMED);
    }

    @Test
    void pinsNoRootThatOnlyTheIssuingAuthorityVouchesFor() {
        CertificateAuthority evil =
                CertificateAuthority.root(Fixtures.orgb(), 2, Fixtures.at(Fixtures.NOW), new SecureRandom());
        X509Certificate byIssuing = issuing()
                .cross(
                        evil.certificate(),
                        b.config().namespace(),
                        OrgPolicy.defaults().issuingLife());
        X509Certificate byItself = evil.cross(
                evil.certificate(), b.config().namespace(), OrgPolicy.defaults().issuingLife());

        assertRefused(forged(evil.certificate(), byIssuing, byItself));
    }

    @Test
    void takesTheIssuingAuthoritysCertificateForNoLink() throws Exception {
        X509Certificate issuing = b.certificate("issuing");
        Path key = temporary.resolve("b/ca/issuing-1/key.pem");
        Mint root = new Mint.Form()
                .subject("O=orgb,CN=orgb Distribution Issuing 1")
                .keys(new KeyPair(
                        issuing.getPublicKey(), PrivateKeys.read(Files.readAllBytes(key), "key", SecretSource.none())))
                .authority(2)
                .selfSigned();
        assertThat(root.certificate().getSubjectX500Principal()).isEqualTo(issuing.getSubjectX500Principal());

        assertRefused(forged(root.certificate(), issuing));
    }

    @Test
    void takesTheFenceAroundAThirdOrganisationForNoLink() {
        OrgStore c = Fixtures.newStore(
                temporary.resolve("c"),
                new OrgConfig("orgc", new Namespace("orgc.test", "orgc.test"), OrgPolicy.defaults()),
                Fixtures.NOW);
        X509Certificate fence = new TrustStore(b)
                .importBundle(
                        ImportRequest.of(
                                "c",
                                bundle(c),
                                new TrustStore(c).ownFingerprints().get(0)),
                        SecretSource.none())
                .value()
                .cross()
                .get(0);

        assertRefused(forged(c.roots().get(0), fence));
    }

    @Test
    void pinsTheNextRootThatAConfirmedOneSigned() {
        new Rotator(b).begin(RotationRequest.of(RotationKind.ROOT), SecretSource.none());
        List<String> both = new TrustStore(b).ownFingerprints();
        assertThat(both).hasSize(2).startsWith(genuine);

        // the new root vouches for nobody: the old one would come in again after it is gone
        assertThatThrownBy(() -> importB(bundle(b), both.get(1))).satisfies(TrustedRootsTest::namesTheStranger);
        assertThat(importB(bundle(b), genuine).pinned()).isEqualTo(both);
    }

    @Test
    void pinsANextRootThatNobodySignedByItsFingerprintOnly() throws Exception {
        importB(bundle(b), genuine);
        new Rotator(b).begin(RotationRequest.of(RotationKind.ROOT), SecretSource.none());
        Files.delete(b.layout().authorities().resolve("root-2/link.pem"));
        b.issue(IssueRequest.of(NodeName.parse("d@d.orgb.test")), SecretSource.none());
        byte[] unlinked = bundle(b);
        List<String> both = new TrustStore(b).ownFingerprints();

        assertThatThrownBy(() -> refresh(unlinked)).satisfies(TrustedRootsTest::namesTheStranger);
        assertThat(importB(unlinked, both.get(1)).pinned()).isEqualTo(both);
        assertThat(refresh(unlinked).cross()).hasSize(2);
    }
}
