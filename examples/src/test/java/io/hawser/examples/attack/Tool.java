package io.hawser.examples.attack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a command to its end; it and what it started end with the call. Thread-safe: stateless. */
public final class Tool {
    private static final Duration PATIENCE = Duration.ofSeconds(170);

    private Tool() {}

    /** Runs a command without input. */
    public static String run(Path directory, String... command) {
        return run(directory, new byte[0], command);
    }

    /**
     * Runs a command.
     *
     * @param directory where it runs and leaves its files
     * @param input what it reads
     * @return what it printed, on either output
     */
    static String run(Path directory, byte[] input, String... command) {
        try {
            Path output = Files.createTempFile(directory, command[0], ".out");
            Path given = Files.write(Files.createTempFile(directory, command[0], ".in"), input);
            var builder = new ProcessBuilder(List.of(command))
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectInput(given.toFile())
                    .redirectOutput(output.toFile());
            builder.environment().put("TMPDIR", directory.toString());
            Process process = builder.start();
            try {
                if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    throw new AssertionError(command[0] + " has not ended; it said: " + Files.readString(output));
                }
            } finally {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
            return new String(Files.readAllBytes(output), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
