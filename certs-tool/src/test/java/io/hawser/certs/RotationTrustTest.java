package io.hawser.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What exports carry in each phase, and how a partner follows; what nodes answer is left aside. */
class RotationTrustTest {
    @TempDir
    private Path temporary;

    private OrgStore a;
    private OrgStore b;

    @BeforeEach
    void makeTwoOrganisations() {
        a = Fixtures.newStore(temporary.resolve("a"), Fixtures.orga(), Fixtures.NOW);
        b = Fixtures.newStore(temporary.resolve("b"), Fixtures.orgb(), Fixtures.NOW);
        a.issue(IssueRequest.of(Fixtures.A, Fixtures.B), SecretSource.none());
        b.issue(IssueRequest.of(NodeName.parse("b@b.orgb.test")), SecretSource.none());
        trust(a, b);
        trust(b, a);
    }

    private static byte[] bundle(OrgStore of) {
        return new TrustStore(of).exportBundle(SecretSource.none()).value();
    }

    private static void trust(OrgStore store, OrgStore partner) {
        new TrustStore(store)
                .importBundle(
                        ImportRequest.of(
                                "bundle",
                                bundle(partner),
                                new TrustStore(partner).ownFingerprints().get(0)),
                        SecretSource.none());
    }

    private static Partner refresh(OrgStore store, byte[] bundle) {
        return new TrustStore(store)
                .refresh("bundle", bundle, null, SecretSource.none())
                .value();
    }

    private void reach(RotationPhase phase) {
        if (a.rotation().isEmpty()) {
            new Rotator(a).begin(RotationRequest.of(RotationKind.ROOT), SecretSource.none());
        }
        while (a.rotation().isPresent() && a.rotation().get().phase() != phase) {
            Rotation rotation = a.rotation().get();
            a.changing("rotate next", writer -> {
                new RotationWork(a, a.config(), writer, null, SecretSource.none())
                        .enter(rotation.in(rotation.kind().after(rotation.phase()), Fixtures.NOW));
                return writer;
            });
        }
    }

    /** A node of a is accepted at b by the chain that it shows as it stands, through what b has of a. */
    private void assertAcceptedAtB() {
        Partner partner = new TrustStore(b).partners().get(0);
        NodeCertificate node = a.node(Fixtures.A);
        var crls = new ArrayList<>(b.crls());
        crls.addAll(partner.crls());
        var path = new ArrayList<>(a.shown(node));
        X509Certificate above = path.get(path.size() - 1);
        X509Certificate cross = partner.cross().stream()
                .filter(each -> each.getSubjectX500Principal().equals(above.getIssuerX500Principal()))
                .findFirst()
                .orElseThrow();
        path.add(cross);
        ChainVerifier.verify(path, b.roots(), crls, Fixtures.NOW, "at b");
    }

    @Test
    void aPartnerFollowsFromPhaseToPhaseWithoutAFingerprint() {
        reach(RotationPhase.DISTRIBUTE);
        Partner both = refresh(b, bundle(a));
        assertThat(both.cross()).hasSize(2);
        assertThat(both.sequence()).isEqualTo(2);
        assertAcceptedAtB();
        reach(RotationPhase.REISSUE);
        assertAcceptedAtB();
        reach(RotationPhase.RETIRE);
        Partner after = refresh(b, bundle(a));
        assertThat(after.sequence()).isEqualTo(3);
        assertThat(after.cross()).hasSize(1);
        assertThat(after.pinned()).isEqualTo(new TrustStore(a).ownFingerprints());
        assertAcceptedAtB();
        reach(RotationPhase.IDLE);
        assertThat(new TrustStore(a).exportBundle(SecretSource.none()).changed())
                .isFalse();
    }

    @Test
    void aPartnerThatMissedTheBundleWithBothRootsFollowsToo() throws Exception {
        reach(RotationPhase.RETIRE);
        byte[] latest = bundle(a);
        assertThat(refresh(b, latest).pinned()).isEqualTo(new TrustStore(a).ownFingerprints());
        assertAcceptedAtB();

        OrgStore third = Fixtures.newStore(temporary.resolve("c"), Fixtures.orgb(), Fixtures.NOW);
        OrgStore other = Fixtures.newStore(temporary.resolve("other"), Fixtures.orga(), Fixtures.NOW);
        trust(third, other); // has another root of that name confirmed
        assertThatThrownBy(() -> refresh(third, latest))
                .extracting(e -> ((CertsException) e).code())
                .isEqualTo(ErrorCode.FINGERPRINT_MISMATCH);
    }

