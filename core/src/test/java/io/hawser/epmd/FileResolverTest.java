package io.hawser.epmd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.term.NodeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileResolverTest {
    private static final Duration SOON = Duration.ofSeconds(5);

    @TempDir
    private Path directory;

    private long now;

    private Path write(String text) throws IOException {
        return Files.writeString(directory.resolve("peers"), text);
    }

    private FileResolver open() {
        return new FileResolver(directory.resolve("peers"), () -> now);
    }

    private String find(NodeResolver resolver, String name) {
        return resolver.resolve(NodeName.parse(name), SOON)
                .map(found -> found.getAddress().getHostAddress() + ":" + found.getPort())
                .orElse("");
    }

    @Test
    void readsNodesAndLeavesOutCommentsAndEmptyLines() throws IOException {
        try (var resolver = NodeResolver.file(write("""
                # our cache
                a@host   127.0.0.1:9100  # the first

                \tb@host\tlocalhost:65535
                c@six [::1]:1
                """))) {
            assertThat(find(resolver, "a@host")).isEqualTo("127.0.0.1:9100");
            assertThat(find(resolver, "b@host")).endsWith(":65535");
            assertThat(find(resolver, "c@six")).isEqualTo("0:0:0:0:0:0:0:1:1");
            assertThat(find(resolver, "d@host")).isEmpty();
            assertThat(resolver.publish(NodeName.parse("a@host"), 1, SOON)).isEmpty();
        }
    }

    @Test
    void isReadAgainWhenItHasChangedAndNotMoreOftenThanItMay() throws IOException {
        write("a@host 127.0.0.1:1");
        var resolver = open();
        write("a@host 127.0.0.1:2"); // of the same size, and within the same tick of a coarse clock
        assertThat(find(resolver, "a@host")).isEqualTo("127.0.0.1:1");
        now += FileResolver.INTERVAL.toNanos();
        assertThat(find(resolver, "a@host")).isEqualTo("127.0.0.1:2");
    }

    @Test
    void whatIsNoListKeepsTheLastThatWas() throws IOException {
        Path file = write("a@host 127.0.0.1:1");
        var resolver = open();
        for (String bad :
                new String[] {"a@host", "", null, "a@host 127.0.0.1:3\nb@", "x".repeat(FileResolver.MAX_BYTES + 1)}) {
            if (bad == null) {
                Files.delete(file);
            } else {
                write(bad.isEmpty() ? "a@host 127.0.0.1:70000" : bad);
            }
            now += FileResolver.INTERVAL.toNanos();
            assertThat(find(resolver, "a@host")).isEqualTo("127.0.0.1:1");
        }
        write("a@host 127.0.0.1:2");
        now += FileResolver.INTERVAL.toNanos();
        assertThat(find(resolver, "a@host")).isEqualTo("127.0.0.1:2");
        write("");
        now += FileResolver.INTERVAL.toNanos();
        assertThat(find(resolver, "a@host")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a@host",
                "a@host 127.0.0.1",
                "a 127.0.0.1:1",
                "a@host 127.0.0.1:0",
                "a@host ::1:1",
                "a@host :1",
                "a@host x:1 y"
            })
    void saysWhichLineIsNone(String line) throws IOException {
        write("b@host 127.0.0.1:1\n" + line);
        assertThatThrownBy(this::open)
                .isInstanceOf(ResolverException.class)
                .hasMessage(directory.resolve("peers") + ":2: '" + line
                        + "' (expected: NODE HOST:PORT, such as a@host 10.0.0.1:9100)");
    }

    @Test
    void saysThatANodeIsThereTwiceAndThatThereIsNoFile() throws IOException {
        write("a@host 127.0.0.1:1\na@host 127.0.0.1:2");
        assertThatThrownBy(this::open)
                .hasMessage(directory.resolve("peers") + ":2: a@host is listed twice (expected: once)");
        assertThatThrownBy(() -> NodeResolver.file(directory.resolve("none")))
                .isInstanceOf(ResolverException.class)
                .hasMessageContaining("none: cannot be read");
    }
}
