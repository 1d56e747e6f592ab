package io.hawser.examples.transcript;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.testing.EpmdProcess;
import io.hawser.testing.Interop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The lines that each example shows do what they show. */
@Interop
class ExamplesTest {
    private static final Path SOURCES = Path.of("src/main/java/io/hawser/examples");
    private static final Pattern SETUP = Pattern.compile("(?ms)^    mvn .*?\\R\\R");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| \\[([a-z]+\\.[A-Za-z]+)\\]");

    @TempDir
    private static Path directory;

    /** Runs what the README tells the reader to run first, what needs a build apart. */
    @BeforeAll
    static void prepare() throws IOException, InterruptedException {
        Matcher setup = SETUP.matcher(Files.readString(Path.of("README.md")));
        assertThat(setup.find()).isTrue();
        try (var desk = new Desk(directory)) {
            List<String> lines = setup.group().lines().map(String::strip).toList();
            for (String line : lines) {
                if (!line.isEmpty() && !line.startsWith("mvn ") && !line.startsWith("export ")) {
                    desk.run("sh -c '" + line + "'");
                }
            }
        }
    }

    /** The classes in the README's table, but hello: that looks for EPMD at its own port, which may be somebody's. */
    static Stream<String> examples() throws IOException {
        return ROW.matcher(Files.readString(Path.of("README.md")))
                .results()
                .map(row -> row.group(1))
                .filter(name -> !name.startsWith("hello."));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void theLinesOfTheJavadocDoWhatTheyShow(String example) throws IOException, InterruptedException {
        Transcript transcript = Transcript.of(SOURCES.resolve(example.replace('.', '/') + ".java"));
        try (var epmd = EpmdProcess.start();
                var desk = new Desk(directory, epmd.port())) {
            desk.follow(transcript);
        }
    }

    @Test
    void theTableNamesTheExamples() throws IOException {
        assertThat(examples())
                .contains("pingpong.PingPong", "genserver.CounterServer", "restart.Restarter", "chat.Chat")
                .contains("elixir.PriceServer", "rpc.Calculator");
    }
}
