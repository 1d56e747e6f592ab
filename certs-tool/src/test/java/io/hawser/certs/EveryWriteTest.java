package io.hawser.certs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Stops each operation that writes before each of its writes in turn, and does it again; {@link StoreCrashTest} has more. */
class EveryWriteTest {
    private static final SecretSource NONE = SecretSource.none();
    private static final Duration LATER = Duration.ofDays(40);

    @TempDir
    private Path temporary;

    /** What kill -9 does, as far as files can tell. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    /**
     * An operation.
     *
     * @param prepare makes what it needs, beside a store with two nodes
     * @param work does it, in a store at a directory {@code pki}, forty days after that store was made
     */
    private record Operation(
            String name, BiConsumer<OrgStore, Path> prepare, BiFunction<OrgStore, Path, Change<?>> work) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Operation of(String name, BiFunction<OrgStore, Path, Change<?>> work) {
        return new Operation(name, (store, directory) -> {}, work);
    }

    static Stream<Operation> operations() {
        NodeName c = NodeName.parse("c@c.orga.test");
        return Stream.of(
                of(
                        "node request",
                        (store, directory) -> keyRequest(c, directory).write(store.options(), store.observer())),
                new Operation(
                        "node sign",
                        (store, directory) -> keyRequest(c, directory).write(store.options()),
                        (store, directory) -> store.sign(
                                new SignRequest(
                                        "c.csr", bytes(directory.resolve("c.csr")), c, null, false, false, false),
                                NONE)),
                of(
                        "node renew",
                        (store, directory) ->
                                store.renew(new RenewRequest(List.of(), Duration.ofDays(60), null, false), NONE)),
                of("crl issue", (store, directory) -> store.refreshCrls(new CrlRequest(null, null), NONE)),
                of(
                        "crl issue of the root",
                        (store, directory) -> store.refreshCrls(new CrlRequest(null, directory.resolve("usb")), NONE)),
                of("crl install", (store, directory) -> store.installCrls(directory.resolve("crl"))),
                of(
                        "trust export",
                        (store, directory) ->
                                new TrustStore(store).exportBundle(directory.resolve("bundle.json"), NONE)),
                of(
                        "export otp",
                        (store, directory) -> new OtpExport(store).write(Fixtures.A, directory.resolve("otp"))),
                of(
                        "export pem",
                        (store, directory) -> new PemExport(store).write(Fixtures.A, directory.resolve("pem"))),
                of(
                        "export k8s",
                        (store, directory) -> new KubernetesExport(store).write(Fixtures.A, directory.resolve("k8s"))),
                of(
                        "ca issue-intermediate",
                        (store, directory) -> new AuthorityStore(store).issue(second(directory.resolve("usb")), NONE)),
                of(
                        "ca issue-intermediate for an offline root",
                        (store, directory) -> new AuthorityStore(store).issue(second(null), NONE)),
                new Operation(
                        "ca sign",
                        (store, directory) -> new AuthorityStore(store).issue(second(null), NONE),
                        EveryWriteTest::answer),
                new Operation(
                        "ca install",
                        (store, directory) -> {
                            new AuthorityStore(store).issue(second(null), NONE);
                            answer(store, directory);
                        },
                        (store, directory) -> new AuthorityStore(store)
                                .install(bytes(directory.resolve("answer.json")), "answer", NONE)),
                new Operation(
                        "ca install of a CRL",
                        (store, directory) -> {
                            store.refreshCrls(new CrlRequest(null, null), NONE);
                            answer(store, directory);
                        },
                        (store, directory) -> new AuthorityStore(store)
                                .install(bytes(directory.resolve("answer.json")), "answer", NONE)),
                of("trust import for an offline root", EveryWriteTest::partner),
                new Operation(
                        "ca install of a partner's fence",
                        (store, directory) -> {
                            partner(store, directory);
                            answer(store, directory);
                        },
                        EveryWriteTest::install),
                new Operation(
                        "trust remove for an offline root",
                        (store, directory) -> {
                            partner(store, directory);
                            answer(store, directory);
                            install(store, directory);
                        },
                        (store, directory) -> new TrustStore(store).remove("orgb", null, NONE)),
                of("rotate issuing for an offline root", EveryWriteTest::rotate),
                new Operation(
                        "ca install of what begins a rotation",
                        (store, directory) -> {
                            rotate(store, directory);
                            answer(store, directory);
                        },
                        EveryWriteTest::install),
                of(
                        "rotate root for an offline root",
                        (store, directory) -> new Rotator(store)
                                .begin(
                                        new RotationRequest(
                                                RotationKind.ROOT,
                                                List.of(),
                                                null,
                                                directory.resolve("usb2"),
                                                null,
                                                null),
                                        NONE)));
    }

