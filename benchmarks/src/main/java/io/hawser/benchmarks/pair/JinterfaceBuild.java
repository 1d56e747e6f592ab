package io.hawser.benchmarks.pair;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** Compiles the Jinterface end against the Jinterface of this machine, which Hawser neither has nor needs. */
final class JinterfaceBuild {
    static final String MAIN = "io.hawser.benchmarks.pair.JinterfaceEnd";
    private static final List<String> SOURCES = List.of("JinterfaceEnd.java", "JinterfaceTls.java");
    private static final Path DEBIAN = Path.of("/usr/share/java/OtpErlang.jar");
    private static final Path OTP_LIB = Path.of("/usr/lib/erlang/lib");

    private final @Nullable Path wanted;
    private List<Path> classPath = List.of();

    /** Takes the jar, or null to look where OTP and Debian put it. */
    JinterfaceBuild(@Nullable Path wanted) {
        this.wanted = wanted;
    }

    /** Compiles into a directory. */
    void prepare(Path directory) throws IOException {
        Path jar = find();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new IOException(
                    "jinterface: this Java has no compiler (expected: a JDK, as openjdk-17-jdk-headless)");
        }
        Files.createDirectories(directory);
        for (String source : SOURCES) {
            try (InputStream in = ErlangEnd.resource(source)) {
                Files.write(directory.resolve(source), in.readAllBytes());
            }
        }
        var complaints = new StringWriter();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            var units = files.getJavaFileObjectsFromPaths(
                    SOURCES.stream().map(directory::resolve).toList());
            String path = jar + java.io.File.pathSeparator + System.getProperty("java.class.path");
            List<String> options = List.of("-nowarn", "-proc:none", "-cp", path, "-d", directory.toString());
            if (!compiler.getTask(complaints, files, null, options, null, units).call()) {
                throw new IOException(jar + ": the Jinterface end does not compile against it: " + complaints);
            }
        }
        classPath = List.of(directory, jar);
    }

    /** What comes before the class path of the others. */
    List<Path> classPath() {
        return classPath;
    }

    /** Returns the jar, its version in its name where it is Debian's, once it is known. */
    Optional<String> jar() throws IOException {
        return classPath.isEmpty()
                ? Optional.empty()
                : Optional.of(classPath.get(classPath.size() - 1).toRealPath().toString());
    }

    private Path find() throws IOException {
        if (wanted != null) {
            if (Files.isReadable(wanted)) {
                return wanted;
            }
            throw new IOException(wanted + ": not readable (expected: OtpErlang.jar)");
        }
        Optional<Path> found = Files.isReadable(DEBIAN) ? Optional.of(DEBIAN) : ofOtp();
        return found.orElseThrow(() -> new IOException(
                "OtpErlang.jar: neither in /usr/share/java nor in /usr/lib/erlang/lib (Debian: apt-get install"
                        + " erlang-jinterface; or --jinterface JAR)"));
    }

    private static Optional<Path> ofOtp() throws IOException {
        if (!Files.isDirectory(OTP_LIB)) {
            return Optional.empty();
        }
        try (Stream<Path> libraries = Files.list(OTP_LIB)) {
            return libraries
                    .filter(library -> library.getFileName().toString().startsWith("jinterface-"))
                    .map(library -> library.resolve("priv").resolve("OtpErlang.jar"))
                    .filter(Files::isReadable)
                    .max(Path::compareTo);
        }
    }
}
