package io.hawser.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stops the work before each write in turn, and does it again. */
class StoreCrashTest {
    private static final StoreOptions OPTIONS = StoreOptions.of(Fixtures.at(Fixtures.NOW));

    @TempDir
    private Path temporary;

    /** What kill -9 does, as far as files can tell: nothing cleans up behind an error. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    /** Lets so many writes happen, then stops. */
    private static WriteObserver after(int writes) {
        int[] left = {writes};
        return (step, path) -> {
            if (left[0]-- == 0) {
                throw new Killed();
            }
        };
    }

    /** Runs the work stopped at each point, in a fresh directory each time, then checks what is left. */
    private int atEveryWrite(Consumer<Path> prepare, Consumer<OrgStore> work, Consumer<Path> check) throws Exception {
        Path origin = Files.createDirectory(temporary.resolve("origin"));
        prepare.accept(origin.resolve("pki"));
        for (int writes = 0; ; writes++) {
            Path directory =
                    Fixtures.copy(origin, temporary.resolve("at-" + writes)).resolve("pki");
            var store = new OrgStore(directory, OPTIONS, after(writes));
            try {
                work.accept(store);
                return writes;
            } catch (Killed e) {
                check.accept(directory);
                assertLogWhole(directory);
            }
        }
    }

    /** Every certificate there is is in the log once, whoever finished the work. */
    private static void assertLogWhole(Path directory) {
        OrgStore store = OrgStore.at(directory, OPTIONS);
        var log = new AuditLog(store);
        assertThat(log.verify(null).findings()).isEmpty();
        assertThat(log.verify(null).notes()).isEmpty();
        List<String> serials = log.entries(null, null).stream()
                .flatMap(entry -> entry.subjects().stream())
                .filter(subject -> subject.what().equals("certificate"))
                .flatMap(subject -> subject.serials().stream())
                .toList();
        store.authorities()
                .forEach(each -> assertThat(serials)
                        .contains(each.certificate().getSerialNumber().toString(16)));
        store.nodes().forEach(node -> assertThat(serials).containsOnlyOnce(node.serial()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void finishesAnInitThatWasStoppedAnywhere(boolean offline) throws Exception {
        int points = atEveryWrite(
                directory -> {},
                store -> store.init(request(store.layout().root(), offline), SecretSource.none()),
                directory -> {
                    OrgStore store = OrgStore.at(directory, OPTIONS);
                    store.init(request(directory, offline), SecretSource.none());
                    assertThat(store.config()).isEqualTo(Fixtures.orga());
                    assertThat(directory.resolve(".init")).doesNotExist();
                    assertThat(store.issue(IssueRequest.of(Fixtures.A), SecretSource.none())
                                    .changed())
                            .isTrue();
                    verify(store);
                    assertNoLeftovers(directory);
                });
        assertThat(points).isGreaterThan(20);
    }

    private static OrgRequest request(Path directory, boolean offline) {
        return new OrgRequest(Fixtures.orga(), false, offline ? directory.resolveSibling("usb") : null);
    }

    @Test
    void finishesAnIssueThatWasStoppedAnywhere() throws Exception {
        int points = atEveryWrite(
                Fixtures::newStore,
                store -> store.issue(IssueRequest.of(Fixtures.A, Fixtures.B), SecretSource.none()),
                directory -> {
                    OrgStore store = OrgStore.at(directory, OPTIONS);
                    store.nodes()
                            .forEach(node -> assertThat(KeyMatch.matches(store.key(node), node.certificate()))
                                    .isTrue());
                    store.issue(IssueRequest.of(Fixtures.A, Fixtures.B), SecretSource.none());
                    assertThat(store.issue(IssueRequest.of(Fixtures.A, Fixtures.B), SecretSource.none())
                                    .changed())
                            .isFalse();
                    assertThat(store.nodes())
                            .extracting(NodeCertificate::generation)
                            .containsExactly(1, 1);
                    assertThat(store.consistent()).isTrue();
                    verify(store);
                    assertNoLeftovers(directory);
                });
        assertThat(points).isGreaterThan(15);
    }

    @Test
    void finishesAnIssueOfManyAtOnceThatWasStopped() throws Exception {
        NodeName[] nodes = IntStream.range(0, 24)
                .mapToObj(i -> NodeName.parse("n" + i + "@n" + i + ".orga.test"))
                .toArray(NodeName[]::new);
        for (int writes : new int[] {1, 40, 150}) {
            Path directory =
                    Files.createDirectory(temporary.resolve("many-" + writes)).resolve("pki");
            Fixtures.newStore(directory);
            var left = new AtomicInteger(writes);
            var stopping = new OrgStore(directory, OPTIONS, (step, path) -> {
                if (left.decrementAndGet() < 0) {
                    throw new Killed();
                }
            });
            assertThatThrownBy(() -> stopping.issue(IssueRequest.of(nodes), SecretSource.none()))
                    .isInstanceOf(Killed.class);
            OrgStore store = OrgStore.at(directory, OPTIONS);
            Change<List<NodeCertificate>> change = store.issue(IssueRequest.of(nodes), SecretSource.none());
            assertThat(change.value())
                    .extracting(NodeCertificate::node)
                    .containsExactly(nodes)
                    .doesNotHaveDuplicates();
            assertThat(change.value()).extracting(NodeCertificate::generation).containsOnly(1);
            assertThat(store.issue(IssueRequest.of(nodes), SecretSource.none()).changed())
                    .isFalse();
            assertThat(store.consistent()).isTrue();
            verify(store);
            assertNoLeftovers(directory);
        }
    }

    @Test
    void finishesARevocationThatWasStoppedAnywhere() throws Exception {
        RevokeRequest request = RevokeRequest.of(Fixtures.A, RevocationReason.KEY_COMPROMISE);
        int points = atEveryWrite(
                directory -> Fixtures.newStore(directory)
                        .issue(IssueRequest.of(Fixtures.A, Fixtures.B), SecretSource.none()),
                store -> store.revoke(request, SecretSource.none()),
                directory -> {
                    OrgStore store = OrgStore.at(directory, OPTIONS);
                    store.revoke(request, SecretSource.none());
                    assertThat(store.revoke(request, SecretSource.none()).changed())
                            .isFalse();
                    assertThat(store.revoked()).hasSize(1);
                    assertThat(store.consistent()).isTrue();
                    assertNoLeftovers(directory);
                });
        assertThat(points).isGreaterThan(5);
    }

    @Test
    void finishesAnImportAndARemovalThatWereStoppedAnywhere() throws Exception {
        OrgStore partner = Fixtures.newStore(temporary.resolve("partner"), Fixtures.orgb(), Fixtures.NOW);
        var other = new TrustStore(partner);
        ImportRequest request = ImportRequest.of(
                "f",
                other.exportBundle(SecretSource.none()).value(),
                other.ownFingerprints().get(0));
        Consumer<OrgStore> bothWays = store -> {
            var trust = new TrustStore(store);
            trust.importBundle(request, SecretSource.none());
            trust.remove("orgb", null, SecretSource.none());
            trust.importBundle(request, SecretSource.none());
        };
        int points = atEveryWrite(Fixtures::newStore, bothWays, directory -> {
            var trust = new TrustStore(OrgStore.at(directory, OPTIONS));
            assertThat(trust.partners()).hasSizeLessThan(2);
            trust.importBundle(request, SecretSource.none());
            assertThat(trust.importBundle(request, SecretSource.none()).changed())
                    .isFalse();
            assertThat(trust.remove("orgb", null, SecretSource.none()).changed())
                    .isTrue();
            assertNoLeftovers(directory);
            assertThat(directory.resolve("trust/partners/.removed")).doesNotExist();
        });
        assertThat(points).isGreaterThan(15);
    }

    @Test
    void finishesAnExportThatWasStoppedAnywhere() throws Exception {
        atEveryWrite(
                directory -> Fixtures.newStore(directory).issue(IssueRequest.of(Fixtures.A), SecretSource.none()),
                store -> new JavaExport(store)
                        .write(Fixtures.A, target(store.layout().root()), SecretSource.none()),
                directory -> {
                    OrgStore store = OrgStore.at(directory, OPTIONS);
                    new JavaExport(store).write(Fixtures.A, target(directory), SecretSource.none());
                    assertThat(new JavaExport(store)
                                    .write(Fixtures.A, target(directory), SecretSource.none())
                                    .changed())
                            .isFalse();
                    assertNoLeftovers(target(directory));
                });
    }

    /** The same with a real end of the process, at one point of each kind. */
    @Test
    void freesTheLockOfAProcessThatWasKilled() {
        for (int writes : new int[] {3, 9, 20}) {
            Path directory = temporary.resolve("killed-" + writes);
            Processes.Result result = Processes.run(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    Halting.class.getName(),
                    directory.toString(),
                    Integer.toString(writes));
            assertThat(result.exit()).as(result.output()).isEqualTo(137);
            OrgStore store = OrgStore.at(directory, OPTIONS);
            store.init(Fixtures.plain(Fixtures.orga()), SecretSource.none());
            assertThat(store.authorities()).hasSize(2);
            assertNoLeftovers(directory);
        }
    }

    /** Makes an organisation, and halts before a write: no finally block and no shutdown hook runs. */
    static final class Halting {
        private Halting() {}

        public static void main(String[] arguments) {
            WriteObserver counter = after(Integer.parseInt(arguments[1]));
            WriteObserver halting = (step, path) -> {
                try {
                    counter.before(step, path);
                } catch (Killed e) {
                    Runtime.getRuntime().halt(137);
                }
            };
            new OrgStore(Path.of(arguments[0]), OPTIONS, halting)
                    .init(Fixtures.plain(Fixtures.orga()), SecretSource.none());
        }
    }

    @Test
    void leavesAHalfWrittenFileUnderItsTemporaryNameOnly() throws Exception {
        Path file = Files.writeString(temporary.resolve("file"), "old");
        var writer = new FileWriter(false, after(1));

        assertThatThrownBy(() -> writer.open(file, Pem.ascii("new"))).isInstanceOf(Killed.class);

        assertThat(file).hasContent("old");
        new FileWriter(false, (step, path) -> {}).open(file, Pem.ascii("new"));
        assertThat(file).hasContent("new");
        assertNoLeftovers(temporary);
    }

    private static Path target(Path directory) {
        return directory.resolveSibling("export");
    }

    private static void verify(OrgStore store) {
        List<java.security.cert.X509CRL> crls = List.of(store.crl("root"), store.crl("issuing"));
        store.nodes()
                .forEach(node ->
                        ChainVerifier.verify(node.chain(), store.certificate("root"), crls, Fixtures.NOW, node.node()));
    }

    private static void assertNoLeftovers(Path directory) {
        assertThat(Fixtures.snapshot(directory).keySet())
                .noneMatch(name -> name.endsWith(".tmp") || name.endsWith(".next"));
    }
}
