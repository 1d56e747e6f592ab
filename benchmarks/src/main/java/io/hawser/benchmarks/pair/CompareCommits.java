package io.hawser.benchmarks.pair;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Builds two commits, and launches Hawser pairs of both in turns. */
@Command(
        name = "compare-commits",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Builds two commits in worktrees of their own, launches pairs of both in turns, and prints the ratio B/A.",
            "Each is measured by its own driver. The same commit twice tells what differs by chance alone."
        })
final class CompareCommits implements Callable<Integer> {
    private final PrintStream out;
    private final PrintStream progress;

    @Parameters(index = "0", paramLabel = "A", description = "A commit, or a directory that is built already.")
    private String a = "";

    @Parameters(index = "1", paramLabel = "B", description = "Another.")
    private String b = "";

    @Mixin
    private final PlanOptions options = new PlanOptions();

    @Option(names = "--maven", paramLabel = "COMMAND", description = "What builds (${DEFAULT-VALUE}).")
    private String maven = "mvn";

    @Option(names = "--repository", paramLabel = "DIR", description = "Where git finds the commits (${DEFAULT-VALUE}).")
    private Path repository = Path.of(".");

    CompareCommits(PrintStream out, PrintStream progress) {
        this.out = out;
        this.progress = progress;
    }

    /** Measures; ends with 0, 1 if a build or a launch failed, 2 if it is asked for what there is not. */
    public static void main(String[] words) {
        System.exit(Commands.run(new CompareCommits(System.out, System.err), words));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (var lab = new PairLab();
                Checkout first = Checkout.of(repository, a, lab.directory());
                Checkout second = Checkout.of(repository, b, lab.directory())) {
            for (Checkout each : List.of(first, second)) {
                each.build(List.of(maven.split(" +", -1)), progress);
            }
            Plan plan = options.plan(Arrays.asList(Caller.values()));
            Map<String, Launch.Pair> pairs = new LinkedHashMap<>();
            pairs.put("A", pair(first, lab, plan));
            pairs.put("B", pair(second, lab, plan));
            var rounds = new Rounds(new Launch(lab.directory(), options.limit()), progress);
            print(rounds.run(options.rounds, pairs), first, second);
            return rounds.failures() == 0 ? 0 : 1;
        }
    }

    private Launch.Pair pair(Checkout checkout, PairLab lab, Plan plan) {
        return new Launch.Pair() {
            @Override
            public ProcessBuilder server(String name) {
                return start("server", name, options.carrier());
            }

            @Override
            public ProcessBuilder client(String name, String label, String address) {
                return start("client", name, options.carrier(), label, address);
            }

            private ProcessBuilder start(String... words) {
                var builder = new ProcessBuilder(checkout.driver().toString());
                builder.command().addAll(Arrays.asList(words));
                Map<String, String> environment = builder.environment();
                lab.toEnvironment(environment);
                plan.toEnvironment(environment);
                environment.put("JVM_OPTS", options.jvmOptions);
                environment.put("JAVA_HOME", System.getProperty("java.home"));
                return builder;
            }
        };
    }

    private void print(Results results, Checkout first, Checkout second) throws IOException, InterruptedException {
        var conditions = new LinkedHashMap<String, String>();
        conditions.put("A", first.name());
        conditions.put("B", second.name());
        conditions.put("carrier", options.tcp ? "TCP" : "mutual TLS 1.3");
        conditions.put("rounds", Integer.toString(options.rounds));
        conditions.put("jdk", System.getProperty("java.version"));
        conditions.forEach((name, value) -> out.println(name + ": " + value));
        if (first.driverDiffers(second)) {
            out.println("note: the drivers of both differ, too; what is not timed in the same way cannot be compared");
        }
        out.println("\nMedian (least-most) of the launches; B/A of the launches of one round\n");
        out.print(new Report(results).compared("A", "B"));
        if (options.json != null) {
            JsonFile.write(options.json, conditions, results);
        }
    }
}
