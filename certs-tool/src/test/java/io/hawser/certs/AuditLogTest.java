package io.hawser.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
    @TempDir
    private Path temporary;

    private OrgStore store;
    private Path events;

    @BeforeEach
    void changeSomeThings() {
        store = Fixtures.newStore(temporary.resolve("pki"));
        events = temporary.resolve("pki/log/events.jsonl");
        store.issue(IssueRequest.of(Fixtures.A, Fixtures.B), SecretSource.none());
        store.issue(IssueRequest.of(Fixtures.A, Fixtures.B), SecretSource.none());
        store.revoke(RevokeRequest.of(Fixtures.A, RevocationReason.KEY_COMPROMISE), SecretSource.none());
        new TrustStore(store).exportBundle(SecretSource.none());
    }

    private AuditReport verify() {
        return new AuditLog(store).verify(null);
    }

    private List<String> findings() {
        return verify().findings();
    }

    private List<String> lines() throws Exception {
        return new ArrayList<>(Files.readAllLines(events));
    }

    private void write(List<String> lines) throws Exception {
        Files.write(events, lines);
    }

    @Test
    void tellsOfEachChangeOnceAndOfNoneThatWasNot() {
        List<AuditEntry> entries = new AuditLog(store).entries(null, null);
        assertThat(entries)
                .extracting(AuditEntry::number, AuditEntry::operation, AuditEntry::interrupted)
                .containsExactly(
                        Tuple.tuple(1L, "org init", false),
                        Tuple.tuple(2L, "node issue", false),
                        Tuple.tuple(3L, "revoke", false),
                        Tuple.tuple(4L, "trust export", false));
        assertThat(entries.get(0).subjects())
                .extracting(AuditSubject::subject, AuditSubject::what)
                .contains(
                        Tuple.tuple("issuing-1", "certificate"),
                        Tuple.tuple("issuing-1", "crl"),
                        Tuple.tuple("root-1", "certificate"),
                        Tuple.tuple("org.yaml", "file"));
        String serial = store.node(Fixtures.A).serial();
        assertThat(entries.get(1).subjects())
                .contains(new AuditSubject("a@a.orga.test", "certificate", List.of(serial), "gen-0001"));
        assertThat(entries.get(2).subjects())
                .contains(new AuditSubject("issuing-1", "crl", List.of(serial), "number 2, revokes"));
        assertThat(verify())
                .extracting(AuditReport::findings, AuditReport::notes)
                .containsOnly(List.of());
    }

    @Test
    void findsWhatWasAboutANodeOrSinceATime() {
        OrgStore later = Fixtures.store(temporary.resolve("pki"), Fixtures.NOW.plus(Duration.ofDays(3)));
        later.refreshCrls(new CrlRequest(null, null), SecretSource.none());
        var log = new AuditLog(store);
        assertThat(log.entries(null, "b@b.orga.test"))
                .extracting(AuditEntry::number)
                .containsExactly(2L);
        assertThat(log.entries(null, store.node(Fixtures.A).serial()))
                .extracting(AuditEntry::number)
                .containsExactly(2L, 3L);
        assertThat(log.entries(Fixtures.NOW.plus(Duration.ofDays(1)), null))
                .extracting(AuditEntry::operation)
                .containsExactly("crl issue");
    }

    @Test
    void namesTheLineThatWasChanged() throws Exception {
        for (int changed = 0; changed < 4; changed++) {
            List<String> original = lines();
            List<String> lines = lines();
            lines.set(changed, lines.get(changed).replace("2026-03-01", "2026-03-02"));
            write(lines);
            assertThat(findings()).singleElement().asString().startsWith("entry " + (changed + 1) + ": was changed");
            write(original);
        }
        List<String> lines = lines();
        lines.set(1, "{}");
        write(lines);
        assertThat(findings()).contains("line 2: is no entry");
    }

    @Test
    void namesTheLinesThatAreGoneOrMoved() throws Exception {
        List<String> original = lines();
        for (int gone = 0; gone < 4; gone++) {
            List<String> lines = new ArrayList<>(original);
            lines.remove(gone);
            write(lines);
            assertThat(findings().get(0)).startsWith("entry " + (gone + 1) + ": is missing");
        }
        write(original.subList(0, 1));
        assertThat(findings()).containsExactly("entries 2 to 4: are missing at the end");
        List<String> moved = new ArrayList<>(original);
        Collections.swap(moved, 1, 2);
        write(moved);
        assertThat(findings()).contains("entry 2: is missing before line 2");
        assertThat(findings()).anyMatch(finding -> finding.endsWith("so lines were moved"));
        Files.delete(events);
        assertThat(findings()).containsExactly("entries 1 to 4: are missing: the log is gone");
    }

    @Test
    void tellsForEverOfLinesThatWereCutOffBeforeAChange() throws Exception {
        byte[] whole = Files.readAllBytes(events);
        for (int keep :
                new int[] {whole.length - 1, whole.length - 40, lines().get(0).length() + 1, 3, 0}) {
            Files.write(events, java.util.Arrays.copyOf(whole, keep));
            assertThat(findings()).as("%d bytes left", keep).isNotEmpty();
        }
        Files.write(events, java.util.Arrays.copyOf(whole, lines().isEmpty() ? 0 : whole.length - 40));
        store.issue(IssueRequest.of(NodeName.parse("c@c.orga.test")), SecretSource.none());
        assertThat(findings()).isNotEmpty();
        assertThat(new AuditLog(store).entries(null, "c@c.orga.test"))
                .extracting(AuditEntry::number)
                .containsExactly(5L);
    }

    @Test
    void comparesWithAHeadThatWasKept() throws Exception {
        String head = verify().head();
        assertThat(head).startsWith("4:");
        OrgStore other = Fixtures.newStore(temporary.resolve("other"));
        for (int i = 0; i < 4; i++) {
            other.issue(IssueRequest.of(NodeName.parse("n" + i + "@n" + i + ".orga.test")), SecretSource.none());
        }
        assertThat(new AuditLog(store).verify(head).findings()).isEmpty();
        assertThat(new AuditLog(other).verify(null).findings()).isEmpty();
        assertThat(new AuditLog(other).verify(head).findings())
                .containsExactly("entry 4: is not the one whose hash was kept");
        assertThatThrownBy(() -> new AuditLog(store).verify("4")).hasMessage("the head is not NUMBER:HASH");
    }

    @Test
    void beginsWithWhatThereIsInAStoreThatHadNoLog() throws Exception {
        Files.delete(events);
        Files.delete(temporary.resolve("pki/state/audit.json"));
        assertThat(findings()).containsExactly("there is no log");
        new TrustStore(store).exportBundle(SecretSource.none());
        store.issue(IssueRequest.of(NodeName.parse("c@c.orga.test")), SecretSource.none());
        List<AuditEntry> entries = new AuditLog(store).entries(null, null);
        assertThat(entries).extracting(AuditEntry::operation).containsExactly("log begin", "node issue");
        assertThat(entries.get(0).concerns("a@a.orga.test")).isTrue();
        assertThat(findings()).isEmpty();
    }

    @Test
    void logsAPartnerThatCameAndWent() {
        OrgStore partner = Fixtures.newStore(temporary.resolve("partner"), Fixtures.orgb(), Fixtures.NOW);
        var other = new TrustStore(partner);
        var trust = new TrustStore(store);
        trust.importBundle(
                ImportRequest.of(
                        "f",
                        other.exportBundle(SecretSource.none()).value(),
                        other.ownFingerprints().get(0)),
                SecretSource.none());
        String serial = trust.partners().get(0).cross().get(0).getSerialNumber().toString(16);
        trust.remove("orgb", null, SecretSource.none());
        List<AuditEntry> entries = new AuditLog(store).entries(null, "orgb");
        assertThat(entries).extracting(AuditEntry::operation).containsExactly("trust import", "trust remove");
        assertThat(entries.get(0).concerns(serial)).isTrue();
        assertThat(entries.get(1).subjects())
                .contains(new AuditSubject("orgb", "partner", List.of(), "removed"))
                .anyMatch(subject ->
                        subject.what().equals("crl") && subject.serials().contains(serial));
        assertThat(findings()).isEmpty();
    }

    @Test
    void logsExportsAndWhoseKeyTheyHandedOut() {
        Path to = temporary.resolve("b");
        var export = new PemExport(store);
        assertThat(export.write(Fixtures.B, to).changed()).isTrue();
        assertThat(export.write(Fixtures.B, to).changed()).isFalse();
        OrgStore later = Fixtures.store(temporary.resolve("pki"), Fixtures.NOW.plus(Duration.ofDays(3)));
        later.refreshCrls(new CrlRequest(null, null), SecretSource.none());
        assertThat(new PemExport(later).write(Fixtures.B, to).files()).hasSize(2);
        assertThat(export.write(Fixtures.B, to).changed()).isFalse();

        String serial = store.node(Fixtures.B).serial();
        List<AuditEntry> entries = new AuditLog(store).entries(null, "b@b.orga.test");
        assertThat(entries).extracting(AuditEntry::operation).containsExactly("node issue", "export pem", "export pem");
        assertThat(entries.get(1).subjects())
                .containsExactly(new AuditSubject(
                        "b@b.orga.test", "export", List.of(serial), "to " + to + ", with the private key"));
        assertThat(entries.get(2).subjects())
                .containsExactly(new AuditSubject("b@b.orga.test", "export", List.of(serial), "to " + to));
        assertThat(findings()).isEmpty();
    }

    @Test
    void logsAnExportThatWasKilledOnceItHadAKey() {
        Path to = temporary.resolve("b");
        var dying = new OrgStore(temporary.resolve("pki"), StoreOptions.of(Fixtures.at(Fixtures.NOW)), (step, path) -> {
            if (path.endsWith("cert.pem")) {
                throw new AssertionError("killed");
            }
        });
        assertThatThrownBy(() -> new PemExport(dying).write(Fixtures.B, to)).isInstanceOf(AssertionError.class);
        assertThat(to.resolve("key.pem")).exists();
        store.issue(IssueRequest.of(NodeName.parse("c@c.orga.test")), SecretSource.none());

        List<AuditEntry> entries = new AuditLog(store).entries(null, "b@b.orga.test");
        AuditEntry last = entries.get(entries.size() - 1);
        assertThat(last.operation()).isEqualTo("export pem");
        assertThat(last.interrupted()).isTrue();
        assertThat(last.subjects())
                .singleElement()
                .satisfies(subject -> assertThat(subject.detail()).isEqualTo("to " + to + ", with the private key"));
        assertThat(findings()).isEmpty();
    }

    @Test
    void holdsNoKeyAndNoPassphrase() throws Exception {
        Path directory = temporary.resolve("secret");
        OrgStore encrypted = Fixtures.store(directory, Fixtures.NOW);
        encrypted.init(new OrgRequest(Fixtures.orga(), true, null), Fixtures.secret("canary-4711"));
        encrypted.issue(IssueRequest.of(Fixtures.A), Fixtures.secret("canary-4711"));
        String log = Files.readString(directory.resolve("log/events.jsonl"));
        assertThat(log).doesNotContain("canary-4711").doesNotContain("PRIVATE");
        String key = Fingerprints.sha256(Files.readAllBytes(directory.resolve("nodes/a@a.orga.test/gen-0001/key.pem")));
        assertThat(log).doesNotContain(key);
    }
}