    private static Change<AuthorityRecord> install(OrgStore store, Path directory) {
        return new AuthorityStore(store).install(bytes(directory.resolve("answer.json")), "answer", NONE);
    }

    private static Change<Rotation> rotate(OrgStore store, Path directory) {
        return new Rotator(store).begin(RotationRequest.of(RotationKind.ISSUING), NONE);
    }

    private static Change<Partner> partner(OrgStore store, Path directory) {
        var partner = new TrustStore(Fixtures.newStore(
                directory.resolveSibling("orgb"),
                Fixtures.orgb(),
                store.options().clock().instant()));
        return new TrustStore(store)
                .importBundle(
                        ImportRequest.of(
                                "f",
                                partner.exportBundle(NONE).value(),
                                partner.ownFingerprints().get(0)),
                        NONE);
    }

    private static AuthorityRequest second(@Nullable Path offlineRoot) {
        return new AuthorityRequest("issuing-2", null, false, null, offlineRoot);
    }

    private static NodeKeyRequest keyRequest(NodeName node, Path directory) {
        return new NodeKeyRequest(node, null, KeyKind.P256, directory.resolve("c.csr"), directory.resolve("c.key"));
    }

    private static Change<Path> answer(OrgStore store, Path directory) {
        Path request = store.layout().requests().resolve("issuing-2/request.json");
        Path fence = store.layout().requests().resolve("cross-orgb-root-1.json");
        Path file = Files.exists(request)
                ? request
                : Files.exists(fence) ? fence : store.layout().requests().resolve("root-1.json");
        return RootSigning.read(bytes(file), "request", store)
                .sign(store, directory.resolve("usb"), directory.resolve("answer.json"), NONE);
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("operations")
    void isFinishedAfterItWasStoppedAnywhere(Operation operation) throws Exception {
        StoreOptions options = StoreOptions.of(Fixtures.at(Fixtures.NOW.plus(LATER)));
        int points = 0;
        int stride = operation.name().startsWith("rotate root") ? 4 : 1; // RotationCrashTest has the rest of it
        for (boolean stopped = true; stopped; points += stride) {
            Path directory = Files.createDirectory(temporary.resolve("at-" + points));
            Path pki = directory.resolve("pki");
            OrgStore store = Fixtures.store(pki, Fixtures.NOW);
            store.init(new OrgRequest(Fixtures.orga(), false, directory.resolve("usb")), NONE);
            store.issue(IssueRequest.of(Fixtures.A, Fixtures.B), NONE);
            OrgStore later = OrgStore.at(pki, options);
            operation.prepare().accept(later, directory);
            int[] left = {points};
            var stopping = new OrgStore(pki, options, (step, path) -> {
                if (left[0]-- == 0) {
                    throw new Killed();
                }
            });
            try {
                var unused = operation.work().apply(stopping, directory);
                stopped = false;
            } catch (Killed e) {
                later.nodes()
                        .forEach(node -> assertThat(later.isKeyElsewhere(node)
                                        || KeyMatch.matches(later.key(node), node.certificate()))
                                .isTrue());
                var unused = operation.work().apply(later, directory);
            }
            assertThat(operation.work().apply(later, directory).changed()).isFalse();
            assertThat(later.consistent()).isTrue();
            assertThat(Fixtures.snapshot(directory).keySet())
                    .noneMatch(name -> name.endsWith(".tmp") || name.endsWith(".next"));
        }
        assertThat(points).isGreaterThan(1);
    }
}
