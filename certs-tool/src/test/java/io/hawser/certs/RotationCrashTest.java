package io.hawser.certs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Stops a rotation before each write in turn, and goes on, or back; what nodes answer is left aside. */
class RotationCrashTest {
    private static final StoreOptions OPTIONS = StoreOptions.of(Fixtures.at(Fixtures.NOW));

    @TempDir
    private Path temporary;

    /** What kill -9 does, as far as files can tell: nothing cleans up behind an error. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    private static OrgStore dying(Path directory, int writes) {
        int[] left = {writes};
        return new OrgStore(directory, OPTIONS, (step, path) -> {
            if (left[0]-- == 0) {
                throw new Killed();
            }
        });
    }

    /** An organisation of two nodes that has a partner, and told it of itself. */
    private Path prepared() {
        Path directory = temporary.resolve("pki");
        OrgStore store = Fixtures.newStore(directory);
        store.issue(IssueRequest.of(Fixtures.A, Fixtures.B), SecretSource.none());
        var partner = new TrustStore(Fixtures.newStore(temporary.resolve("partner"), Fixtures.orgb(), Fixtures.NOW));
        var trust = new TrustStore(store);
        trust.importBundle(
                ImportRequest.of(
                        "f",
                        partner.exportBundle(SecretSource.none()).value(),
                        partner.ownFingerprints().get(0)),
                SecretSource.none());
        trust.exportBundle(SecretSource.none());
        return directory;
    }

    private static Path copy(Path from, Path to) throws Exception {
        Processes.Result result = Processes.run("cp", "-a", from.toString(), to.toString());
        assertThat(result.exit()).as(result.output()).isZero();
        return to;
    }

    private static void begin(OrgStore store, RotationKind kind) {
        new Rotator(store).begin(RotationRequest.of(kind), SecretSource.none());
    }

    /** Goes on as if all nodes had followed. */
    private static void next(OrgStore store) {
        Rotation rotation = store.rotation().orElseThrow();
        store.changing("rotate next", writer -> {
            var work = new RotationWork(store, store.config(), writer, null, SecretSource.none());
            work.settle(rotation);
            work.enter(rotation.in(rotation.kind().after(rotation.phase()), Fixtures.NOW));
            return writer;
        });
    }

    private static void finish(OrgStore store, RotationKind kind) {
        if (store.layout().rotation().read().isEmpty()) {
            begin(store, kind);
        }
        while (store.rotation().isPresent()) {
            next(store);
        }
    }

    private static void assertRotated(OrgStore store, RotationKind kind) {
        List<String> expected = new ArrayList<>(List.of("root-1", "issuing-2"));
        if (kind == RotationKind.NODE) {
            expected.set(1, "issuing-1");
        } else if (kind == RotationKind.ROOT) {
            expected.set(0, "root-2");
        }
        assertThat(store.authorities()).extracting(AuthorityRecord::name).isEqualTo(expected);
        assertThat(store.nodes()).extracting(NodeCertificate::generation).containsExactly(2, 2);
        for (NodeCertificate node : store.nodes()) {
            ChainVerifier.verify(node.chain(), store.roots(), store.crls(), Fixtures.NOW, node.node());
            assertThat(KeyMatch.matches(store.key(node), node.certificate())).isTrue();
        }
        assertThat(new TrustStore(store).partners())
                .singleElement()
                .satisfies(partner -> assertThat(partner.cross())
                        .singleElement()
                        .satisfies(cross -> cross.verify(store.roots().get(0).getPublicKey())));
        assertThat(new TrustStore(store).exportBundle(SecretSource.none()).changed())
                .isFalse(); // partners were told
        assertThat(store.consistent()).isTrue();
        assertNoLeftovers(store);
    }

    private static void assertNoLeftovers(OrgStore store) {
        assertThat(Fixtures.snapshot(store.layout().root()).keySet())
                .noneMatch(name -> name.endsWith(".tmp")
                        || name.contains(".next")
                        || name.contains(".removed")
                        || name.contains(".rotate"));
    }

    @ParameterizedTest
    @EnumSource
    void finishesARotationThatWasStoppedAnywhere(RotationKind kind) throws Exception {
        Path origin = prepared();
        int writes = 0;
        while (true) {
            Path directory = copy(origin, temporary.resolve("at-" + writes));
            OrgStore dying = dying(directory, writes);
            try {
                finish(dying, kind);
                break;
            } catch (Killed e) {
                OrgStore store = OrgStore.at(directory, OPTIONS);
                store.issue(IssueRequest.of(Fixtures.A, Fixtures.B), SecretSource.none()); // it can be used
                finish(store, kind);
                assertRotated(store, kind);
                writes += kind == RotationKind.ROOT ? 1 : 3; // the root's has nearly all of the others'
            }
        }
        assertThat(writes).isGreaterThan(kind == RotationKind.NODE ? 20 : 40);
    }

