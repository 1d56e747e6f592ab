package io.hawser.certs;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Runs a command to its end, with bytes in and bytes out, for a limited time and a limited amount of output. No shell is
 * involved. Thread-safe (immutable).
 *
 * @param words the program and its arguments
 * @param timeout from start to end; then the command and what it started are killed
 * @param maxBytes of output; more is an error
 */
record CommandRun(List<String> words, Duration timeout, int maxBytes) {
    private static final int MAX_ERROR_BYTES = 2048;

    byte[] run(byte[] input) {
        Process process;
        try {
            process = new ProcessBuilder(words).start();
        } catch (IOException e) {
            throw failed(ErrorCode.SIGNER_UNAVAILABLE, "cannot be started", e);
        }
        long deadline = System.nanoTime() + timeout.toNanos();
        try {
            FutureTask<byte[]> output = start(() -> process.getInputStream().readNBytes(maxBytes + 1));
            FutureTask<byte[]> error = start(() -> firstOf(process.getErrorStream()));
            var unused = start(() -> feed(process.getOutputStream(), input)); // what the command answers decides
            byte[] bytes = output.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (bytes.length > maxBytes) {
                throw failed(ErrorCode.SIGNER_FAILED, "printed more than " + maxBytes + " bytes", null);
            }
            if (!process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                throw new TimeoutException();
            }
            if (process.exitValue() != 0) {
                byte[] said = error.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                throw failed(ErrorCode.SIGNER_FAILED, "exit " + process.exitValue() + firstLine(said), null);
            }
            return bytes;
        } catch (TimeoutException e) {
            throw failed(ErrorCode.SIGNER_FAILED, "did not end within " + timeout.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            throw failed(ErrorCode.SIGNER_FAILED, "its output cannot be read", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CertsException(ErrorCode.INTERNAL, "interrupted; run the command again to finish", e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static <T> FutureTask<T> start(Callable<T> work) {
        var task = new FutureTask<>(work);
        var thread = new Thread(task, "certs-tool-signer");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    private static boolean feed(OutputStream to, byte[] input) {
        try (to) {
            to.write(input);
            return true;
        } catch (IOException e) {
            return false; // the command need not read all of it; what it answers decides
        }
    }

    /** Reads to the end, so that the command never waits for us, and keeps the beginning. */
    private static byte[] firstOf(InputStream from) throws IOException {
        byte[] first = from.readNBytes(MAX_ERROR_BYTES);
        from.transferTo(OutputStream.nullOutputStream());
        return first;
    }

    private static String firstLine(byte[] said) {
        String line = new String(said, StandardCharsets.UTF_8)
                .strip()
                .lines()
                .findFirst()
                .orElse("");
        return line.isEmpty() ? "" : ": " + Names.printable(line, 200);
    }

    private CertsException failed(ErrorCode code, String why, @Nullable Throwable cause) {
        String message = "the signer's command " + Names.printable(words.get(0), 200) + ": " + why;
        CertsException failure =
                cause == null ? new CertsException(code, message) : new CertsException(code, message, cause);
        return failure.hint("Run it by hand, as certs-tool's MANUAL.md says under 'Keys elsewhere'");
    }
}
