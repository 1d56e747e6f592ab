package io.hawser.examples.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.tls.TlsEngine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** All that a program says, whatever its peers say to it: its log, down to the lowest level, and what its objects print. */
class SpeakingTest {
    @TempDir
    private static Path directory;

    private static final Map<TlsEngine, String> SAID = new EnumMap<>(TlsEngine.class);

    private static Path place(TlsEngine engine) {
        return directory.resolve(engine.name());
    }

    /** Runs the program, once with each engine. */
    private static String said(TlsEngine engine) throws IOException, InterruptedException {
        String said = SAID.get(engine);
        if (said == null) {
            said = run(engine);
            SAID.put(engine, said);
        }
        return said;
    }

    /** Runs the program at the level at which most is said. */
    private static String run(TlsEngine engine) throws IOException, InterruptedException {
        Path place = Files.createDirectory(place(engine));
        Path output = directory.resolve(engine + ".log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Talkative.class.getName(),
                        place.toString(),
                        engine.name())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(150, TimeUnit.SECONDS)).as("ended").isTrue();
        } finally {
            process.destroyForcibly();
        }
        String said = Files.readString(output, StandardCharsets.ISO_8859_1);
        assertThat(said).endsWith("DONE\n");
        return said;
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void noTextOfAPeerEndsALineOrSteersATerminal(TlsEngine engine) throws Exception {
        String said = said(engine);
        assertThat(said).as("the peers were heard").contains("FORGED");
        assertThat(said.lines()).noneMatch(line -> line.startsWith("FORGED"));
        assertThat(said.lines().filter(line -> !line.matches("\t?[ -~]*"))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void noSecretIsSaid(TlsEngine engine) throws Exception {
        String said = said(engine);
        assertThat(said.lines().filter(line -> line.startsWith("DEBUG "))).hasSizeGreaterThan(20);
        List<String> secrets = Files.readAllLines(place(engine).resolve("secrets"));
        assertThat(secrets).hasSizeGreaterThan(20).doesNotContain("");
        assertThat(secrets).noneMatch(said::contains);
    }
}
