package io.hawser.examples.transcript;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** One program, with what is typed to it and what it prints. Not thread-safe; used by one caller at a time. */
final class Terminal implements AutoCloseable {
    /** How long anything may take that should take no time, starting a program included. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Pattern PROMPT = Pattern.compile("^(\\([^()]*\\)\\d+> |\\d+> |iex\\([^()]*\\)\\d*> )+");
    private static final String END = "[end]";

    private final String command;
    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final List<String> seen = new ArrayList<>();

    /** Starts a command in a shell; the builder says where, and in which environment. */
    Terminal(String command, ProcessBuilder builder) throws IOException {
        this.command = command;
        process = builder.command("sh", "-c", "exec " + command)
                .redirectErrorStream(true)
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        var reader = new Thread(this::read, "terminal-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    String command() {
        return command;
    }

    private void read() {
        try (var reader = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(PROMPT.matcher(line).replaceFirst(""));
            }
        } catch (IOException e) {
            lines.add(e.toString());
        }
        lines.add(END);
    }

    /** Types a line; {@code ^D} ends the input. */
    void type(String line) throws IOException {
        OutputStream input = process.getOutputStream();
        if (line.equals("^D")) {
            input.close();
        } else {
            input.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            input.flush();
        }
    }

    /** Waits for a line that begins so. */
    void expect(String beginning) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (; ; ) {
            String line = lines.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (line == null || line.equals(END)) {
                throw new AssertionError("not printed: " + beginning + (line == null ? "" : ", and it ended"));
            }
            seen.add(line);
            if (line.startsWith(beginning)) {
                return;
            }
        }
    }

    /** Waits until it ends by itself. Returns its exit status. */
    int awaitEnd() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("did not end: " + describe());
        }
        return process.exitValue();
    }

    /** Everything it printed, once it has ended. */
    String output() throws InterruptedException {
        awaitEnd();
        for (String line = lines.take(); !line.equals(END); line = lines.take()) {
            seen.add(line);
        }
        return String.join("\n", seen);
    }

    String describe() {
        var all = new ArrayList<>(seen);
        all.addAll(lines);
        return "--- " + command + "\n" + String.join("\n", all);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
