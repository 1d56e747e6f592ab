package io.hawser.examples.transcript;

import io.hawser.testing.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** One bash, whose commands are typed one after the other. What it started ends with it. Not thread-safe; used by one caller. */
final class Bash implements AutoCloseable {
    /** How long one command may take on a machine that has other work. */
    private static final Duration PATIENCE = Duration.ofSeconds(150);

    private static final Pattern STATUS = Pattern.compile("(.*)\\[status (\\d+)]");
    private static final String END = "[end]";

    private final Process process;
    private final Writer input;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final StringBuilder transcript = new StringBuilder();

    /** Starts it; the builder says where, and in which environment. */
    Bash(ProcessBuilder builder) throws IOException {
        process = builder.command("bash", "--norc", "--noprofile")
                .redirectErrorStream(true)
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(this::kill));
        input = process.outputWriter(StandardCharsets.UTF_8);
        var reader = new Thread(this::read, "bash-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (var reader = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            lines.add(e.toString());
        }
        lines.add(END);
    }

    /** Types a command and waits for its end. Fails with all that was seen when its status is not 0. */
    void run(String command) throws IOException, InterruptedException {
        transcript.append("$ ").append(command).append('\n');
        input.write(command + "\necho \"[status $?]\"\n");
        input.flush();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (; ; ) {
            String line = lines.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (line == null || line.equals(END)) {
                throw new AssertionError(
                        (line == null ? "no end after " + PATIENCE : "bash ended") + ":\n" + transcript);
            }
            var status = STATUS.matcher(line);
            if (status.matches()) {
                transcript.append(status.group(1));
                if (!status.group(2).equals("0")) {
                    throw new AssertionError("status " + status.group(2) + ":\n" + transcript);
                }
                return;
            }
            transcript.append(line).append('\n');
        }
    }

    /** How many processes it started are still there. */
    long children() {
        return process.descendants().count();
    }

    private void kill() {
        var children = process.descendants().toList();
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
    }

    /** Kills it and all it started. */
    @Override
    public void close() {
        var children = process.descendants().toList();
        kill();
        Await.until(
                Duration.ofSeconds(20),
                "bash and its children are gone",
                () -> !process.isAlive() && children.stream().noneMatch(ProcessHandle::isAlive));
    }
}
