package io.hawser.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The root's key is in a drawer: what can be done without it, and what is said of the rest. */
class OfflineRootTest {
    private static final SecretSource NONE = SecretSource.none();

    @TempDir
    private Path temporary;

    private OrgStore store;
    private ImportRequest partner;

    @BeforeEach
    void putTheRootAway() throws Exception {
        OrgStore other = Fixtures.newStore(temporary.resolve("orgb"), Fixtures.orgb(), Fixtures.NOW);
        other.issue(IssueRequest.of(NodeName.parse("b@b.orgb.test")), NONE);
        var trust = new TrustStore(other);
        partner = ImportRequest.of(
                "bundle",
                trust.exportBundle(NONE).value(),
                trust.ownFingerprints().get(0));
        OrgStore first = Fixtures.store(temporary.resolve("pki"), Fixtures.NOW);
        Path usb = temporary.resolve("usb");
        first.init(new OrgRequest(Fixtures.orga(), false, usb), NONE);
        Files.delete(usb.resolve("key.pem"));
        Files.delete(usb);
        store = Fixtures.store(temporary.resolve("pki"), Fixtures.NOW.plus(Duration.ofDays(2)));
    }

    @Test
    void dailyWorkNeedsNoRoot() throws Exception {
        store.issue(IssueRequest.of(Fixtures.A, Fixtures.B), NONE);
        Path csr = temporary.resolve("c.csr");
        NodeName c = NodeName.parse("c@c.orga.test");
        new NodeKeyRequest(c, null, KeyKind.P256, csr, temporary.resolve("c.key")).write(store.options());
        store.sign(new SignRequest("c", Files.readAllBytes(csr), c, null, false, false, false), NONE);
        store.renew(new RenewRequest(List.of(Fixtures.A), Duration.ofDays(91), null, false), NONE);
        store.revoke(RevokeRequest.of(Fixtures.B, RevocationReason.SUPERSEDED), NONE);
        store.refreshCrls(new CrlRequest(Duration.ofDays(7), null), NONE);
        store.installCrls(temporary.resolve("crl"));
        var trust = new TrustStore(store);
        trust.exportBundle(NONE);
        trust.diff("bundle", partner.bundle());
        new JavaExport(store).write(Fixtures.A, temporary.resolve("java"), NONE);
        new OtpExport(store).write(Fixtures.A, temporary.resolve("otp"));
        new PemExport(store).write(Fixtures.A, temporary.resolve("pem"));
        new KubernetesExport(store).write(Fixtures.A, temporary.resolve("k8s"));

        assertThat(new StatusCheck(store, null).run().concerns()).isEmpty();
        NodeCertificate node = store.node(Fixtures.A);
        ChainVerifier.verify(
                node.chain(),
                store.certificate("root"),
                store.crls(),
                store.options().clock().instant(),
                node.node());
        assertThat(store.authority("root").key()).isEqualTo("offline");
    }

    @Test
    void saysWhatToDoWhereTheRootIsNeeded() {
        assertThatThrownBy(() -> new TrustStore(store)
                        .importBundle(
                                new ImportRequest(
                                        "bundle",
                                        partner.bundle(),
                                        partner.fingerprint(),
                                        null,
                                        null,
                                        ImportRequest.CROSS_LIFE,
                                        List.of(),
                                        temporary.resolve("usb")),
                                NONE))
                .isInstanceOfSatisfying(CertsException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.KEY_ABSENT);
                    assertThat(e.code().exitCode()).isEqualTo(7);
                    assertThat(e.hint().orElse(""))
                            .isEqualTo("If the root's key is kept offline, add --offline-root DIR where it is at hand");
                })
                .hasMessage(temporary.resolve("usb/key.pem") + ": is not there (expected: the key of root-1)");
        assertThat(new TrustStore(store).partners()).isEmpty();
        Change<IssuedAuthority> asked =
                new AuthorityStore(store).issue(new AuthorityRequest("issuing-2", null, false, null, null), NONE);
        assertThat(asked.value().request()).isPresent();
        assertThatThrownBy(() -> new AuthorityStore(store)
                        .issue(new AuthorityRequest("issuing-2", null, false, null, temporary.resolve("usb")), NONE))
                .isInstanceOfSatisfying(
                        CertsException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.KEY_ABSENT))
                .hasMessageStartingWith(temporary.resolve("usb/key.pem") + ": is not there");
    }

    @Test
    void asksForTheRootsCrlLongBeforeItEnds() {
        OrgStore later = Fixtures.store(temporary.resolve("pki"), Fixtures.NOW.plus(Duration.ofDays(31)));

        Change<List<AuthorityRecord>> change = later.refreshCrls(new CrlRequest(null, null), NONE);

        Path request = temporary.resolve("pki/requests/root-1.json");
        assertThat(change.files()).contains(request.toString());
        assertThat(change.notices().get(0).message())
                .isEqualTo("the CRL of root-1 ends at 2026-05-30T12:00:00Z; renew it with 'certs-tool crl issue"
                        + " --offline-root DIR', or have " + request
                        + " signed by 'certs-tool ca sign' on the root's machine");
        assertThat(later.refreshCrls(new CrlRequest(null, null), NONE).changed())
                .isFalse();
    }
}
