package io.hawser.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

class WatchTest {
    @TempDir(factory = TempDirFactory.Standard.class) // programs may not run from memory
    private Path temporary;

    private Instant now = Fixtures.NOW;
    private OrgStore store;

    @BeforeEach
    void makeOrganisation() {
        InstantSource source = () -> now;
        store = OrgStore.at(temporary.resolve("pki"), StoreOptions.of(source.withZone(java.time.ZoneOffset.UTC)));
        store.init(Fixtures.plain(Fixtures.orga()), SecretSource.none());
        store.issue(IssueRequest.of(Fixtures.A, Fixtures.B), SecretSource.none());
    }

    private Watch watch(Hook hook, WatchRequest.Export... exports) {
        return new Watch(store, new WatchRequest(List.of(exports), hook), SecretSource.none());
    }

    private Hook hook(String script) throws Exception {
        Path file = temporary.resolve("hook");
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return new Hook(List.of(file.toString(), "an argument; $(false)"), Duration.ofSeconds(30));
    }

    private List<String> ran() throws Exception {
        Path file = temporary.resolve("ran");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    /** Notes its argument and where it was told to look. */
    private Hook noting(int exit) throws Exception {
        return hook("echo \"$1 $CERTS_TOOL_DIR\" >> " + temporary.resolve("ran") + "; exit " + exit);
    }

    /** Lets virtual time pass, so many times. */
    private Watch.Pause passing(int passes, List<Duration> waits) {
        return time -> {
            now = now.plus(time);
            waits.add(time);
            return waits.size() < passes;
        };
    }

    /** Keeps what it is told. */
    private static final class Told implements Watch.Listener {
        private final List<Change<Boolean>> passes = new ArrayList<>();
        private final List<String> failures = new ArrayList<>();

        @Override
        public void passed(Change<Boolean> change) {
            passes.add(change);
        }

        @Override
        public void failed(CertsException failure, Duration retry) {
            failures.add(failure.message());
        }
    }

    @Test
    void keepsEverythingFreshForAYear() throws Exception {
        Path export = temporary.resolve("a");
        Watch watch = watch(noting(0), new WatchRequest.Export("pem", Fixtures.A, export));
        var told = new Told();
        for (int day = 0; day < 365; day += 8) {
            watch.run(Duration.ofDays(8), passing(1, new ArrayList<>()), told);
            assertThat(new StatusCheck(store, null).run().concerns())
                    .extracting(Concern::code)
                    .doesNotContain("NODE_EXPIRED", "CRL_EXPIRED", "CRL_ENDING");
        }
        assertThat(told.failures).isEmpty();
        assertThat(store.node(Fixtures.A).generation()).isGreaterThan(5);
        assertThat(Files.readAllBytes(export.resolve("key.pem")))
                .isEqualTo(Files.readAllBytes(store.node(Fixtures.A).directory().resolve("key.pem")));
        assertThat(ran()).hasSameSizeAs(told.passes);
        assertThat(new AuditLog(store).verify(null).findings()).isEmpty();
    }

    @Test
    void runsTheHookOnceForAChangeAndWithoutAShell() throws Exception {
        Watch watch = watch(noting(0));
        assertThat(watch.once().value()).isFalse();
        assertThat(ran()).isEmpty();
        store.revoke(RevokeRequest.of(Fixtures.B, RevocationReason.UNSPECIFIED), SecretSource.none());
        assertThat(watch.once().value()).isTrue();
        Change<Boolean> second = watch.once();
        assertThat(second.value()).isFalse();
        assertThat(second.changed()).isFalse();
        assertThat(ran()).containsExactly("an argument; $(false) " + temporary.resolve("pki"));
    }

    @Test
    void owesAHookThatFailedUntilItSucceeds() throws Exception {
        watch(noting(0)).once();
        now = now.plus(Duration.ofDays(2));
        assertThatThrownBy(() -> watch(noting(3)).once())
                .isInstanceOf(CertsException.class)
                .hasMessage(temporary.resolve("hook") + ": the hook failed with exit code 3");
        assertThatThrownBy(() -> watch(noting(3)).once()).hasMessageEndingWith("exit code 3");
        assertThat(watch(noting(0)).once().value()).isTrue();
        assertThat(watch(noting(0)).once().value()).isFalse();
        assertThat(ran()).hasSize(3);
    }

    @Test
    void owesAHookForAnExportThatChanged() throws Exception {
        var export = new WatchRequest.Export("otp", Fixtures.A, temporary.resolve("a"));
        assertThatThrownBy(() -> watch(noting(1), export).once()).hasMessageEndingWith("exit code 1");
        assertThat(watch(noting(0), export).once().value()).isTrue();
        assertThat(watch(noting(0), export).once().value()).isFalse();
    }

    @Test
    void writesOtherExportsWhenOneFails() throws Exception {
        watch(noting(0)).once();
        Path spoilt = Files.createDirectory(temporary.resolve("spoilt"));
        Files.createSymbolicLink(spoilt.resolve("export.json"), Path.of("/dev/zero"));
        var told = new Told();
        watch(
                        noting(0),
                        new WatchRequest.Export("otp", Fixtures.A, spoilt),
                        new WatchRequest.Export("pem", Fixtures.B, temporary.resolve("b")))
                .run(Duration.ofMinutes(5), passing(2, new ArrayList<>()), told);
        String failure = spoilt.resolve("export.json") + ": is not a plain file";
        assertThat(told.failures).containsExactly(failure, failure);
        assertThat(temporary.resolve("b/export.json")).exists();
        assertThat(ran()).hasSize(1);
    }

    @Test
    void runsNoHookForTheExportOfSomebodyElse() throws Exception {
        watch(noting(0)).once();
        new PemExport(store).write(Fixtures.A, temporary.resolve("a"));
        assertThat(watch(noting(0)).once().value()).isFalse();
        store.revoke(RevokeRequest.of(Fixtures.B, RevocationReason.UNSPECIFIED), SecretSource.none());
        assertThat(watch(noting(0)).once().value()).isTrue();
    }

    @Test
    void killsAHookThatTakesTooLong() throws Exception {
        watch(noting(0)).once();
        now = now.plus(Duration.ofDays(2));
        Hook slow = hook("sleep 600");
        assertThatThrownBy(() ->
                        watch(new Hook(slow.command(), Duration.ofSeconds(1))).once())
                .hasMessage(temporary.resolve("hook") + ": the hook did not end within 1s");
        assertThatThrownBy(() -> watch(new Hook(List.of("/does/not/exist"), Duration.ofSeconds(1)))
                        .once())
                .hasMessage("/does/not/exist: the hook cannot be started");
    }

    @Test
    void triesAgainSoonerButLessAndLessOften() throws Exception {
        watch(noting(0)).once();
        now = now.plus(Duration.ofDays(2));
        var waits = new ArrayList<Duration>();
        var told = new Told();
        watch(noting(1)).run(Duration.ofMinutes(5), passing(5, waits), told);
        assertThat(waits).extracting(Duration::toMinutes).containsExactly(1L, 2L, 4L, 5L, 5L);
        assertThat(told.failures).hasSize(5);
        waits.clear();
        watch(noting(0)).run(Duration.ofMinutes(5), passing(2, waits), told);
        assertThat(waits).extracting(Duration::toMinutes).containsExactly(5L, 5L);
    }

    @Test
    void writesNothingInADryRun() throws Exception {
        now = now.plus(Duration.ofDays(70));
        var options = new StoreOptions(Clock.fixed(now, java.time.ZoneOffset.UTC), true, false, (node, done) -> {});
        var before = Fixtures.snapshot(temporary.resolve("pki"));
        OrgStore dry = OrgStore.at(temporary.resolve("pki"), options);
        Change<Boolean> change = new Watch(dry, new WatchRequest(List.of(), noting(0)), SecretSource.none()).once();
        assertThat(change.files()).anyMatch(file -> file.endsWith("gen-0002/cert.pem"));
        assertThat(change.value()).isFalse();
        assertThat(Fixtures.snapshot(temporary.resolve("pki"))).isEqualTo(before);
        assertThat(ran()).isEmpty();
    }

    /** A real process, which ends by itself when it is asked to. */
    @Test
    void stopsOnSigtermWithExitCodeZero() throws Exception {
        Path output = temporary.resolve("output");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.hawser.certs.cli.Main",
                        "watch",
                        "-d",
                        temporary.resolve("pki").toString(),
                        "--hook",
                        noting(0).command().get(0) + " x")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (ran().isEmpty()) {
                assertThat(process.isAlive()).as(Files.readString(output)).isTrue();
                assertThat(System.nanoTime()).as("in time: the hook ran").isLessThan(deadline);
                TimeUnit.MILLISECONDS.sleep(20);
            }
            process.destroy();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(Files.readString(output)).isZero();
        } finally {
            process.destroyForcibly();
        }
    }
}
