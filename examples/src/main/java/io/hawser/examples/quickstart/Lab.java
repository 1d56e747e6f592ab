package io.hawser.examples.quickstart;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A scratch directory with certificates and cookies, and the programs that use them. {@link #close} deletes it. Not
 * thread-safe; used by one caller at a time.
 */
final class Lab implements AutoCloseable {
    private final Path repository;
    private final Path scratch;
    private final int epmdPort;
    private final Queue<Program> programs = new ConcurrentLinkedQueue<>();

    Lab(Path repository) throws IOException {
        this.repository = repository;
        this.scratch = Files.createTempDirectory("hawser-quickstart-");
        // an interrupt (Ctrl-C) runs no finally block
        Runtime.getRuntime().addShutdownHook(new Thread(this::interrupted, "lab-interrupted"));
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            epmdPort = socket.getLocalPort();
        }
    }

    Path path(String name) {
        return scratch.resolve(name);
    }

    int epmdPort() {
        return epmdPort;
    }

    /** Writes a file that only its owner can read. */
    Path secret(String name, String content) throws IOException {
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        return Files.writeString(Files.createFile(path(name), ownerOnly), content);
    }

    /** Shows a certs-tool command, and runs it. */
    void certsTool(String... arguments) throws IOException, InterruptedException {
        System.out.println(
                "   $ certs-tool " + Stream.of(arguments).map(this::shown).collect(Collectors.joining(" ")));
        var command = new ArrayList<>(certsTool());
        command.addAll(List.of(arguments));
        try (var tool = start("certs-tool", new ProcessBuilder(command))) {
            tool.finish();
        }
    }

    /** Its start script wants a jar; where classes are given instead, as in a build, they have it, too. */
    private List<String> certsTool() {
        String classPath = System.getenv("HAWSER_CLASSPATH");
        if (classPath == null || classPath.isEmpty()) {
            return List.of(repository.resolve("certs-tool/bin/certs-tool").toString());
        }
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return List.of(java, "-XX:TieredStopAtLevel=1", "-cp", classPath, "io.hawser.certs.cli.Main");
    }

    private String shown(String argument) {
        return argument.replace(scratch + "/", "");
    }

    /** Starts a JVM with a copy of the cache; returns once it is ready. */
    Program cacheNode(String name, String certs, String cookie, String... others)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(
                List.of(repository.resolve("examples/bin/example").toString(), "cache.CacheNode", name));
        command.addAll(List.of(others));
        command.addAll(List.of(
                "--certs", path(certs).toString(), "--cookie", path(cookie).toString()));
        var builder = new ProcessBuilder(command);
        builder.environment().put("HAWSER_JAVA_OPTS", "-XX:TieredStopAtLevel=1");
        builder.environment().put("ERL_EPMD_PORT", Integer.toString(epmdPort));
        return start(name, builder);
    }

    /** Starts a program that ends with this lab at the latest. */
    Program start(String name, ProcessBuilder builder) throws IOException {
        var program = new Program(name, builder);
        programs.add(program);
        return program;
    }

    private void interrupted() {
        if (Files.exists(scratch)) {
            programs.forEach(Program::kill);
            close();
        }
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(scratch)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.err.println("quickstart: could not delete " + scratch + ": " + e.getMessage());
        }
    }
}