    @Test
    void aRootThatTheConfirmedOneNeverSignedIsRefused() throws Exception {
        reach(RotationPhase.DISTRIBUTE);
        Files.delete(a.layout().authorities().resolve("root-2/link.pem"));
        reach(RotationPhase.RETIRE);
        assertThatThrownBy(() -> refresh(b, bundle(a)))
                .extracting(e -> ((CertsException) e).code())
                .isEqualTo(ErrorCode.FINGERPRINT_MISMATCH);
    }

    @Test
    void partnersStayFencedByEachRootThatNodesTrust() {
        X509Certificate old = a.roots().get(0);
        reach(RotationPhase.DISTRIBUTE);
        assertThat(crossIssuers()).containsExactlyInAnyOrder("Root 1", "Root 2");
        reach(RotationPhase.RETIRE);
        assertThat(crossIssuers()).containsExactly("Root 2");
        assertThat(a.roots()).hasSize(1).doesNotContain(old);
    }

    private List<String> crossIssuers() {
        return new TrustStore(a)
                .partners().get(0).cross().stream()
                        .map(cross ->
                                cross.getIssuerX500Principal().getName().replaceAll(".*Distribution (Root .),.*", "$1"))
                        .toList();
    }

    @Test
    void exportsCarryBothRootsWhileBothAreInUse() throws Exception {
        Path java = temporary.resolve("java");
        Path otp = temporary.resolve("otp");
        exports(java, otp);
        assertThat(Pem.readCertificates(Files.readAllBytes(otp.resolve("cacerts.pem")), "otp"))
                .hasSize(2);

        reach(RotationPhase.DISTRIBUTE);
        exports(java, otp);
        assertThat(count(otp.resolve("crl"))).isEqualTo(4 + 2);
        assertThat(Pem.readCertificates(Files.readAllBytes(otp.resolve("cacerts.pem")), "otp"))
                .containsAll(a.roots())
                .hasSize(2 + 2);
        assertThat(Pem.readCertificates(Files.readAllBytes(otp.resolve("chain.pem")), "otp"))
                .hasSize(2);
        assertThat(Files.readString(java.resolve("policy.json")).split("\"own\"", -1))
                .hasSize(3);
        assertThat(roots(java)).isEqualTo(2);
        assertThat(Files.readString(java.resolve("crls.pem")).split("BEGIN X509 CRL", -1))
                .hasSize(1 + 4 + 2);

        reach(RotationPhase.REISSUE);
        exports(java, otp);
        assertThat(Pem.readCertificates(Files.readAllBytes(otp.resolve("chain.pem")), "otp"))
                .hasSize(2); // a link between the roots would lead partners astray

        reach(RotationPhase.RETIRE);
        exports(java, otp);
        assertThat(count(otp.resolve("crl"))).isEqualTo(2 + 2);
        assertThat(Pem.readCertificates(Files.readAllBytes(otp.resolve("cacerts.pem")), "otp"))
                .contains(a.roots().get(0))
                .hasSize(2);
        assertThat(Pem.readCertificates(Files.readAllBytes(otp.resolve("chain.pem")), "otp"))
                .hasSize(2);
        assertThat(roots(java)).isEqualTo(1);
    }

    private void exports(Path java, Path otp) {
        new JavaExport(a).write(Fixtures.A, java, SecretSource.none());
        new OtpExport(a).write(Fixtures.A, otp);
    }

    private static int count(Path directory) {
        return StoreLayout.children(directory).size();
    }

    private static int roots(Path java) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(java.resolve("truststore.p12"))) {
            store.load(in, Files.readString(java.resolve("password")).toCharArray());
        }
        return store.size();
    }

    @Test
    void theStoreSaysThatARotationWaits() {
        reach(RotationPhase.REISSUE);
        assertThat(new StatusCheck(a, null).run().concerns()).singleElement().satisfies(concern -> {
            assertThat(concern.code()).isEqualTo("ROTATION_WAITING");
            assertThat(concern.subject()).isEqualTo("root");
            assertThat(concern.hint()).isEqualTo("certs-tool rotate next");
        });
    }
}
