package io.hawser.certs;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Runs a program to its end, within a time, and returns what it printed. */
final class OtherProgram {
    private static final int MAX_SECONDS = 60;

    private OtherProgram() {}

    /**
     * How a program ended.
     *
     * @param exit its exit code
     * @param output both streams
     */
    record Ended(int exit, String output) {}

    static boolean isInstalled(String program) {
        String path = System.getenv("PATH");
        return path != null
                && Arrays.stream(path.split(Pattern.quote(File.pathSeparator), -1))
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    static Ended run(Path directory, List<String> command) {
        Path output = directory.resolve("output");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(output.toFile())
                    .start();
            try {
                if (!process.waitFor(MAX_SECONDS, TimeUnit.SECONDS)) {
                    throw new CertsException(
                            ErrorCode.VERIFICATION_FAILED,
                            command.get(0) + ": did not end within " + MAX_SECONDS + " seconds");
                }
                return new Ended(process.exitValue(), Files.readString(output, StandardCharsets.ISO_8859_1));
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new CertsException(ErrorCode.IO, "running " + command.get(0) + " failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CertsException(ErrorCode.IO, "interrupted while " + command.get(0) + " was running", e);
        }
    }

    /** Lends a directory that is gone afterwards. */
    static <T> T inTemporaryDirectory(Function<Path, T> work) {
        try {
            Path directory = Files.createTempDirectory("certs-tool");
            try {
                return work.apply(directory);
            } finally {
                try (Stream<Path> files = Files.walk(directory)) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
        } catch (IOException | UncheckedIOException e) {
            throw new CertsException(ErrorCode.IO, "a temporary directory could not be used", e);
        }
    }

    static void write(Path file, byte[] content) {
        try {
            Files.write(file, content);
        } catch (IOException e) {
            throw CertsException.io("writing", file, e);
        }
    }
}