    /** What is signed once stays in a file, as people carry it. */
    private static void install(OrgStore store, Path request, Path usb, Path answer) throws Exception {
        OrgStore nowhere = OrgStore.at(usb.resolveSibling("nowhere"), OPTIONS);
        if (Files.exists(request)) {
            RootSigning.read(Files.readAllBytes(request), "request", nowhere)
                    .sign(nowhere, usb, answer, SecretSource.none());
        }
        new AuthorityStore(store).install(Files.readAllBytes(answer), "answer", SecretSource.none());
    }

    /** Without nodes, so that nothing is waited for but the root. */
    private static void rotateWithoutTheRoot(OrgStore store, Path directory, Path usb) throws Exception {
        Path authority = directory.resolve("requests/issuing-2/request.json");
        Path begins = directory.resolve("begins.json");
        if (store.layout().rotation().read().isEmpty()) {
            new Rotator(store).begin(RotationRequest.of(RotationKind.ISSUING), SecretSource.none());
            install(store, authority, usb, begins);
        } else if (Files.exists(authority)) {
            install(store, authority, usb, begins);
        }
        Path revokes = directory.resolve("revokes.json");
        if (Files.exists(revokes)) {
            install(store, directory.resolve("requests/none"), usb, revokes);
        }
        var advance =
                new RotationAdvance(Map.of(), 1, Duration.ofSeconds(1), Duration.ZERO, List.of(), null, proof -> {});
        while (store.rotation().isPresent()) {
            List<Path> requests = new Rotator(store)
                    .next(advance, SecretSource.none())
                    .value()
                    .requests();
            for (Path request : requests) {
                install(store, request, usb, revokes);
            }
        }
    }

    @Test
    void finishesARotationWithoutTheRootThatWasStoppedAnywhere() throws Exception {
        Path usb = temporary.resolve("usb");
        Path origin = temporary.resolve("pki");
        OrgStore.at(origin, OPTIONS).init(new OrgRequest(Fixtures.orga(), false, usb), SecretSource.none());
        int writes = 0;
        while (true) {
            Path directory = copy(origin, temporary.resolve("at-" + writes));
            try {
                rotateWithoutTheRoot(dying(directory, writes), directory, usb);
                break;
            } catch (Killed e) {
                OrgStore store = OrgStore.at(directory, OPTIONS);
                rotateWithoutTheRoot(store, directory, usb);
                assertThat(store.authorities())
                        .as("stopped before write " + writes)
                        .extracting(AuthorityRecord::name)
                        .containsExactly("root-1", "issuing-2");
                assertThat(store.revocations()
                                .contains(store.authorityNamed("issuing-1")
                                        .orElseThrow()
                                        .certificate()))
                        .isTrue();
                assertThat(new AuthorityStore(store).requests()).isEmpty();
                assertThat(store.consistent()).isTrue();
                assertNoLeftovers(store);
                writes += 5;
            }
        }
        assertThat(writes).isGreaterThan(40);
    }

    @Test
    void goesBackToWhatWasWhereverARotationWasStopped() throws Exception {
        Path origin = prepared();
        Map<String, String> before = state(origin);
        int writes = 0;
        while (true) {
            Path directory = copy(origin, temporary.resolve("at-" + writes));
            OrgStore dying = dying(directory, writes);
            try {
                begin(dying, RotationKind.ROOT);
                next(dying);
                next(dying);
                new Rotator(dying).abort(SecretSource.none());
                break;
            } catch (Killed e) {
                OrgStore store = OrgStore.at(directory, OPTIONS);
                new Rotator(store).abort(SecretSource.none());
                assertThat(new Rotator(store).abort(SecretSource.none()).changed())
                        .isFalse();
                if (Files.exists(store.layout().rotationStaging())) {
                    assertThat(store.layout().rotation().read()).isEmpty(); // it had not begun
                    new FileWriter(false, (step, path) -> {})
                            .discard(store.layout().rotationStaging());
                }
                assertThat(state(directory))
                        .as("stopped before write " + writes)
                        .containsExactlyInAnyOrderEntriesOf(before);
                writes++;
            }
        }
        assertThat(writes).isGreaterThan(40);
    }

    /** Without what only says that there was a rotation, and the bundle, whose number never goes back. */
    private static Map<String, String> state(Path directory) {
        Map<String, String> snapshot = Fixtures.snapshot(directory);
        snapshot.keySet()
                .removeIf(name -> name.startsWith("state")
                        || name.startsWith("log")
                        || name.equals("trust/own.bundle.json")
                        || name.equals(".lock")
                        || name.endsWith(".tmp"));
        return snapshot;
    }
}
