package io.hawser.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RevocationTest {
    @TempDir
    private Path temporary;

    private OrgStore store;

    @BeforeEach
    void makeOrganisation() {
        store = Fixtures.newStore(temporary.resolve("pki"));
        store.issue(IssueRequest.of(Fixtures.A, Fixtures.B), SecretSource.none());
    }

    private OrgStore after(int days) {
        return Fixtures.store(temporary.resolve("pki"), Fixtures.NOW.plus(Duration.ofDays(days)));
    }

    private static void verify(OrgStore store, NodeCertificate node) {
        ChainVerifier.verify(
                node.chain(),
                store.certificate("root"),
                store.crls(),
                store.options().clock().instant(),
                node.node());
    }

    @Test
    void revokesEveryLiveGenerationAndTakesTheNodeOffTheRoster() throws Exception {
        after(60).renew(new RenewRequest(List.of(Fixtures.A), null, null, false), SecretSource.none());
        OrgStore later = after(61);

        Change<List<NodeCertificate>> change =
                later.revoke(RevokeRequest.of(Fixtures.A, RevocationReason.KEY_COMPROMISE), SecretSource.none());

        assertThat(change.value()).extracting(NodeCertificate::generation).containsExactly(1, 2);
        change.value()
                .forEach(node -> assertThatThrownBy(() -> verify(later, node))
                        .hasMessageContaining("Certificate has been revoked, reason: KEY_COMPROMISE"));
        verify(later, later.node(Fixtures.B));
        JsonNode roster = new ObjectMapper()
                .readTree(temporary.resolve("pki/roster/roster.json").toFile());
        assertThat(roster.path("nodes").findValuesAsText("node")).containsExactly("b@b.orga.test");
        assertThat(roster.path("denied").findValuesAsText("serial"))
                .containsExactlyInAnyOrder(
                        change.value().get(0).serial(), change.value().get(1).serial());
        assertThat(temporary.resolve("pki/roster/roster.term"))
                .content()
                .endsWith("by certs-tool.\n\"spiffe://orga.test/node/b.orga.test/b\".\n");

        Map<String, String> before = Fixtures.snapshot(temporary);
        assertThat(later.revoke(RevokeRequest.of(Fixtures.A, RevocationReason.SUPERSEDED), SecretSource.none())
                        .changed())
                .isFalse();
        assertThat(Fixtures.snapshot(temporary)).isEqualTo(before);
    }

    @Test
    void leavesTheNodeInWhenOnlyAnOldGenerationIsRevoked() {
        after(60).renew(new RenewRequest(List.of(Fixtures.A), null, null, false), SecretSource.none());
        OrgStore later = after(61);
        NodeCertificate old = later.generations(Fixtures.A).get(0);

        later.revoke(
                RevokeRequest.of(new BigInteger(old.serial(), 16), RevocationReason.SUPERSEDED), SecretSource.none());

        assertThatThrownBy(() -> verify(later, old)).hasMessageContaining("SUPERSEDED");
        verify(later, later.node(Fixtures.A));
        assertThat(temporary.resolve("pki/roster/roster.term")).content().contains("a.orga.test");
        assertThat(later.revoked())
                .singleElement()
                .extracting(Revocation::reason, Revocation::node)
                .containsExactly("superseded", java.util.Optional.of(Fixtures.A));
        var second = new RevokeRequest(Fixtures.A, 2, null, RevocationReason.UNSPECIFIED);
        assertThat(later.revoke(second, SecretSource.none()).changed()).isTrue();
        assertThat(later.revoked()).hasSize(2);
    }

    @Test
    void keepsARevokedNodeOutUntilSomeoneSaysOtherwise() {
        store.revoke(RevokeRequest.of(Fixtures.A, RevocationReason.KEY_COMPROMISE), SecretSource.none());
        OrgStore later = after(80);

        assertThatThrownBy(() -> later.issue(IssueRequest.of(Fixtures.A), SecretSource.none()))
                .hasMessage("a@a.orga.test: its certificate was revoked at 2026-03-01T11:50:00Z (keyCompromise)");
        assertThat(later.renew(RenewRequest.due(), SecretSource.none()).value())
                .extracting(NodeCertificate::node)
                .containsExactly(Fixtures.B);
        assertThat(new PemExport(later)
                        .write(Fixtures.A, temporary.resolve("pem"))
                        .notices())
                .extracting(Notice::code)
                .contains("CERTIFICATE_REVOKED");

        var reinstate = new IssueRequest(List.of(Fixtures.A), null, false, true, false, true);
        NodeCertificate fresh =
                later.issue(reinstate, SecretSource.none()).value().get(0);
        assertThat(fresh.generation()).isEqualTo(2);
        assertThat(fresh.certificate().getPublicKey())
                .isNotEqualTo(later.generations(Fixtures.A).get(0).certificate().getPublicKey());
        assertThat(later.issue(reinstate, SecretSource.none()).changed()).isFalse();
        verify(later, fresh);
    }

    @Test
    void refusesWhatIsNotThere() {
        assertThatThrownBy(() -> store.revoke(
                        RevokeRequest.of(BigInteger.TEN, RevocationReason.UNSPECIFIED), SecretSource.none()))
                .hasMessage("orga has no certificate with the number a");
        assertThatThrownBy(() -> store.revoke(
                        new RevokeRequest(Fixtures.A, 7, null, RevocationReason.UNSPECIFIED), SecretSource.none()))
                .hasMessage("a@a.orga.test: has no generation 7");
        assertThat(after(300)
                        .revoke(RevokeRequest.of(Fixtures.A, RevocationReason.UNSPECIFIED), SecretSource.none())
                        .notices())
                .extracting(Notice::code)
                .containsExactly("NOTHING_LIVE");
    }

    @Test
    void renewsCrlsWhenTheyAreOldEnough() throws Exception {
        store.revoke(RevokeRequest.of(Fixtures.A, RevocationReason.UNSPECIFIED), SecretSource.none());
        var plain = new CrlRequest(null, null);
        assertThat(store.refreshCrls(plain, SecretSource.none()).changed()).isFalse();

        assertThat(after(2).refreshCrls(plain, SecretSource.none()).files()).hasSize(1);
        OrgStore later = after(31);
        assertThat(later.refreshCrls(plain, SecretSource.none()).files()).hasSize(2);
        assertThat(later.refreshCrls(plain, SecretSource.none()).changed()).isFalse();
        assertThat(CrlIssuer.number(later.crl("root"))).isEqualTo(2);
        assertThat(CrlIssuer.number(later.crl("issuing"))).isEqualTo(4);
        assertThat(later.revoked()).hasSize(1);
        var week = new CrlRequest(Duration.ofDays(7), null);
        assertThat(later.refreshCrls(week, SecretSource.none()).changed()).isTrue();
        assertThat(later.refreshCrls(week, SecretSource.none()).changed()).isFalse();
        assertThat(later.crl("issuing").getNextUpdate().toInstant()).isEqualTo(Fixtures.NOW.plus(Duration.ofDays(38)));
    }

    @Test
    void renewsTheRootsCrlWithAKeyThatIsKeptElsewhere() throws Exception {
        Path usb = temporary.resolve("usb");
        Path pki = temporary.resolve("offline");
        Fixtures.store(pki, Fixtures.NOW).init(new OrgRequest(Fixtures.orga(), true, usb), Fixtures.secret("pass"));
        OrgStore later = Fixtures.store(pki, Fixtures.NOW.plus(Duration.ofDays(40)));
        int[] asked = {0};
        SecretSource once = use -> {
            asked[0]++;
            return java.util.Optional.of("pass".toCharArray());
        };

        assertThat(later.refreshCrls(new CrlRequest(null, null), once).notices())
                .extracting(Notice::code)
                .containsExactly("ROOT_CRL_DUE");
        assertThat(later.refreshCrls(new CrlRequest(null, usb), once).files()).hasSize(1);
        assertThat(asked[0]).isEqualTo(2);
        assertThat(CrlIssuer.number(later.crl("root"))).isEqualTo(2);
        Files.copy(pki.resolve("ca/issuing-1/key.pem"), temporary.resolve("key.pem"));
        OrgStore evenLater = Fixtures.store(pki, Fixtures.NOW.plus(Duration.ofDays(80)));
        assertThatThrownBy(() -> evenLater.refreshCrls(new CrlRequest(null, temporary), once))
                .hasMessage(temporary + ": holds another key than that of root-1");
    }

    @Test
    @NeedsProgram("openssl")
    void installsCrlsWhereOpensslLooks() throws Exception {
        store.revoke(RevokeRequest.of(Fixtures.A, RevocationReason.KEY_COMPROMISE), SecretSource.none());
        Path hashed = temporary.resolve("crl");
        assertThat(store.installCrls(hashed).files()).hasSize(2);
        assertThat(store.installCrls(hashed).changed()).isFalse();
        new PemExport(store).write(Fixtures.A, temporary.resolve("a"));
        new PemExport(store).write(Fixtures.B, temporary.resolve("b"));
        Files.copy(
                temporary.resolve("b/trust.pem"),
                hashed.resolve(OpensslNameHash.of(store.certificate("root").getSubjectX500Principal()) + ".0"));

        assertThat(opensslVerify(hashed, "b").exit()).isZero();
        assertThat(opensslVerify(hashed, "a").output()).contains("certificate revoked");

        after(2).refreshCrls(new CrlRequest(null, null), SecretSource.none());
        assertThat(after(2).installCrls(hashed).files()).hasSize(1);
        assertThat(opensslVerify(hashed, "a").output()).contains("certificate revoked");
    }

    private Processes.Result opensslVerify(Path hashed, String node) {
        String cert = temporary.resolve(node).resolve("cert.pem").toString();
        return Processes.run(
                "openssl",
                "verify",
                "-attime",
                Long.toString(Fixtures.NOW.plusSeconds(60).getEpochSecond()),
                "-x509_strict",
                "-crl_check_all",
                "-CApath",
                hashed.toString(),
                "-untrusted",
                cert,
                cert);
    }
}
