package io.hawser.certs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusCheckTest {
    @TempDir
    private Path temporary;

    private OrgStore store;

    @BeforeEach
    void makeOrganisation() {
        store = Fixtures.newStore(temporary.resolve("pki"));
        store.issue(IssueRequest.of(Fixtures.A, Fixtures.B), SecretSource.none());
    }

    private List<Concern> after(Duration time) {
        return new StatusCheck(Fixtures.store(temporary.resolve("pki"), Fixtures.NOW.plus(time)), null)
                .run()
                .concerns();
    }

    private static Tuple what(String code, String subject) {
        return Tuple.tuple(code, subject);
    }

    @Test
    void findsNothingInAFreshOrganisation() {
        StatusReport report = new StatusCheck(store, null).run();
        assertThat(report.concerns()).isEmpty();
        assertThat(report.nodes()).hasSize(2);
        assertThat(report.authorities()).hasSize(2);
    }

    @Test
    void announcesTheEndOfACrlWellBeforeAndAfter() {
        assertThat(after(Duration.ofDays(9))).isEmpty();
        assertThat(after(Duration.ofDays(10)))
                .extracting(Concern::code, Concern::subject)
                .containsExactly(what("CRL_ENDING", "issuing-1"));
        assertThat(after(Duration.ofDays(15)))
                .extracting(Concern::code, Concern::hint)
                .containsExactly(Tuple.tuple("CRL_EXPIRED", "certs-tool crl issue"));
        Fixtures.store(temporary.resolve("pki"), Fixtures.NOW.plus(Duration.ofDays(15)))
                .refreshCrls(new CrlRequest(null, null), SecretSource.none());
        assertThat(after(Duration.ofDays(15))).isEmpty();
    }

    @Test
    void announcesTheEndOfACrlWhileEveryRuntimeStillAccepts() {
        assertThat(after(Duration.ofDays(10))).isNotEmpty();
        assertThat(verdicts(Duration.ofDays(10))).allMatch(Verdict::accepted);
        assertThat(verdicts(Duration.ofDays(14).minusSeconds(1))).allMatch(Verdict::accepted);
        // the JDK allows for clocks that are a quarter of an hour apart
        assertThat(verdicts(Duration.ofDays(14).plusMinutes(16)))
                .hasSize(5)
                .noneMatch(Verdict::accepted)
                .extracting(Verdict::hint)
                .containsOnly("certs-tool crl issue");
    }

    private List<Verdict> verdicts(Duration time) {
        OrgStore later = Fixtures.store(temporary.resolve("pki"), Fixtures.NOW.plus(time));
        return new Verifier(later, VerifyRequest.of(Fixtures.A)).run();
    }

    @Test
    void announcesNodesThatAreDueMostUrgentFirst() {
        store.issue(
                new IssueRequest(
                        List.of(NodeName.parse("c@c.orga.test")), Duration.ofDays(5), false, false, false, false),
                SecretSource.none());
        assertThat(after(Duration.ofDays(4)))
                .extracting(Concern::code, Concern::subject)
                .containsExactly(what("NODE_DUE", "c@c.orga.test"));
        assertThat(after(Duration.ofDays(6)))
                .extracting(Concern::code, Concern::subject)
                .containsExactly(what("NODE_EXPIRED", "c@c.orga.test"));
        assertThat(after(Duration.ofDays(61)))
                .extracting(Concern::code, Concern::subject)
                .containsExactly(
                        what("NODE_EXPIRED", "c@c.orga.test"),
                        what("CRL_EXPIRED", "issuing-1"),
                        what("CRL_ENDING", "root-1"),
                        what("NODE_DUE", "a@a.orga.test"),
                        what("NODE_DUE", "b@b.orga.test"));
        assertThat(new StatusCheck(store, Duration.ofDays(91)).run().concerns())
                .extracting(Concern::code)
                .containsOnly("NODE_DUE");
    }

    @Test
    void saysNothingOfNodesThatAreRevoked() {
        store.revoke(RevokeRequest.of(Fixtures.A, RevocationReason.UNSPECIFIED), SecretSource.none());
        assertThat(after(Duration.ofDays(13))).extracting(Concern::subject).containsExactly("issuing-1");
        assertThat(new StatusCheck(store, null).run().revokedNodes()).containsExactly(Fixtures.A);
    }

    @Test
    void announcesAuthoritiesThatEnd() {
        assertThat(after(Duration.ofDays(730 - 80)))
                .extracting(Concern::code, Concern::subject)
                .contains(what("CA_ENDING", "issuing-1"));
        assertThat(after(Duration.ofDays(731)))
                .extracting(Concern::code, Concern::subject)
                .contains(what("CA_EXPIRED", "issuing-1"))
                .doesNotContain(what("CA_ENDING", "root-1"));
    }

    @Test
    void findsKeysThatOthersCanReadBadChainsAndUnfinishedWork() throws Exception {
        Path key = temporary.resolve("pki/nodes/a@a.orga.test/gen-0001/key.pem");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        OrgStore other = Fixtures.newStore(temporary.resolve("other"));
        other.issue(IssueRequest.of(Fixtures.B), SecretSource.none());
        Path chain = temporary.resolve("pki/nodes/b@b.orga.test/gen-0001/chain.pem");
        Files.write(chain, Pem.certificates(other.node(Fixtures.B).chain()));
        Files.writeString(temporary.resolve("pki/roster/roster.term"), "");
        assertThat(after(Duration.ZERO))
                .extracting(Concern::code, Concern::subject)
                .containsExactly(
                        what("UNSAFE_PERMISSIONS", key.toString()),
                        what("CHAIN_INVALID", "b@b.orga.test"),
                        what("STORE_UNFINISHED", "roster"));
    }

    @Test
    void announcesThatAPartnersBundleGetsOld() {
        OrgStore partner = Fixtures.newStore(temporary.resolve("b"), Fixtures.orgb(), Fixtures.NOW);
        var bundle = new TrustStore(partner);
        var request = new ImportRequest(
                "f",
                bundle.exportBundle(SecretSource.none()).value(),
                bundle.ownFingerprints().get(0),
                null,
                null,
                Duration.ofDays(40),
                List.of(),
                null);
        new TrustStore(store).importBundle(request, SecretSource.none());
        assertThat(after(Duration.ofDays(9))).isEmpty();
        assertThat(after(Duration.ofDays(11)))
                .extracting(Concern::code, Concern::subject)
                .containsExactly(
                        what("CRL_ENDING", "issuing-1"), what("CRL_ENDING", "orgb"), what("PARTNER_ENDING", "orgb"));
        assertThat(after(Duration.ofDays(41)))
                .extracting(Concern::code, Concern::subject)
                .contains(what("CRL_EXPIRED", "orgb"), what("PARTNER_EXPIRED", "orgb"));
    }
}
