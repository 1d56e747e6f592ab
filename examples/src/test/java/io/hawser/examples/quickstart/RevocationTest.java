package io.hawser.examples.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What {@code examples/quickstart revocation} shows happens. */
class RevocationTest {
    @Test
    void aRevokedNodeIsGoneInSecondsAndTheOthersCallEachOtherOn() throws IOException, InterruptedException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Path repository = Path.of("..").toAbsolutePath().normalize();
        var builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                        "-cp",
                        classPath,
                        "io.hawser.examples.quickstart.Revocation",
                        repository.toString())
                .redirectErrorStream(true);
        builder.environment().put("HAWSER_CLASSPATH", classPath);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process story = builder.start();
        try {
            String told = new String(story.getInputStream().readAllBytes(), UTF_8);
            assertThat(story.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(story.exitValue()).as(told).isZero();
            assertThat(told)
                    .containsPattern("a is rid of c [0-9.]+ s later: code=CERTIFICATE_REVOKED layer=REVOCATION"
                            + " reason=the peer's certificate is revoked")
                    .containsPattern("b is rid of c, too: code=CERTIFICATE_REVOKED layer=REVOCATION")
                    .containsPattern("[1-9][0-9]* calls from a to b meanwhile, none failed")
                    .containsPattern("c > connect a@a.demo.test +refused: .*peer refused our certificate")
                    .containsPattern("a > ask b@b.demo.test colour +not_found");
        } finally {
            story.destroyForcibly();
        }
    }
}
