package io.hawser.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrgStoreTest {
    @TempDir
    private Path temporary;

    private Path pki() {
        return temporary.resolve("pki");
    }

    private static IssueRequest life(int days, boolean newGeneration) {
        return new IssueRequest(List.of(Fixtures.A), Duration.ofDays(days), newGeneration, false, false, false);
    }

    private static ErrorCode codeOf(Runnable action) {
        try {
            action.run();
        } catch (CertsException e) {
            return e.code();
        }
        throw new AssertionError("no error");
    }

    @Test
    void laysOutAnOrganisation() {
        Change<OrgConfig> change =
                Fixtures.store(pki(), Fixtures.NOW).init(Fixtures.plain(Fixtures.orga()), SecretSource.none());

        assertThat(change.changed()).isTrue();
        assertThat(Fixtures.snapshot(pki()).keySet())
                .containsExactly(
                        "",
                        ".lock",
                        "ca",
                        "ca/issuing-1",
                        "ca/issuing-1/cert.pem",
                        "ca/issuing-1/chain.pem",
                        "ca/issuing-1/crl.pem",
                        "ca/issuing-1/key.pem",
                        "ca/root-1",
                        "ca/root-1/cert.pem",
                        "ca/root-1/crl.pem",
                        "ca/root-1/key.pem",
                        "log",
                        "log/events.jsonl",
                        "nodes",
                        "org.yaml",
                        "roster",
                        "roster/roster.json",
                        "roster/roster.term",
                        "state",
                        "state/audit.json");
        assertThat(change.files()).contains(pki().resolve("ca/root-1/key.pem").toString());
    }

    @Test
    void changesNoByteTheSecondTime() {
        OrgStore store = Fixtures.newStore(pki());
        store.issue(IssueRequest.of(Fixtures.A, Fixtures.B), SecretSource.none());
        Map<String, String> before = Fixtures.snapshot(pki());

        assertThat(store.init(Fixtures.plain(Fixtures.orga()), SecretSource.none())
                        .changed())
                .isFalse();
        assertThat(store.issue(IssueRequest.of(Fixtures.A, Fixtures.B), SecretSource.none())
                        .changed())
                .isFalse();
        assertThat(Fixtures.snapshot(pki())).isEqualTo(before);
    }

    @Test
    void keepsAnOrganisationThatDiffers() {
        OrgStore store = Fixtures.newStore(pki());
        Map<String, String> before = Fixtures.snapshot(pki());
        OrgConfig org = Fixtures.orga();
        var name = new OrgConfig("orgb", org.namespace(), org.policy());
        var domain = new OrgConfig("orga", new Namespace("orgb.test", "orga.test"), org.policy());
        var key = new OrgConfig(
                "orga", org.namespace(), org.policy().with(Duration.ofDays(3650), Duration.ofDays(730), KeyKind.P384));
        var life = new OrgConfig(
                "orga", org.namespace(), org.policy().with(Duration.ofDays(3650), Duration.ofDays(9), KeyKind.P256));

        for (OrgRequest request : List.of(
                Fixtures.plain(name),
                Fixtures.plain(domain),
                Fixtures.plain(key),
                Fixtures.plain(life),
                new OrgRequest(org, true, null),
                new OrgRequest(org, false, temporary.resolve("usb")))) {
            assertThat(codeOf(() -> store.init(request, Fixtures.secret("x")))).isEqualTo(ErrorCode.ORG_EXISTS);
        }
        assertThat(Fixtures.snapshot(pki())).isEqualTo(before);
    }

    @Test
    void encryptsBothKeysAndAsksOnlyWhenItSigns() {
        OrgStore store = Fixtures.store(pki(), Fixtures.NOW);
        store.init(new OrgRequest(Fixtures.orga(), true, null), Fixtures.secret("correct horse"));

        assertThat(store.authorities()).extracting(AuthorityRecord::key).containsOnly("encrypted");
        assertThat(codeOf(() -> store.issue(IssueRequest.of(Fixtures.A), SecretSource.none())))
                .isEqualTo(ErrorCode.PASSPHRASE_NEEDED);
        assertThat(codeOf(() -> store.issue(IssueRequest.of(Fixtures.A), Fixtures.secret("wrong"))))
                .isEqualTo(ErrorCode.PASSPHRASE_WRONG);
        assertThat(store.nodes()).isEmpty();
        store.issue(IssueRequest.of(Fixtures.A), Fixtures.secret("correct horse"));
        assertThat(store.issue(IssueRequest.of(Fixtures.A), use -> {
                            throw new AssertionError("asked for a secret");
                        })
                        .changed())
                .isFalse();
    }

    @Test
    void keepsTheRootKeyElsewhereWhenOffline() {
        Path usb = temporary.resolve("usb");
        OrgStore store = Fixtures.store(pki(), Fixtures.NOW);
        var request = new OrgRequest(Fixtures.orga(), false, usb);

        store.init(request, SecretSource.none());

        assertThat(usb.resolve("key.pem")).isRegularFile();
        assertThat(pki().resolve("ca/root-1/key.pem")).doesNotExist();
        assertThat(pki().resolve(".init")).doesNotExist();
        assertThat(store.authorities().get(0).key()).isEqualTo("offline");
        assertThat(store.init(request, SecretSource.none()).changed()).isFalse();
        assertThat(store.issue(IssueRequest.of(Fixtures.A), SecretSource.none()).changed())
                .isTrue();
    }

    @Test
    void issuesAChainThatTheJdkAccepts() {
        OrgStore store = Fixtures.newStore(pki());
        NodeCertificate node = store.issue(IssueRequest.of(Fixtures.A), SecretSource.none())
                .value()
                .get(0);

        assertThat(node.chain()).hasSize(2);
        assertThat(KeyMatch.matches(store.key(node), node.certificate())).isTrue();
        ChainVerifier.verify(
                node.chain(),
                store.certificate("root"),
                List.of(store.crl("root"), store.crl("issuing")),
                Fixtures.NOW,
                node.node());
        assertThat(pki().resolve("nodes/a@a.orga.test/current/chain.pem"))
                .hasSameBinaryContentAs(node.directory().resolve("chain.pem"));
        assertThat(pki().resolve("roster/roster.term"))
                .content()
                .endsWith("\n\"spiffe://orga.test/node/a.orga.test/a\".\n");
    }

    @Test
    void refusesAnotherLifetimeUnlessANewGenerationIsAskedFor() {
        OrgStore store = Fixtures.newStore(pki());
        store.issue(life(30, false), SecretSource.none());

        assertThat(store.issue(life(30, false), SecretSource.none()).changed()).isFalse();
        assertThatThrownBy(() -> store.issue(life(60, false), SecretSource.none()))
                .hasMessage("a@a.orga.test: has a certificate with lifetime 30d, not 60d");
        assertThat(store.issue(life(60, true), SecretSource.none())
                        .value()
                        .get(0)
                        .generation())
                .isEqualTo(2);
        assertThat(store.issue(life(60, true), SecretSource.none()).changed()).isFalse();
        assertThat(store.generations(Fixtures.A)).hasSize(2);
    }

    @Test
    void recognisesAClampedLifetimeAsTheOneAskedFor() {
        OrgConfig org = Fixtures.orga();
        var brief = new OrgConfig(
                "orga", org.namespace(), org.policy().with(Duration.ofDays(99), Duration.ofDays(40), KeyKind.P256));
        OrgStore store = Fixtures.store(pki(), Fixtures.NOW);
        store.init(Fixtures.plain(brief), SecretSource.none());

        Change<List<NodeCertificate>> change = store.issue(life(60, false), SecretSource.none());

        assertThat(change.notices()).extracting(Notice::code).containsExactly("LIFE_CLAMPED");
        assertThat(store.issue(life(60, false), SecretSource.none()).changed()).isFalse();
    }

    @Test
    void renewsWhatIsDueAndTheCrlWithIt() {
        Fixtures.newStore(pki()).issue(IssueRequest.of(Fixtures.A), SecretSource.none());
        Instant later = Fixtures.NOW.plus(Duration.ofDays(60));
        OrgStore store = Fixtures.store(pki(), later);
        X509Certificate before = store.node(Fixtures.A).certificate();

        store.issue(new IssueRequest(List.of(Fixtures.A), null, false, true, false, false), SecretSource.none());

        NodeCertificate renewed = store.node(Fixtures.A);
        assertThat(renewed.generation()).isEqualTo(2);
        assertThat(renewed.notAfter()).isEqualTo(later.plus(Duration.ofDays(90)));
        assertThat(renewed.certificate().getPublicKey()).isEqualTo(before.getPublicKey());
        assertThat(CrlIssuer.number(store.crl("issuing"))).isEqualTo(2);
        assertThat(pki().resolve("nodes/a@a.orga.test/current")).isSymbolicLink();
    }

    @Test
    void refusesAllNamesBeforeItIssuesAny() {
        OrgStore store = Fixtures.newStore(pki());
        var outside = IssueRequest.of(Fixtures.A, NodeName.parse("x@x.orgb.test"));
        var shared = IssueRequest.of(Fixtures.A, NodeName.parse("x@a.orga.test"));

        assertThat(codeOf(() -> store.issue(outside, SecretSource.none()))).isEqualTo(ErrorCode.NAME_OUTSIDE_NAMESPACE);
        assertThat(codeOf(() -> store.issue(shared, SecretSource.none()))).isEqualTo(ErrorCode.HOST_SHARED);
        assertThat(codeOf(() -> store.issue(life(366, false), SecretSource.none())))
                .isEqualTo(ErrorCode.LIFE_REFUSED);
        assertThat(store.nodes()).isEmpty();
        var allowed = new IssueRequest(shared.nodes(), null, false, false, true, false);
        assertThat(store.issue(allowed, SecretSource.none()).notices())
                .extracting(Notice::code)
                .containsExactly("HOST_SHARED");
    }

    @Test
    void writesNothingInADryRun() {
        var options = new StoreOptions(Fixtures.at(Fixtures.NOW), true, false, (node, done) -> {});
        Change<OrgConfig> plan = OrgStore.at(pki(), options).init(Fixtures.plain(Fixtures.orga()), SecretSource.none());
        assertThat(pki()).doesNotExist();

        Change<OrgConfig> done =
                Fixtures.store(pki(), Fixtures.NOW).init(Fixtures.plain(Fixtures.orga()), SecretSource.none());
        assertThat(plan.files()).isEqualTo(done.files());

        Map<String, String> before = Fixtures.snapshot(pki());
        var issued = OrgStore.at(pki(), options).issue(IssueRequest.of(Fixtures.A), SecretSource.none());
        assertThat(issued.files()).hasSize(6);
        assertThat(Fixtures.snapshot(pki())).isEqualTo(before);
    }

    @Test
    void refusesKeysThatOthersCanRead() throws Exception {
        OrgStore store = Fixtures.newStore(pki());
        Path key = pki().resolve("ca/issuing-1/key.pem");

        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> store.issue(IssueRequest.of(Fixtures.A), SecretSource.none()))
                .hasMessage(key + ": others may read or write it (mode rw-r-----)");
        var lenient = new StoreOptions(Fixtures.at(Fixtures.NOW), false, true, (node, done) -> {});
        OrgStore.at(pki(), lenient).issue(IssueRequest.of(Fixtures.A), SecretSource.none());

        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw----r--"));
        assertThat(codeOf(() -> OrgStore.at(pki(), lenient).issue(IssueRequest.of(Fixtures.B), SecretSource.none())))
                .isEqualTo(ErrorCode.UNSAFE_PERMISSIONS);

        Path moved = Files.move(key, temporary.resolve("moved.pem"));
        Files.createSymbolicLink(key, moved);
        assertThat(codeOf(() -> store.issue(IssueRequest.of(Fixtures.B), SecretSource.none())))
                .isEqualTo(ErrorCode.UNSAFE_FILE);
        Files.delete(key);
        assertThat(codeOf(() -> store.issue(IssueRequest.of(Fixtures.B), SecretSource.none())))
                .isEqualTo(ErrorCode.KEY_ABSENT);
    }

    @Test
    void saysWhoHoldsTheLock() {
        OrgStore store = Fixtures.newStore(pki());
        StoreLock lock = StoreLock.take(pki().resolve(".lock"), Fixtures.NOW);
        try {
            assertThatThrownBy(() -> store.issue(IssueRequest.of(Fixtures.A), SecretSource.none()))
                    .hasMessage(pki().resolve(".lock") + ": held by process "
                            + ProcessHandle.current().pid() + " since 2026-03-01T12:00:00Z");
            assertThat(store.nodes()).isEmpty(); // reading needs no lock
        } finally {
            lock.close();
        }
        assertThat(store.issue(IssueRequest.of(Fixtures.A), SecretSource.none()).changed())
                .isTrue();
    }

    @Test
    void saysWhereThereIsNoOrganisation() {
        assertThatThrownBy(() -> Fixtures.store(pki(), Fixtures.NOW).config())
                .hasMessage(pki() + ": holds no organisation");
        assertThat(pki()).doesNotExist();
    }

    @Test
    void neverOverwritesCaKeysWhoseOrgYamlIsLost() throws Exception {
        OrgStore store = Fixtures.newStore(pki());
        Files.delete(pki().resolve("org.yaml"));
        Map<String, String> before = Fixtures.snapshot(pki());

        assertThat(codeOf(() -> store.init(Fixtures.plain(Fixtures.orga()), SecretSource.none())))
                .isEqualTo(ErrorCode.ORG_EXISTS);
        assertThat(Fixtures.snapshot(pki())).isEqualTo(before);
    }

    @Test
    void namesTheKeyOfOrgYamlThatIsWrong() throws Exception {
        OrgStore store = Fixtures.newStore(pki());
        Path yaml = pki().resolve("org.yaml");
        String good = Files.readString(yaml);

        Files.writeString(yaml, good.replace("node_life: 90d", "node_life: soon"));
        assertThatThrownBy(store::config).hasMessage(yaml + ": 'soon' is no length of time (expected: 90d, 36h, 2y)");
        Files.writeString(yaml, good.replace("org: \"orga\"", ""));
        assertThatThrownBy(store::config).hasMessage(yaml + ": 'org' is missing");
        Files.writeString(yaml, "a: [");
        assertThat(codeOf(store::config)).isEqualTo(ErrorCode.FILE_INVALID);
        assertThat(Optional.of(good))
                .hasValue(new String(Fixtures.orga().toYaml(), java.nio.charset.StandardCharsets.UTF_8));
    }
}
