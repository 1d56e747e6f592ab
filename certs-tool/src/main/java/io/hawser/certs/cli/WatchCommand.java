package io.hawser.certs.cli;

import io.hawser.certs.CertsException;
import io.hawser.certs.Change;
import io.hawser.certs.ErrorCode;
import io.hawser.certs.Hook;
import io.hawser.certs.LifeSpan;
import io.hawser.certs.RememberedSecret;
import io.hawser.certs.Watch;
import io.hawser.certs.WatchRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code watch}. */
@Command(
        name = "watch",
        description = {
            "Keep the organisation up to date: renew nodes that are due, refresh CRLs, write exports",
            "again, and run a program after a change. Runs until it is told to stop by SIGTERM, and",
            "prints what each pass changed."
        },
        footer = {
            "",
            "Examples:",
            "  certs-tool watch --every 12h --hook /usr/local/bin/reload --pass file:ca.pass",
            "  certs-tool watch --once --export otp:b@b.orga.test:./b --pass file:ca.pass"
        })
final class WatchCommand extends Verb {
    @Option(names = "--once", description = "One pass, then end; for a timer.")
    private boolean once;

    @Option(
            names = "--every",
            paramLabel = "TIME",
            defaultValue = "12h",
            description = "The time between passes (default: 12h).")
    private String every = "12h";

    @Option(
            names = "--export",
            paramLabel = "KIND:NODE:DIR",
            description = "Write this export again when it changed; java, otp, pem or k8s. May be repeated.")
    private List<String> exports = List.of();

    @Option(
            names = "--hook",
            paramLabel = "CMD",
            description = "Run this program after a change, without a shell; blanks separate its arguments.")
    private @Nullable String hook;

    @Option(
            names = "--hook-timeout",
            paramLabel = "TIME",
            defaultValue = "60s",
            description = "Kill the hook after this time (default: 60s).")
    private String hookTimeout = "60s";

    @Mixin
    private final PassphraseOption pass = new PassphraseOption();

    @Override
    Outcome run(CertsTool tool) {
        var given = pass.secrets(tool);
        Duration between = LifeSpan.parse(every);
        var request = new WatchRequest(
                exports.stream().map(WatchRequest.Export::parse).toList(),
                hook == null ? null : new Hook(List.of(hook.strip().split(" +")), LifeSpan.parse(hookTimeout)));
        try (var secrets = new RememberedSecret(given)) {
            var watch = new Watch(store(tool), request, secrets);
            return once || tool.dryRun() ? outcome(tool, watch.once()) : watch(tool, watch, between);
        }
    }

    private static Outcome outcome(CertsTool tool, Change<Boolean> change) {
        var text = new ArrayList<String>();
        change.files().forEach(file -> text.add((tool.dryRun() ? "Would write " : "Wrote ") + file));
        if (change.value()) {
            text.add("Ran the hook");
        }
        if (text.isEmpty()) {
            text.add("Nothing is due; nothing changed");
        }
        Map<String, Object> result = object("files", change.files(), "hook", change.value());
        return new Outcome(change.changed(), result, text, change.notices());
    }

    private static Outcome watch(CertsTool tool, Watch watch, Duration every) {
        var stopped = new CountDownLatch(1);
        var ended = new CountDownLatch(1);
        var exit = new AtomicInteger(ErrorCode.INTERNAL.exitCode());
        Thread onSignal = new Thread(() -> stop(stopped, ended, exit), "certs-tool-stop");
        Runtime.getRuntime().addShutdownHook(onSignal);
        long[] passes = {0};
        try {
            watch.run(every, time -> pause(stopped, time), new Watch.Listener() {
                @Override
                public void passed(Change<Boolean> change) {
                    passes[0]++;
                    if (change.changed() || change.value()) {
                        tool.print("watch", outcome(tool, change));
                    }
                }

                @Override
                public void failed(CertsException failure, Duration retry) {
                    passes[0]++;
                    tool.print("watch", new Outcome(false, object(), List.of(), List.of(), failure));
                    tool.progress("the next pass comes in " + LifeSpan.format(retry));
                }
            });
            exit.set(0);
            return new Outcome(false, object("passes", passes[0]), List.of("Stopped"), List.of());
        } finally {
            ended.countDown();
            unhook(onSignal);
        }
    }

    /** Without a signal the process ends as any other, and the exit code is that of the command. */
    private static void unhook(Thread onSignal) {
        try {
            var unused = Runtime.getRuntime().removeShutdownHook(onSignal);
        } catch (IllegalStateException e) {
            // it is what ends the process
        }
    }

    /** Lets the pass that is under way end, within a minute, since a process that is killed then leaves its hook owed. */
    private static void stop(CountDownLatch stopped, CountDownLatch ended, AtomicInteger exit) {
        stopped.countDown();
        try {
            if (ended.await(1, TimeUnit.MINUTES)) {
                Runtime.getRuntime().halt(exit.get()); // it was asked to stop, and did
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean pause(CountDownLatch stopped, Duration time) {
        try {
            return !stopped.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
