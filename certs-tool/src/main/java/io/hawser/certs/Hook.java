package io.hawser.certs;

import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program that is run after a change, such as one that has a service read its files again. Runs without a shell; its standard
 * output is discarded, its standard error is ours.
 *
 * @param command the program and its arguments
 * @param timeout after which it is killed, with what it started
 */
public record Hook(List<String> command, Duration timeout) {
    /**
     * Copies the command.
     *
     * @param command the program and its arguments
     * @param timeout after which it is killed, with what it started
     * @throws CertsException if the command is empty, or the time is not above 0 ({@code USAGE})
     */
    public Hook {
        command = List.copyOf(command);
        if (command.isEmpty() || command.get(0).isBlank()) {
            throw new CertsException(ErrorCode.USAGE, "the hook is empty");
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new CertsException(ErrorCode.USAGE, "the hook's time-out is not above 0");
        }
    }

    /** Waits until it has done its work; reports how it failed. */
    void run(Map<String, String> variables) {
        String name = Names.printable(command.get(0));
        try {
            var builder = new ProcessBuilder(command)
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.INHERIT);
            builder.environment().putAll(variables);
            Process process = builder.start();
            try {
                if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw failed(name + ": the hook did not end within " + LifeSpan.format(timeout));
                }
                if (process.exitValue() != 0) {
                    throw failed(name + ": the hook failed with exit code " + process.exitValue());
                }
            } finally {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new CertsException(ErrorCode.HOOK_FAILED, name + ": the hook cannot be started", e)
                    .hint("Give the path of a program; there is no shell");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(name + ": interrupted while the hook was running");
        }
    }

    private static CertsException failed(String message) {
        return new CertsException(ErrorCode.HOOK_FAILED, message)
                .hint("It is run again with the next pass, until it ends with exit code 0");
    }
}
