package io.hawser.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifierTest {
    private static final NodeName PARTNER = NodeName.parse("b@b.orgb.test");

    @TempDir
    private Path temporary;

    private OrgStore store;

    @BeforeEach
    void makeOrganisation() {
        store = Fixtures.newStore(temporary.resolve("pki"));
        store.issue(IssueRequest.of(Fixtures.A, Fixtures.B), SecretSource.none());
    }

    private List<Verdict> after(Duration time, VerifyRequest request) {
        return new Verifier(Fixtures.store(temporary.resolve("pki"), Fixtures.NOW.plus(time)), request).run();
    }

    private static VerifyRequest file(byte[] content, String against) {
        return new VerifyRequest(
                List.of(), Map.of("f.pem", content), List.of(Judge.values()), against, null, Map.of(), false);
    }

    private OrgStore partner() {
        OrgStore partner = Fixtures.newStore(temporary.resolve("partner"), Fixtures.orgb(), Fixtures.NOW);
        partner.issue(IssueRequest.of(PARTNER), SecretSource.none());
        var bundle = new TrustStore(partner);
        new TrustStore(store)
                .importBundle(
                        ImportRequest.of(
                                "f",
                                bundle.exportBundle(SecretSource.none()).value(),
                                bundle.ownFingerprints().get(0)),
                        SecretSource.none());
        return partner;
    }

    @Test
    void findsThatEveryRuntimeTakesItsNodes() {
        assertThat(after(Duration.ZERO, VerifyRequest.of(Fixtures.A, Fixtures.B)))
                .hasSize(10)
                .allMatch(Verdict::accepted)
                .allMatch(
                        verdict -> verdict.reason().isEmpty() && verdict.hint().isEmpty());
    }

    @Test
    void saysWhatIsOverAndWhichCommandHelps() {
        assertThat(after(Duration.ofDays(15), VerifyRequest.of(Fixtures.A)))
                .hasSize(5)
                .noneMatch(Verdict::accepted)
                .extracting(Verdict::hint)
                .containsOnly("certs-tool crl issue");
        Fixtures.store(temporary.resolve("pki"), Fixtures.NOW.plus(Duration.ofDays(91)))
                .refreshCrls(new CrlRequest(null, null), SecretSource.none());
        assertThat(after(Duration.ofDays(91), VerifyRequest.of(Fixtures.A)))
                .noneMatch(Verdict::accepted)
                .extracting(Verdict::hint)
                .containsOnly("certs-tool node renew a@a.orga.test");
    }

    @Test
    void saysThatANodeIsRevoked() {
        store.revoke(RevokeRequest.of(Fixtures.A, RevocationReason.KEY_COMPROMISE), SecretSource.none());
        assertThat(after(Duration.ZERO, VerifyRequest.of(Fixtures.A)))
                .noneMatch(Verdict::accepted)
                .extracting(Verdict::hint)
                .containsOnly("certs-tool node show a@a.orga.test");
    }

    @Test
    void judgesNodesAsAPartnerSeesThemAndThePartnersWithinItsFence() {
        OrgStore partner = partner();
        var seen = new VerifyRequest(
                List.of(Fixtures.A), Map.of(), List.of(Judge.values()), "orgb", null, Map.of(), false);
        assertThat(after(Duration.ZERO, seen)).allMatch(Verdict::accepted);
        byte[] chain = Pem.certificates(partner.node(PARTNER).chain());
        assertThat(after(Duration.ZERO, file(chain, "orgb"))).allMatch(Verdict::accepted);

        var random = new java.security.SecureRandom();
        var issuing = new CertificateAuthority(
                partner.certificate("issuing"),
                partner.signer("issuing", SecretSource.none()),
                Fixtures.at(Fixtures.NOW),
                random);
        byte[] minted = Pem.certificates(List.of(
                issuing.node(
                        Fixtures.orga(),
                        Fixtures.A,
                        KeyKind.P256.generate(random).getPublic(),
                        Duration.ofDays(1)),
                issuing.certificate()));
        assertThat(after(Duration.ZERO, file(minted, "orgb")))
                .noneMatch(Verdict::accepted)
                .extracting(Verdict::hint)
                .containsOnly("certs-tool lint f.pem");
        assertThatThrownBy(() -> after(Duration.ZERO, file(minted, "orgc"))).hasMessage("there is no partner orgc");
    }

    @Test
    void saysWhatARuntimeDoesNotNotice() {
        ChainCases.Case blind = ChainCases.all().stream()
                .filter(each -> each.name().equals("the ending of the second permitted name"))
                .findFirst()
                .orElseThrow();
        var request = new VerifyRequest(
                List.of(),
                Map.of("f.pem", Pem.certificates(blind.presented().chain())),
                List.of(Judge.OTP25, Judge.OTP27),
                null,
                null,
                Map.of("root.pem", Pem.certificates(blind.presented().roots())),
                false);
        var options = StoreOptions.of(java.time.Clock.systemUTC());
        List<Verdict> verdicts = new Verifier(OrgStore.at(temporary.resolve("none"), options), request).run();
        assertThat(verdicts).extracting(Verdict::accepted).containsExactly(true, false);
        assertThat(verdicts.get(0).reason())
                .isEqualTo("does not notice that the name evilorga.test is outside the name constraints");
        assertThat(verdicts.get(1).reason())
                .isEqualTo("as listener: the DNS name evilorga.test is outside the name constraints");
    }

    @Test
    @NeedsProgram("openssl")
    void asksTheProgramsThemselves() {
        var request =
                new VerifyRequest(List.of(Fixtures.A), Map.of(), List.of(Judge.OPENSSL), null, null, Map.of(), true);
        assertThat(after(Duration.ZERO, request)).allMatch(verdict -> verdict.accepted() && verdict.live());
        assertThat(after(Duration.ofDays(15), request))
                .singleElement()
                .satisfies(verdict -> assertThat(verdict.hint()).isEqualTo("certs-tool crl issue"));
    }
}
