package io.hawser.certs;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs other programs to their end, or for as long as the caller holds them. */
final class Processes {
    private Processes() {}

    /** What a program printed on both streams, and how it ended. */
    record Result(int exit, String output) {}

    static Result run(String... command) {
        return run(Map.of(), command);
    }

    static Result run(Map<String, String> environment, String... command) {
        try {
            Path output = Files.createTempFile("certs-tool-test", ".out");
            try {
                var builder = new ProcessBuilder(List.of(command))
                        .redirectErrorStream(true)
                        .redirectInput(new File("/dev/null"))
                        .redirectOutput(output.toFile());
                builder.environment().putAll(environment);
                Process process = builder.start();
                try {
                    if (!process.waitFor(60, TimeUnit.SECONDS)) {
                        throw new AssertionError(
                                String.join(" ", command) + " did not end: " + Files.readString(output));
                    }
                } finally {
                    process.destroyForcibly();
                }
                return new Result(process.exitValue(), Files.readString(output, StandardCharsets.ISO_8859_1));
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
