package io.hawser.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustStoreTest {
    private static final NodeName B = NodeName.parse("b@b.orgb.test");
    private static final NodeName C = NodeName.parse("c@c.orgb.test");

    @TempDir
    private Path temporary;

    private OrgStore a;
    private OrgStore b;

    @BeforeEach
    void makeTwoOrganisations() {
        a = Fixtures.newStore(temporary.resolve("a"));
        a.issue(IssueRequest.of(Fixtures.A), SecretSource.none());
        b = Fixtures.newStore(temporary.resolve("b"), Fixtures.orgb(), Fixtures.NOW);
        b.issue(IssueRequest.of(B, C), SecretSource.none());
    }

    private static byte[] bundle(OrgStore store) {
        return new TrustStore(store).exportBundle(SecretSource.none()).value();
    }

    private ImportRequest request(byte[] bundle) {
        return ImportRequest.of(
                "orgb.bundle.json", bundle, new TrustStore(b).ownFingerprints().get(0));
    }

    private Partner importB() {
        return new TrustStore(a)
                .importBundle(request(bundle(b)), SecretSource.none())
                .value();
    }

    private OrgStore later(String name, int days) {
        return Fixtures.store(temporary.resolve(name), Fixtures.NOW.plus(Duration.ofDays(days)));
    }

    private static ErrorCode codeOf(Runnable action) {
        try {
            action.run();
        } catch (CertsException e) {
            return e.code();
        }
        throw new AssertionError("no error");
    }

    /** As a Java node does: own root only, what the peer sent and the local cross-certificates to choose from. */
    private static int pathLength(OrgStore trusting, List<X509Certificate> sent, Instant at) throws Exception {
        var certificates = new ArrayList<Object>(sent);
        var crls = new ArrayList<>(trusting.crls());
        for (Partner partner : new TrustStore(trusting).partners()) {
            certificates.addAll(partner.cross());
            crls.addAll(partner.crls());
        }
        certificates.addAll(crls);
        var target = new X509CertSelector();
        target.setCertificate(sent.get(0));
        var parameters = new PKIXBuilderParameters(
                Set.of(new TrustAnchor(trusting.roots().get(0), null)), target);
        parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(certificates)));
        parameters.setDate(Date.from(at));
        return CertPathBuilder.getInstance("PKIX")
                .build(parameters)
                .getCertPath()
                .getCertificates()
                .size();
    }

    @Test
    void fencesAPartnersRootWithTheVeryConstraintsOfItsIssuingAuthority() throws Exception {
        Partner partner = importB();

        X509Certificate root = b.roots().get(0);
        X509Certificate cross = partner.cross().get(0);
        assertThat(cross.getSubjectX500Principal().getEncoded())
                .isEqualTo(root.getSubjectX500Principal().getEncoded());
        assertThat(cross.getPublicKey()).isEqualTo(root.getPublicKey());
        assertThat(cross.getBasicConstraints()).isOne();
        assertThat(Descriptions.permitted(cross))
                .isEqualTo(Descriptions.permitted(b.certificate("issuing")))
                .containsExactly("DNS:orgb.test", "URI:orgb.test");
        assertThat(cross.getNotAfter().toInstant()).isEqualTo(Fixtures.NOW.plus(Duration.ofDays(365)));
        cross.verify(a.roots().get(0).getPublicKey());
        assertThat(partner.nodes()).containsExactly(B, C);
        assertThat(pathLength(a, b.node(B).chain(), Fixtures.NOW)).isEqualTo(3);
    }

    @Test
    void letsAPartnersAuthorityNameNobodyOfOurs() {
        importB();
        CertificateAuthority issuing = new CertificateAuthority(
                b.certificate("issuing"),
                b.signer("issuing", SecretSource.none()),
                Fixtures.at(Fixtures.NOW),
                new SecureRandom());
        X509Certificate minted = issuing.node(
                Fixtures.orga(),
                Fixtures.A,
                KeyKind.P256.generate(new SecureRandom()).getPublic(),
                Duration.ofDays(1));
        assertThatThrownBy(() -> pathLength(a, List.of(minted, issuing.certificate()), Fixtures.NOW))
                .isInstanceOf(java.security.cert.CertPathBuilderException.class);
        // nor may a CA without a fence below the partner's root
        CertificateAuthority root = new CertificateAuthority(
                b.roots().get(0), b.signer("root", SecretSource.none()), Fixtures.at(Fixtures.NOW), new SecureRandom());
        CertificateAuthority rogue =
                root.issuing(new OrgConfig("orgb", Fixtures.orga().namespace(), OrgPolicy.defaults()), 7);
        X509Certificate leaf = rogue.node(
                Fixtures.orga(),
                Fixtures.A,
                KeyKind.P256.generate(new SecureRandom()).getPublic(),
                Duration.ofDays(1));
        List<X509Certificate> chain = List.of(
                leaf,
                rogue.certificate(),
                new TrustStore(a).partners().get(0).cross().get(0));
        assertThat(codeOf(() -> ChainVerifier.verify(chain, a.roots().get(0), List.of(), Fixtures.NOW, "leaf")))
                .isEqualTo(ErrorCode.VERIFICATION_FAILED);
    }

    @Test
    void changesNoByteTheSecondTime() {
        byte[] bundle = bundle(b);
        importB();
        Map<String, String> before = Fixtures.snapshot(temporary);

        assertThat(bundle(b)).isEqualTo(bundle);
        assertThat(new TrustStore(a)
                        .importBundle(request(bundle), SecretSource.none())
                        .changed())
                .isFalse();
        assertThat(new TrustStore(a)
                        .refresh("b", bundle, null, SecretSource.none())
                        .changed())
                .isFalse();
        assertThat(Fixtures.snapshot(temporary)).isEqualTo(before);
    }

    @Test
    void wantsTheFingerprintConfirmedByAPerson() {
        byte[] bundle = bundle(b);
        var trust = new TrustStore(a);
        var none = new ImportRequest("f", bundle, null, null, null, ImportRequest.CROSS_LIFE, List.of(), null);
        String ours = trust.ownFingerprints().get(0);
        assertThat(codeOf(() -> trust.importBundle(none, SecretSource.none()))).isEqualTo(ErrorCode.TRUST_UNCONFIRMED);
        assertThat(codeOf(() -> trust.importBundle(ImportRequest.of("f", bundle, ours), SecretSource.none())))
                .isEqualTo(ErrorCode.FINGERPRINT_MISMATCH);
        String spelled = new TrustStore(b)
                .ownFingerprints()
                .get(0)
                .substring(7)
                .toUpperCase(java.util.Locale.ROOT)
                .replaceAll("(..)(?=.)", "$1:");
        assertThat(trust.importBundle(ImportRequest.of("f", bundle, spelled), SecretSource.none())
                        .changed())
                .isTrue();
        assertThat(codeOf(() -> trust.importBundle(ImportRequest.of("f", bundle, ours), SecretSource.none())))
                .isEqualTo(ErrorCode.PARTNER_EXISTS);
    }

    @Test
    void refusesABundleThatWasTamperedWithAnywhere() {
        byte[] bundle = bundle(b);
        var trust = new TrustStore(a);
        for (int i = 0; i < bundle.length; i += i < 90 || i > bundle.length - 90 ? 1 : 61) {
            byte[] changed = bundle.clone();
            changed[i] ^= 1;
            assertThat(codeOf(() -> trust.importBundle(request(changed), SecretSource.none())))
                    .as("byte %s", i)
                    .isIn(ErrorCode.BUNDLE_INVALID, ErrorCode.FINGERPRINT_MISMATCH);
        }
        for (int length = 0; length < bundle.length; length += 397) {
            byte[] cut = java.util.Arrays.copyOf(bundle, length);
            assertThat(codeOf(() -> trust.importBundle(request(cut), SecretSource.none())))
                    .isEqualTo(ErrorCode.BUNDLE_INVALID);
        }
        assertThat(trust.partners()).isEmpty();
    }

    @Test
    void refusesAnOlderBundleAndTwoOfOneNumber() {
        byte[] first = bundle(b);
        new TrustStore(a).importBundle(request(first), SecretSource.none());
        b.revoke(RevokeRequest.of(C, RevocationReason.KEY_COMPROMISE), SecretSource.none());
        byte[] second = bundle(b);
        var trust = new TrustStore(a);

        assertThat(trust.diff("f", second).lines())
                .anyMatch(line -> line.startsWith("- node c@c.orgb.test"))
                .anyMatch(line -> line.startsWith("+ CRL 2 of CN=orgb Distribution Issuing 1"))
                .anyMatch(line -> line.startsWith("+ revoked ") && line.endsWith("(keyCompromise)"));
        Partner partner = trust.refresh("f", second, null, SecretSource.none()).value();
        assertThat(partner.sequence()).isEqualTo(2);
        assertThat(partner.nodes()).containsExactly(B);
        assertThatThrownBy(() -> trust.refresh("f", first, null, SecretSource.none()))
                .hasMessage("f: has the number 1, but number 2 of orgb is here");
        assertThat(codeOf(() -> trust.importBundle(request(first), SecretSource.none())))
                .isEqualTo(ErrorCode.BUNDLE_ROLLBACK);
        TrustBundle forked = TrustBundle.seal(
                TrustBundle.content(b.config(), b, Roster.of(b.config(), List.of(), Revocations.of(List.of()))),
                2,
                Fixtures.NOW,
                new CertificateAuthority(
                        b.certificate("issuing"),
                        b.signer("issuing", SecretSource.none()),
                        Fixtures.at(Fixtures.NOW),
                        new SecureRandom()));
        assertThat(codeOf(() -> trust.refresh("f", forked.sealed().file(), null, SecretSource.none())))
                .isEqualTo(ErrorCode.BUNDLE_ROLLBACK);
    }

    @Test
    void refusesNamesThatAreNotThePartnersOwn() {
        var trust = new TrustStore(a);
        String[][] namespaces = {
            {"orga.test", "other.test"},
            {"x.orga.test", "other.test"},
            {"test", "other.test"},
            {"orgx.test", "orga.test"}
        };
        for (String[] names : namespaces) {
            OrgStore bad = Fixtures.newStore(
                    temporary.resolve(names[0] + names[1]),
                    new OrgConfig("bad", new Namespace(names[0], names[1]), OrgPolicy.defaults()),
                    Fixtures.NOW);
            ImportRequest request = ImportRequest.of(
                    "f", bundle(bad), new TrustStore(bad).ownFingerprints().get(0));
            assertThat(codeOf(() -> trust.importBundle(request, SecretSource.none())))
                    .isEqualTo(ErrorCode.NAMESPACE_REFUSED);
        }
        String fingerprint = new TrustStore(b).ownFingerprints().get(0);
        var other = new ImportRequest(
                "f", bundle(b), fingerprint, null, "orgc.test", ImportRequest.CROSS_LIFE, List.of(), null);
        assertThatThrownBy(() -> trust.importBundle(other, SecretSource.none()))
                .hasMessage("f: orgb names orgb.test (expected: orgc.test)");
    }

    @Test
    void refusesABundleWhoseSignerOrCrlIsNoLongerGood() throws Exception {
        byte[] bundle = bundle(b);
        OrgStore later = later("a", 91);
        assertThat(codeOf(() -> new TrustStore(later).importBundle(request(bundle), SecretSource.none())))
                .isEqualTo(ErrorCode.BUNDLE_INVALID);
        // the partner's root revokes its issuing CA
        AuthorityRecord root = b.authority("root");
        Files.write(
                temporary.resolve("b/ca/root-1/crl.pem"),
                Pem.crls(List.of(new CrlIssuer(new CertificateAuthority(
                                root.certificate(),
                                b.signer("root", SecretSource.none()),
                                Fixtures.at(Fixtures.NOW),
                                new SecureRandom()))
                        .next(
                                root.crl(),
                                Map.of(b.certificate("issuing").getSerialNumber(), RevocationReason.KEY_COMPROMISE),
                                Duration.ofDays(90)))));
        assertThatThrownBy(() -> new TrustStore(a).importBundle(request(bundle(b)), SecretSource.none()))
                .hasMessageContaining("Certificate has been revoked");
    }

    @Test
    void acceptsOnlyTheNodesThatAreAllowed() throws Exception {
        String fingerprint = new TrustStore(b).ownFingerprints().get(0);
        NodeName unknown = NodeName.parse("x@x.orgb.test");
        var request = new ImportRequest(
                "f", bundle(b), fingerprint, null, "orgb.test", ImportRequest.CROSS_LIFE, List.of(C, unknown), null);

        Change<Partner> change = new TrustStore(a).importBundle(request, SecretSource.none());

        assertThat(change.value().nodes()).containsExactly(C);
        assertThat(change.notices()).extracting(Notice::code).containsExactly("NODE_NOT_ON_ROSTER");
        assertThat(new TrustStore(a).partners()).singleElement().isEqualTo(change.value());
        new OtpExport(a).write(Fixtures.A, temporary.resolve("otp"));
        assertThat(temporary.resolve("otp/roster.term"))
                .content()
                .endsWith("\"spiffe://orga.test/node/a.orga.test/a\".\n\"spiffe://orgb.test/node/c.orgb.test/c\".\n");
        assertThat(temporary.resolve("otp/vm.args")).content().endsWith("allow a@a.orga.test c@c.orgb.test\n");
    }

    @Test
    void carriesPartnersInEveryExportUntilTheyAreRemoved() throws Exception {
        Partner partner = importB();
        Path java = temporary.resolve("java");
        Path pem = temporary.resolve("pem");
        new JavaExport(a).write(Fixtures.A, java, SecretSource.none());
        new PemExport(a).write(Fixtures.A, pem);
        new OtpExport(a).write(Fixtures.A, temporary.resolve("otp"));

        JsonNode policy =
                new ObjectMapper().readTree(java.resolve("policy.json").toFile());
        assertThat(policy.path("anchors").findValuesAsText("kind")).containsExactly("own", "partner");
        assertThat(policy.path("anchors").path(1).path("fingerprint").asText())
                .isEqualTo(Fingerprints.of(partner.cross().get(0)));
        assertThat(policy.path("anchors").path(1).path("domain").asText()).isEqualTo("orgb.test");
        assertThat(policy.path("roster").findValuesAsText("node"))
                .containsExactly("a@a.orga.test", "b@b.orgb.test", "c@c.orgb.test");
        assertThat(Pem.readCertificates(Files.readAllBytes(java.resolve("cross.pem")), "cross"))
                .isEqualTo(partner.cross());
        assertThat(Files.readString(java.resolve("crls.pem")).split("BEGIN X509 CRL", -1))
                .hasSize(5);
        assertThat(Fixtures.snapshot(temporary.resolve("otp/crl"))).hasSize(5);
        assertThat(Pem.readCertificates(Files.readAllBytes(temporary.resolve("otp/cacerts.pem")), "cacerts"))
                .containsExactly(a.roots().get(0), partner.cross().get(0));
        assertThat(pem.resolve("cross.pem")).exists();

        Change<List<X509Certificate>> removed = new TrustStore(a).remove("orgb", null, SecretSource.none());
        assertThat(removed.changed()).isTrue();
        assertThat(Revocations.of(a.crls()).contains(partner.cross().get(0))).isTrue();
        assertThat(new TrustStore(a).remove("orgb", null, SecretSource.none()).changed())
                .isFalse();
        assertThatThrownBy(() -> new TrustStore(a).remove("orgbb", null, SecretSource.none()))
                .hasMessage("there is no partner orgbb, nor was there one")
                .extracting(e -> ((CertsException) e).code())
                .isEqualTo(ErrorCode.PARTNER_UNKNOWN);
        new JavaExport(a).write(Fixtures.A, java, SecretSource.none());
        new PemExport(a).write(Fixtures.A, pem);
        assertThat(java.resolve("cross.pem")).isEmptyFile();
        assertThat(pem.resolve("cross.pem")).doesNotExist();
        // a partner again: the revoked cross-certificate is not used again
        assertThat(importB().cross()).doesNotContainAnyElementsOf(partner.cross());
        assertThat(pathLength(a, b.node(B).chain(), Fixtures.NOW)).isEqualTo(3);
    }

    @Test
    void renewsTheCrossCertificateWithoutABreakAndAsksForTheRootOnlyThen() throws Exception {
        importB();
        OrgStore laterB = later("b", 80);
        laterB.refreshCrls(new CrlRequest(null, null), SecretSource.none());
        X509Certificate first = new TrustStore(a).partners().get(0).cross().get(0);
        Path rootKey = temporary.resolve("a/ca/root-1/key.pem");
        Path away = Files.move(rootKey, temporary.resolve("key.pem"));
        Partner partner = new TrustStore(later("a", 80))
                .refresh("f", bundle(laterB), null, SecretSource.none())
                .value();
        assertThat(partner.cross()).containsExactly(first);

        OrgStore evenLater = later("b", 250);
        evenLater.refreshCrls(new CrlRequest(null, null), SecretSource.none());
        byte[] bundle = bundle(evenLater);
        Change<Partner> waiting = new TrustStore(later("a", 250)).refresh("f", bundle, null, SecretSource.none());
        assertThat(waiting.value().cross()).containsExactly(first);
        assertThat(waiting.notices()).extracting(Notice::code).containsExactly("ROOT_ASKED");
        partner = new TrustStore(later("a", 250))
                .refresh("f", bundle, FileWriter.parent(away), SecretSource.none())
                .value();
        assertThat(partner.trustEnds()).isEqualTo(Fixtures.NOW.plus(Duration.ofDays(250 + 365)));
    }

    @Test
    void readsABundleOfItsOwnMakingOnly() {
        for (String text : List.of("", "{}", "[]", "{\"schema\":\"certs-tool/bundle-1\"}", "{".repeat(10_000))) {
            assertThat(codeOf(() -> TrustStore.fingerprints("f", text.getBytes(StandardCharsets.UTF_8))))
                    .isEqualTo(ErrorCode.BUNDLE_INVALID);
        }
        assertThat(codeOf(() -> new TrustStore(a).refresh("f", bundle(b), null, SecretSource.none())))
                .isEqualTo(ErrorCode.PARTNER_UNKNOWN);
    }

    @Test
    void namesABundleOnceWhenSomethingInItCannotBeRead() {
        Map<String, Object> content =
                TrustBundle.content(b.config(), b, Roster.of(b.config(), b.nodes(), Revocations.of(List.of())));
        content.put("roots", List.of("-----BEGIN CERTIFICATE-----\nMAAA\n-----END CERTIFICATE-----\n"));
        content.putAll(Map.of("sequence", 1, "issued", Fixtures.NOW.toString()));
        Base64.Encoder base64 = Base64.getEncoder();
        byte[] file = Json.file(Json.object(
                "schema",
                "certs-tool/bundle-1",
                "org",
                "orgb",
                "sequence",
                1,
                "payload",
                base64.encodeToString(Json.file(content)),
                "signature",
                base64.encodeToString(new byte[8])));

        assertThatThrownBy(() -> new TrustStore(a).diff("orgb.bundle.json", file))
                .message()
                .startsWith("orgb.bundle.json: ")
                .doesNotContain("orgb.bundle.json: orgb.bundle.json");
    }
}
