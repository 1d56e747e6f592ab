package io.hawser.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Back-pressure over TLS in JVMs with a heap that would not do without it. */
class SmallHeapTest {
    private static final int SECONDS = 150;

    @TempDir
    private Path directory;

    private void plays(String scenario, String heap) throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        heap,
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SmallHeap.class.getName(),
                        scenario,
                        directory.resolve("lab").toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
            assertThat(ended).as("ended").isTrue();
            assertThat(Files.readString(output, StandardCharsets.UTF_8)).endsWith("DONE\n");
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aThousandSendersWaitForAPeerThatDoesNotReadAndGoOnInOrderWhenItDoes() throws Exception {
        plays("blocked", "-Xmx64m");
    }

    @Test
    void sendersThatWaitAreReleasedWhenThePeerDies() throws Exception {
        plays("dying", "-Xmx64m");
    }

    @Test
    void aMillionMessagesToASlowConsumerDoNotGrowTheHeap() throws Exception {
        plays("flood", "-Xmx48m");
    }

    @Test
    void messagesThatTakeManyTimesTheirPacketsWaitAndTooLargeOnesCostTheirConnection() throws Exception {
        plays("inflating", "-Xmx64m");
    }

    @Test
    void nodesThatAnswerEachOtherAtFullSpeedDoNotWaitForEver() throws Exception {
        plays("mutual", "-Xmx64m");
    }
}
