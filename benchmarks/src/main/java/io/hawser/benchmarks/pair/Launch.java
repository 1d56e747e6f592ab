package io.hawser.benchmarks.pair;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Starts servers and clients of pairs, one pair at a time, and reads what the clients print. Whatever happens, no process is
 * left when {@link #run} returns. Not thread-safe; used by one caller at a time.
 */
final class Launch {
    private static final Duration READY = Duration.ofSeconds(30);
    private static final int TAIL_LINES = 12;
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final Path directory;
    private final Duration limit;

    /** Keeps output in the directory; a client may take as long as the limit. */
    Launch(Path directory, Duration limit) {
        this.directory = directory;
        this.limit = limit;
    }

    /** The two commands of a pair. */
    interface Pair {
        /** Serves under an alive name: prints a line {@code READY}, or {@code READY} and its address. */
        ProcessBuilder server(String name);

        /** Measures the server at that address under an alive name, and prints samples with the label. */
        ProcessBuilder client(String name, String label, String address);
    }

    /** Runs a pair to its end, and returns what it measured; throws if that is nothing. */
    List<Sample> run(String label, Pair pair) throws IOException, InterruptedException {
        int number = NUMBER.incrementAndGet();
        Path serverLog = directory.resolve(number + ".server.log");
        Path clientLog = directory.resolve(number + ".client.log");
        try (var server = new Running(pair.server("s" + number), serverLog)) {
            String address = awaitReady(label, server, serverLog).orElse("s" + number + "@127.0.0.1");
            try (var client = new Running(pair.client("c" + number, label, address), clientLog)) {
                boolean ended = client.process.waitFor(limit.toSeconds(), TimeUnit.SECONDS);
                List<Sample> samples = lines(clientLog).stream()
                        .flatMap(line -> Sample.parse(line).stream())
                        .toList();
                if (!ended || samples.isEmpty() || client.process.exitValue() != 0) {
                    String what = ended
                            ? "ended with status " + client.process.exitValue()
                            : "was not done after " + limit.toSeconds() + " s";
                    throw new IOException(
                            label + ": the client " + what + tail(clientLog) + "; the server" + tail(serverLog));
                }
                return samples;
            }
        }
    }

    private static Optional<String> awaitReady(String label, Running server, Path log)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + READY.toNanos();
        while (System.nanoTime() < end) {
            for (String line : lines(log)) {
                if (line.startsWith("READY")) {
                    return Optional.of(line.substring("READY".length()).strip()).filter(address -> !address.isEmpty());
                }
            }
            if (server.process.waitFor(20, TimeUnit.MILLISECONDS)) {
                break;
            }
        }
        throw new IOException(label + ": the server is not ready" + tail(log));
    }

    private static List<String> lines(Path log) throws IOException {
        return Files.exists(log)
                ? new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                        .lines()
                        .toList()
                : List.of();
    }

    private static String tail(Path log) throws IOException {
        List<String> lines = lines(log);
        List<String> last = lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
        return last.isEmpty() ? " said nothing" : " said:\n  " + String.join("\n  ", last);
    }

    /** A process whose end is the end of its scope. */
    private static final class Running implements AutoCloseable {
        private static final int END_SECONDS = 5;

        private final Process process;

        Running(ProcessBuilder builder, Path log) throws IOException {
            process = builder.redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        }

        @Override
        public void close() throws IOException {
            process.destroy();
            try {
                if (process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                    return;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            process.destroyForcibly();
        }
    }
}
