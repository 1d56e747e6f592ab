package io.hawser.examples.transcript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The one jar of certs-tool and what is made of it, where the build has packaged it before these tests. */
class DistributionTest {
    private static final Path MODULE = Path.of("../certs-tool").toAbsolutePath().normalize();
    private static final Path JAR = MODULE.resolve("target/certs-tool.jar");

    @TempDir
    private Path directory;

    @BeforeAll
    static void requireJar() {
        assumeThat(Desk.isPackaged() && Files.exists(JAR))
                .as("certs-tool is packaged")
                .isTrue();
    }

    private String run(Path program, String... words) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(words));
        Path output = directory.resolve("output");
        var builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        try {
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as(Files.readString(output)).isZero();
        return Files.readString(output);
    }

    @Test
    void theJarSaysWhatToRunAndCarriesLicencesAndNoSignature() throws IOException {
        try (var jar = new JarFile(JAR.toFile())) {
            var main = Objects.requireNonNull(jar.getManifest()).getMainAttributes();
            assertThat(main.getValue("Main-Class")).isEqualTo("io.hawser.certs.cli.Main");
            assertThat(main.getValue("Multi-Release")).isEqualTo("true");
            List<String> names = jar.stream().map(entry -> entry.getName()).toList();
            assertThat(names).noneMatch(name -> name.matches("(?i)META-INF/[^/]+\\.(SF|DSA|RSA|EC)"));
            assertThat(names).noneMatch(name -> name.endsWith("module-info.class"));
            assertThat(text(jar, "META-INF/LICENSE"))
                    .contains("Apache License"); // ours, Jackson's, picocli's, SnakeYAML's
            assertThat(text(jar, "META-INF/LICENSE.md")).contains("Bouncy Castle");
            assertThat(text(jar, "META-INF/NOTICE")).contains("Jackson");
        }
    }

    private static String text(JarFile jar, String name) throws IOException {
        try (InputStream in = jar.getInputStream(Objects.requireNonNull(jar.getEntry(name), name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void theJarIssuesFromNothing() throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path jar = Files.copy(JAR, directory.resolve("one jar.jar"));
        for (String words : new String[] {
            "org init orga --domain orga.test --insecure-unencrypted-ca-keys",
            "node issue a@a.orga.test",
            "export java a@a.orga.test --to a",
            "verify a@a.orga.test"
        }) {
            var command = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1", "-jar", jar.toString()));
            command.addAll(List.of(words.split(" ", -1)));
            run(java, command.toArray(String[]::new));
        }
        assertThat(directory.resolve("a/keystore.p12")).exists();
    }

    /** A copy in a directory whose name has blanks, started through a link to a link from another directory. */
    @Test
    void theDistributionRunsFromAnywhere() throws Exception {
        Path home = directory.resolve("a directory");
        run(MODULE.resolve("bin/make-distribution"), home.toString());
        Path absolute = Files.createSymbolicLink(directory.resolve("one"), home.resolve("bin/certs-tool"));
        Path relative = Files.createSymbolicLink(directory.resolve("two"), absolute.getFileName());

        assertThat(run(relative, "--version")).isEqualTo("certs-tool 0.1.0\n");
        assertThat(home.resolve("man/man1/certs-tool-node-issue.1")).exists();
        assertThat(run(Path.of("sh"), "-c", "cd / && '" + absolute + "' --version"))
                .isEqualTo("certs-tool 0.1.0\n");
    }
}
