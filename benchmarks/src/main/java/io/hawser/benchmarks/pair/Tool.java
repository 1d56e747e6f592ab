package io.hawser.benchmarks.pair;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Runs other programs to their end. */
final class Tool {
    private Tool() {}

    /**
     * Returns what a command prints, on both its outputs.
     *
     * @throws IOException if it is not there, with what to install; or if it fails, with what it printed
     */
    static String output(Path directory, String install, List<String> command)
            throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            throw new IOException(command.get(0) + ": cannot be run (" + install + ")", e);
        }
        process.getOutputStream().close();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            if (status != 0) {
                throw new IOException(
                        String.join(" ", command) + ": ended with status " + status + ":\n" + output.strip());
            }
            return output;
        } finally {
            process.destroy();
        }
    }
}
