package io.hawser.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * An {@code erl} process that evaluates expressions sent over its stdin, with no distribution.
 *
 * <p>All expressions of one shell run in the same Erlang process, one after the other, so {@code self()} stays the same
 * and messages sent to it can be received later; variables do not stay bound from one call to the next. The process has a
 * temporary directory as its home, and ends with {@link #close()} or with the JVM. Thread-safe: one call at a time.
 */
public class ErlShell implements AutoCloseable {
    /** How long a call may take when it does not say. */
    public static final Duration DEADLINE = Duration.ofSeconds(20);

    private static final String MARKER = "@@hawser ";
    private static final String BOOT = bootText();

    private final ChildProcess child;
    private final Path home;
    private final OutputStream stdin;
    private final OutputTail output = new OutputTail();
    private final ReentrantLock sending = new ReentrantLock();
    private final Map<Long, CompletableFuture<String>> waiting = new ConcurrentHashMap<>();
    private long lastId;

    /** Starts a shell and waits until it evaluates. */
    public static ErlShell start() {
        Path home = TempDirectory.create();
        return new ErlShell(home, List.of(), Map.of());
    }

    /** @param home made by the caller for this process alone; removed when it is closed */
    ErlShell(Path home, List<String> arguments, Map<String, String> environment) {
        this.home = home;
        var command = new ArrayList<String>(List.of("erl", "+pc", "unicode", "-noinput"));
        command.addAll(arguments);
        command.addAll(List.of("-eval", BOOT));
        var builder = new ProcessBuilder(command).redirectErrorStream(true).directory(home.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("ERL_"));
        builder.environment().putAll(environment);
        builder.environment().put("HOME", home.toString());
        var started = new CompletableFuture<String>();
        waiting.put(0L, started);
        child = ChildProcess.start(builder);
        stdin = child.process().getOutputStream();
        var reader =
                new Thread(this::readOutput, "erl-output-" + child.process().pid());
        reader.setDaemon(true);
        reader.start();
        try {
            await(0, started, DEADLINE, "start of " + String.join(" ", command.subList(0, command.size() - 2)));
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /**
     * Evaluates expressions separated by commas, and returns the last value as {@code ~0tp} prints it.
     *
     * @param expressions without the final full stop
     * @param arguments binaries, bound to {@code A1}, {@code A2} and so on
     * @throws ErlangException if they raise
     * @throws AssertionError if no answer comes within {@link #DEADLINE}, with the node's output
     */
    public String eval(String expressions, byte[]... arguments) {
        return eval(DEADLINE, expressions, arguments);
    }

    /** Evaluates as {@link #eval(String, byte[]...)} does, with a deadline of its own. */
    public String eval(Duration deadline, String expressions, byte[]... arguments) {
        return new String(call(deadline, "text", expressions, arguments), StandardCharsets.UTF_8);
    }

    /** Evaluates expressions whose value is iodata, and returns its bytes. */
    public byte[] evalBinary(String expressions, byte[]... arguments) {
        return call(DEADLINE, "binary", expressions, arguments);
    }

    /** Evaluates until the value prints as expected, or fails with the last value after the timeout. */
    public void awaitEval(Duration timeout, String expected, String expressions, byte[]... arguments) {
        long deadline = System.nanoTime() + timeout.toNanos();
        for (; ; ) {
            String found = eval(expressions, arguments);
            if (found.equals(expected)) {
                return;
            }
            if (System.nanoTime() - deadline >= 0) {
                throw new AssertionError("erl: " + expressions + " is " + found + " after " + timeout.toMillis()
                        + " ms (expected: " + expected + ")" + describe());
            }
            // long enough that a node under test is not kept busy by the polling
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** Returns what the process printed, apart from answers; the last 64 Ki characters. */
    public String output() {
        return output.text();
    }

    /** Returns whether the process runs. */
    public boolean isAlive() {
        return child.process().isAlive();
    }

    /** Returns the process id, for tests that stop a node with a signal. */
    public long pid() {
        return child.process().pid();
    }

    /** Ends the process at once, as a crash would, and waits until it is gone. */
    public void kill() {
        child.close();
    }

    /** Kills the process and removes its directory. Can be called twice. */
    @Override
    public void close() {
        kill();
        TempDirectory.remove(home);
    }

    private byte[] call(Duration deadline, String mode, String expressions, byte[]... arguments) {
        Base64.Encoder base64 = Base64.getEncoder();
        var line = new StringBuilder(mode).append(' ');
        line.append(base64.encodeToString(expressions.getBytes(StandardCharsets.UTF_8)));
        for (byte[] argument : arguments) {
            line.append(' ').append(base64.encodeToString(argument));
        }
        sending.lock();
        try {
            long id = ++lastId;
            var answer = new CompletableFuture<String>();
            waiting.put(id, answer);
            stdin.write((id + " " + line + "\n").getBytes(StandardCharsets.US_ASCII));
            stdin.flush();
            return decode(expressions, await(id, answer, deadline, expressions));
        } catch (IOException e) {
            throw new AssertionError("erl is gone, evaluating: " + expressions + describe(), e);
        } finally {
            sending.unlock();
        }
    }

    private static byte[] decode(String expressions, String answer) {
        String[] parts = answer.split(" ", -1);
        if (parts[0].equals("ok")) {
            return Base64.getDecoder().decode(parts[1]);
        }
        throw new ErlangException(expressions, text(parts[1]), text(parts[2]));
    }

    private static String text(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    private String await(long id, CompletableFuture<String> answer, Duration deadline, String what) {
        try {
            return answer.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("erl: no answer within " + deadline.toMillis() + " ms: " + what + describe(), e);
        } catch (ExecutionException e) {
            throw new AssertionError("erl ended: " + what + describe(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while awaiting erl: " + what, e);
        } finally {
            waiting.remove(id);
        }
    }

    private String describe() {
        return "\n--- output of erl ---\n" + output() + "\n---";
    }

    private void readOutput() {
        var stream = child.process().getInputStream();
        try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                onLine(line);
            }
        } catch (IOException e) {
            output.add("[reading the output failed: " + e.getMessage() + "]");
        }
        waiting.values().forEach(answer -> answer.completeExceptionally(new IOException("the process ended")));
    }

    private void onLine(String line) {
        // what a test printed without a line end stands before the marker
        int marker = line.indexOf(MARKER);
        if (marker != 0) {
            output.add(marker < 0 ? line : line.substring(0, marker));
        }
        if (marker >= 0) {
            String answer = line.substring(marker + MARKER.length());
            int blank = answer.indexOf(' ');
            var future = waiting.get(Long.parseLong(answer.substring(0, blank)));
            if (future != null) {
                future.complete(answer.substring(blank + 1));
            }
        }
    }

    private static String bootText() {
        try (var in = ErlShell.class.getResourceAsStream("/io/hawser/testing/erl_shell.eval")) {
            if (in == null) {
                throw new IllegalStateException("erl_shell.eval is not on the class path");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return text.lines().filter(line -> !line.startsWith("%")).collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read erl_shell.eval", e);
        }
    }

    /** The end of what a process printed. Thread-safe. */
    static final class OutputTail {
        private static final int MAX_CHARACTERS = 64 * 1024;
        private final StringBuilder text = new StringBuilder();

        synchronized void add(String line) {
            text.append(line).append('\n');
            if (text.length() > MAX_CHARACTERS) {
                text.delete(0, text.length() - MAX_CHARACTERS);
            }
        }

        synchronized String text() {
            return text.toString();
        }
    }

    /** Directories that live as long as a process. */
    static final class TempDirectory {
        private TempDirectory() {}

        static Path create() {
            try {
                return Files.createTempDirectory("hawser-erl-");
            } catch (IOException e) {
                throw new UncheckedIOException("cannot make a temporary directory", e);
            }
        }

        static void remove(Path directory) {
            try (var paths = Files.walk(directory)) {
                paths.sorted(Comparator.reverseOrder())
                        .forEach(path -> path.toFile().delete());
            } catch (IOException | UncheckedIOException e) {
                // closed twice, or the process was still writing: a rest in the temporary directory harms nobody
                directory.toFile().deleteOnExit();
            }
        }
    }
}
