package io.hawser.examples.quickstart;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A program that was started, with what it prints. Not thread-safe; used by one caller
 * at a time.
 */
final class Program implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String name;
    private final Process process;
    private final BufferedWriter input;
    private final BlockingQueue<Optional<String>> output;
    private final BlockingQueue<Optional<String>> errors;

    Program(String name, ProcessBuilder builder) throws IOException {
        this.name = name;
        process = builder.start();
        input = process.outputWriter(StandardCharsets.UTF_8);
        output = lines(process.getInputStream());
        errors = lines(process.getErrorStream());
    }

    private BlockingQueue<Optional<String>> lines(InputStream stream) {
        var lines = new LinkedBlockingQueue<Optional<String>>();
        var reader = new Thread(() -> read(stream, lines), name + "-output");
        reader.setDaemon(true);
        reader.start();
        return lines;
    }

    private static void read(InputStream stream, BlockingQueue<Optional<String>> lines) {
        try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(Optional.of(line));
            }
        } catch (IOException | UncheckedIOException e) {
            // the program is gone; what it said until then has been read
        } finally {
            lines.add(Optional.empty());
        }
    }

    /** Types one line, and returns the next line printed. */
    String ask(String line) throws IOException, InterruptedException {
        input.write(line);
        input.newLine();
        input.flush();
        return nextLine();
    }

    /** Returns the next line printed. */
    String nextLine() throws InterruptedException {
        return await(output, line -> true)
                .orElseThrow(() -> new QuickstartException(name + " ended early: " + lastWords()));
    }

    /** Returns the next line on standard error that matches; empty if the program ended or was silent for a while. */
    Optional<String> nextError(Predicate<String> wanted) throws InterruptedException {
        return await(errors, wanted);
    }

    private Optional<String> await(BlockingQueue<Optional<String>> lines, Predicate<String> wanted)
            throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Optional<String> line = lines.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (line == null) {
                throw new QuickstartException(
                        name + ": nothing for " + PATIENCE.toSeconds() + " seconds; " + lastWords());
            }
            if (line.isEmpty()) {
                lines.add(line);
                return line;
            }
            if (wanted.test(line.get())) {
                return line;
            }
        }
    }

    /** Waits until it ends by itself. Returns everything it printed. */
    List<String> finish() throws IOException, InterruptedException {
        input.close();
        if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new QuickstartException(name + ": did not end within " + PATIENCE.toSeconds() + " seconds");
        }
        var all = new java.util.ArrayList<String>();
        for (Optional<String> line = output.take(); line.isPresent(); line = output.take()) {
            all.add(line.get());
        }
        if (process.exitValue() != 0) {
            throw new QuickstartException(name + ": exit status " + process.exitValue() + "; " + lastWords());
        }
        return all;
    }

    /** Ends it now, and waits until it has ended: it may be writing a file that is to be deleted. */
    void kill() {
        process.destroyForcibly();
        try {
            process.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String lastWords() {
        String last = "it said nothing on standard error";
        for (Optional<String> line : errors) {
            if (line.isPresent() && !line.get().isBlank()) {
                last = line.get();
            }
        }
        return last;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
