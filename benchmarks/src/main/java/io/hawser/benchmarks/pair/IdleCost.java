package io.hawser.benchmarks.pair;

import io.hawser.node.Node;
import io.hawser.term.NodeName;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What a node costs that does nothing: memory for each TLS connection, and how often it wakes. */
@Command(
        name = "idle-cost",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Measures a JVM that does nothing, then one with a node, then with connections over mutual TLS: heap after"
                        + " a collection, resident memory beside the heap, context switches a second. Linux only.")
final class IdleCost implements Callable<Integer> {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final double KIB = 1024;

    private final PrintStream out;
    private final PrintStream progress;

    @Option(names = "--connections", paramLabel = "N", description = "How many (${DEFAULT-VALUE}).")
    private int connections = 100;

    @Option(names = "--seconds", paramLabel = "S", description = "How long it is watched (${DEFAULT-VALUE}).")
    private double seconds = 30;

    @Option(
            names = "--heap",
            paramLabel = "SIZE",
            description = "Fixed, so that all that grows is not heap (${DEFAULT-VALUE}).")
    private String heap = "256m";

    IdleCost(PrintStream out, PrintStream progress) {
        this.out = out;
        this.progress = progress;
    }

    /** Measures; ends with 0, 1 if something failed, 2 if it is asked for what there is not. */
    public static void main(String[] words) {
        System.exit(Commands.run(new IdleCost(System.out, System.err), words));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!Files.exists(Path.of("/proc/self/status"))) {
            throw new IOException("/proc: not there (expected: Linux)");
        }
        List<Node> peers = new ArrayList<>();
        try (var lab = new PairLab();
                var watched = new Watched(lab, heap)) {
            out.printf("jdk %s, fixed heap of %s, %s s each%n%n", System.getProperty("java.version"), heap, seconds);
            out.println("| | heap in use, KiB | resident, KiB | threads | context switches a second |");
            out.println("|---|---|---|---|---|");
            look(watched, "a JVM");
            NodeName node = NodeName.parse(watched.ask("node idle"));
            Cost alone = look(watched, "with a node");
            progress.println("connect: " + connections);
            try {
                for (int i = 0; i < connections; i++) {
                    peers.add(lab.startNode("p" + i, "a"));
                    peers.get(i).connect(node, SOON);
                }
                Cost connected = look(watched, "with " + connections + " connections");
                out.printf(
                        Locale.ROOT,
                        "%neach connection: %.1f KiB of heap, %.1f KiB beside it, %.3f context switches a second%n",
                        (connected.heap - alone.heap) / KIB / connections,
                        (connected.resident - alone.resident) / KIB / connections,
                        (connected.switches - alone.switches) / connections);
            } finally {
                peers.forEach(Node::close);
            }
            return 0;
        }
    }

    private Cost look(Watched watched, String what) throws IOException, InterruptedException {
        progress.println("watch: " + what);
        Cost cost = watched.look(seconds);
        out.printf(
                Locale.ROOT,
                "| %s | %.0f | %.0f | %d | %.1f |%n",
                what,
                cost.heap / KIB,
                cost.resident / KIB,
                cost.threads,
                cost.switches);
        return cost;
    }

    private record Cost(long heap, long resident, int threads, double switches) {}

    /** The process that is looked at, from outside as far as possible. */
    private static final class Watched implements AutoCloseable {
        private final Process process;
        private final BufferedReader answers;

        Watched(PairLab lab, String heap) throws IOException {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            Collections.addAll(command, "-Xms" + heap, "-Xmx" + heap, "-XX:+AlwaysPreTouch");
            Collections.addAll(command, "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
            Collections.addAll(command, "-cp", System.getProperty("java.class.path"), IdleNode.class.getName());
            var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
            lab.toEnvironment(builder.environment());
            process = builder.start();
            answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        }

        String ask(String what) throws IOException {
            process.getOutputStream().write((what + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
            String answer = answers.readLine();
            if (answer == null) {
                throw new IOException(what + ": the process that is measured has ended");
            }
            return answer;
        }

        Cost look(double seconds) throws IOException, InterruptedException {
            long heap = Long.parseLong(ask("heap"));
            long before = switches();
            long start = System.nanoTime();
            Thread.sleep((long) (seconds * 1000));
            double passed = (System.nanoTime() - start) / 1e9;
            double rate = (switches() - before) / passed;
            return new Cost(heap, 1024 * number(proc("status"), "VmRSS:"), tasks().size(), rate);
        }

        private Path proc(String file) {
            return Path.of("/proc", Long.toString(process.pid()), file);
        }

        private List<Path> tasks() throws IOException {
            try (var tasks = Files.list(proc("task"))) {
                return tasks.toList();
            }
        }

        private long switches() throws IOException {
            long sum = 0;
            for (Path task : tasks()) {
                sum += Files.exists(task) ? number(task.resolve("status"), "voluntary_ctxt_switches:") : 0;
            }
            return sum;
        }

        private static long number(Path file, String name) throws IOException {
            return Files.readAllLines(file).stream()
                    .filter(line -> line.startsWith(name))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        }

        @Override
        public void close() throws IOException {
            process.getOutputStream().close();
            process.destroy();
        }
    }
}
