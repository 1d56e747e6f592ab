package io.hawser.examples.transcript;

import io.hawser.testing.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A directory that looks like the repository's to who types in it, with a home, an EPMD port and programs of its own; they
 * end with it. Not thread-safe; used by one caller at a time.
 */
final class Desk implements AutoCloseable {
    private static final Path MODULE = Path.of("").toAbsolutePath();
    private static final Path START_SCRIPT = MODULE.resolveSibling("certs-tool/bin/certs-tool");
    private static final Path ELIXIR = Path.of("examples/src/main/elixir");

    private final Path directory;
    private final int epmdPort;
    private final List<Terminal> terminals = new ArrayList<>();

    Desk(Path directory, int epmdPort) throws IOException {
        this.directory = directory;
        this.epmdPort = epmdPort;
        Path home = directory.resolve("home");
        if (!Files.exists(home)) {
            Files.createDirectory(home);
            script("examples/bin/example", "'" + MODULE.resolve("bin/example") + "'");
            script(
                    "bin/certs-tool", // its own start script wants a jar, which is built only later
                    "'" + System.getProperty("java.home") + "/bin/java' -XX:TieredStopAtLevel=1"
                            + " ${CERTS_TOOL_JAVA_OPTS:-} -cp \"$HAWSER_CLASSPATH\" io.hawser.certs.cli.Main");
            Path elixir = Files.createDirectories(directory.resolve(ELIXIR));
            for (String file : Objects.requireNonNull(
                    MODULE.resolveSibling(ELIXIR).toFile().list())) {
                Files.copy(MODULE.resolveSibling(ELIXIR).resolve(file), elixir.resolve(file));
            }
        }
    }

    /** On a port that nothing listens on. */
    Desk(Path directory) throws IOException {
        this(directory, Ports.free());
    }

    int epmdPort() {
        return epmdPort;
    }

    private void script(String name, String command) throws IOException {
        Path script = directory.resolve(name);
        Files.createDirectories(Objects.requireNonNull(script.getParent()));
        Files.writeString(script, "#!/bin/sh\nexec " + command + " \"$@\"\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }

    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    private ProcessBuilder builder() {
        var builder = new ProcessBuilder().directory(directory.toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("ERL_") || name.startsWith("HAWSER_"));
        environment.put("HOME", directory.resolve("home").toString());
        environment.put("PATH", directory.resolve("bin") + ":" + environment.get("PATH"));
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("HAWSER_CLASSPATH", classPath());
        environment.put("HAWSER_JAVA_OPTS", "-XX:TieredStopAtLevel=1 -Duser.home=" + directory.resolve("home"));
        environment.put("ERL_EPMD_PORT", Integer.toString(epmdPort));
        environment.put("ERL_AFLAGS", "-start_epmd false -kernel inet_dist_use_interface {127,0,0,1}");
        environment.put("ERL_CRASH_DUMP_SECONDS", "0");
        return builder;
    }

    /** Starts a shell for the walk-through of certs-tool: its programs are where the page looks for them. */
    Bash bash() throws IOException {
        ProcessBuilder builder = builder();
        builder.environment().remove("ERL_AFLAGS"); // the page says it
        builder.environment().put("TMPDIR", directory.toString());
        script(
                "certs-tool/bin/certs-tool",
                "'" + (isPackaged() ? START_SCRIPT : directory.resolve("bin/certs-tool")) + "'");
        return new Bash(builder);
    }

    /** Whether certs-tool comes as a jar on the class path, as in {@code mvn verify}: then its start script has one, too. */
    static boolean isPackaged() {
        return classPath().contains("hawser-certs-tool-") && Files.exists(START_SCRIPT);
    }

    /** Starts a command in a terminal of its own. */
    Terminal start(String command) throws IOException {
        var terminal = new Terminal(command, builder());
        terminals.add(terminal);
        return terminal;
    }

    /** Runs a command to its end. */
    void run(String command) throws IOException, InterruptedException {
        Terminal terminal = start(command);
        String output = terminal.output();
        if (terminal.awaitEnd() != 0) {
            throw new AssertionError(command + ":\n" + output);
        }
    }

    /** Types what a transcript says, and compares what is printed. */
    void follow(Transcript transcript) throws IOException, InterruptedException {
        Terminal current = null;
        for (Transcript.Step step : transcript.steps()) {
            try {
                current = switch (step.action()) {
                    case START -> start(step.text());
                    case TYPE -> {
                        Terminal to = find(step.program(), current);
                        to.type(step.text());
                        yield to;
                    }
                    case EXPECT -> {
                        Terminal from = find(step.program(), current);
                        from.expect(step.text());
                        yield from;
                    }
                };
            } catch (AssertionError | IOException e) {
                throw new AssertionError(
                        e.getMessage()
                                + terminals.stream()
                                        .map(Terminal::describe)
                                        .collect(Collectors.joining("\n", "\n", "")),
                        e);
            }
        }
    }

    private Terminal find(String program, @Nullable Terminal current) {
        Terminal found = program.isEmpty() ? current : null;
        for (Terminal terminal : terminals) {
            if (!program.isEmpty() && terminal.command().matches(".*\\b" + program + "\\b.*")) {
                found = terminal;
            }
        }
        if (found == null) {
            throw new AssertionError("no program " + program);
        }
        return found;
    }

    @Override
    public void close() {
        terminals.forEach(Terminal::close);
    }
}
