package io.hawser.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** A process that prints READY, and ends when its standard input does. Not thread-safe; used by one caller at a time. */
final class PeerProcess implements AutoCloseable {
    private static final int END_SECONDS = 10;

    private final String command;
    private final Process process;

    PeerProcess(ProcessBuilder builder) throws IOException {
        command = builder.command().get(0);
        process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    void awaitReady() throws IOException {
        var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        var seen = new StringBuilder();
        for (String line = lines.readLine(); !"READY".equals(line); line = lines.readLine()) {
            if (line == null) {
                throw new IOException(command + ": ended before it was ready: " + seen);
            }
            seen.append(line).append('\n');
        }
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
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
