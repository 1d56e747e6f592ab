package io.hawser.benchmarks.pair;

import io.hawser.node.Mailbox;
import io.hawser.node.Message;
import io.hawser.node.Node;
import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.Tuple;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How long it takes from starting a JVM until a message of its node has arrived, over mutual TLS. */
@Command(
        name = "start-time",
        mixinStandardHelpOptions = true,
        description =
                "Measures from starting a JVM to the first message of its node, without the JDK's class-data archive,"
                        + " with it, and with one of the application's classes, too.")
final class StartTime implements Callable<Integer> {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final PrintStream out;
    private final PrintStream progress;

    @Option(names = "--launches", paramLabel = "N", description = "Of each kind (${DEFAULT-VALUE}).")
    private int launches = 10;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes all values to a file, too.")
    private @Nullable Path json;

    private int number;

    StartTime(PrintStream out, PrintStream progress) {
        this.out = out;
        this.progress = progress;
    }

    /** Measures; ends with 0, 1 if a launch failed, 2 if it is asked for what there is not. */
    public static void main(String[] words) {
        System.exit(Commands.run(new StartTime(System.out, System.err), words));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (var lab = new PairLab();
                Node node = lab.startNode("peer", "b");
                Mailbox first = node.register("first")) {
            String classPath = JarPath.of(lab.directory());
            Path archive = lab.directory().resolve("classes.jsa");
            progress.println("archive: " + archive);
            launch(lab, first, classPath, List.of("-XX:ArchiveClassesAtExit=" + archive, "-Xlog:cds=off"));
            Map<String, List<String>> kinds = new LinkedHashMap<>();
            kinds.put("no-archive", List.of("-Xshare:off"));
            kinds.put("jdk-archive", List.of());
            kinds.put("app-archive", List.of("-Xshare:auto", "-XX:SharedArchiveFile=" + archive));
            var results = new Results();
            for (int round = 1; round <= launches; round++) {
                progress.printf("launch %d of %d%n", round, launches);
                for (Map.Entry<String, List<String>> kind : kinds.entrySet()) {
                    List<Sample> samples = new ArrayList<>();
                    launch(lab, first, classPath, kind.getValue())
                            .forEach((metric, millis) -> samples.add(new Sample(kind.getKey(), metric, "ms", millis)));
                    results.add(round, samples);
                }
            }
            out.println("jdk " + System.getProperty("java.version") + ", " + launches + " launches\n");
            out.print(new Report(results).values());
            if (json != null) {
                JsonFile.write(json, Map.of("jdk", System.getProperty("java.version")), results);
            }
            return 0;
        }
    }

    /** Starts a JVM that does nothing, and one with a node; returns milliseconds. */
    private Map<String, Double> launch(PairLab lab, Mailbox first, String classPath, List<String> options)
            throws IOException, InterruptedException {
        long begin = System.nanoTime();
        end(lab, start(lab, classPath, options, List.of()));
        double bare = millis(System.nanoTime() - begin);
        number++;
        begin = System.nanoTime();
        Process process = start(
                lab,
                classPath,
                options,
                List.of("n" + number, first.node().name().toString()));
        try {
            Optional<Message> message = first.receive(SOON);
            double arrived = millis(System.nanoTime() - begin);
            if (message.isEmpty() || !(message.get().toTerm() instanceof Tuple greeting)) {
                throw new IOException("start: no message within " + SOON + ": "
                        + Files.readString(log(lab)).strip());
            }
            first.send(greeting.element(0), Atom.of("ok"));
            end(lab, process);
            Map<String, Double> times = new LinkedHashMap<>();
            times.put("bare JVM, from start to end", bare);
            times.put("node, from main to started", millis(((Int) greeting.element(1)).value()));
            times.put("from start to first message", arrived);
            return times;
        } finally {
            process.destroy();
        }
    }

    private static double millis(long nanos) {
        return nanos / 1e6;
    }

    private static Path log(PairLab lab) {
        return lab.directory().resolve("start.log");
    }

    private static Process start(PairLab lab, String classPath, List<String> options, List<String> words)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        Collections.addAll(command, "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", classPath);
        command.add(StartNode.class.getName());
        command.addAll(words);
        var builder = new ProcessBuilder(command);
        lab.toEnvironment(builder.environment());
        return builder.redirectErrorStream(true)
                .redirectOutput(log(lab).toFile())
                .start();
    }

    private static void end(PairLab lab, Process process) throws IOException, InterruptedException {
        boolean ended = process.waitFor(SOON.toSeconds(), TimeUnit.SECONDS);
        if (!ended || process.exitValue() != 0) {
            throw new IOException("start: " + (ended ? "status " + process.exitValue() : "no end within " + SOON) + ": "
                    + Files.readString(log(lab)).strip());
        }
    }
}
