package io.hawser.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.testing.LonelyMain;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The core runs where what is optional is missing. */
final class WithoutOptionalsTest {
    private static final String CORE =
            Path.of("target/classes").toAbsolutePath().toString();
    private static final String TESTS =
            Path.of("target/test-classes").toAbsolutePath().toString();

    /** What is needed to run: slf4j, and nothing else. */
    private static String slf4j() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> entry.contains("slf4j-api"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String run(String... options) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-Xshare:auto", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of(options));
        command.add(LonelyMain.class.getName());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String output =
                    new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            return output.lines().filter(line -> !line.startsWith("SLF4J")).collect(Collectors.joining("\n"));
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void onTheClassPath() throws Exception {
        String path = String.join(File.pathSeparator, CORE, TESTS, slf4j());
        assertThat(run("-cp", path)).isEqualTo("Refused and Unreachable; module null, jfr true, micrometer false");
    }

    /** As in an image of jlink, which has no module that is not asked for. */
    @Test
    void onTheModulePath() throws Exception {
        String modules = String.join(File.pathSeparator, CORE, slf4j());
        assertThat(run(
                        "--module-path",
                        modules,
                        "--add-modules",
                        "io.hawser.core",
                        "--limit-modules",
                        "io.hawser.core",
                        "-cp",
                        TESTS))
                .isEqualTo("Refused and Unreachable; module io.hawser.core, jfr false, micrometer false");
    }
}
