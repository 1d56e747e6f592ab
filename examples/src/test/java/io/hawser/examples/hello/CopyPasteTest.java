package io.hawser.examples.hello;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a reader copies compiles, and TLS is one line away from TCP. */
class CopyPasteTest {
    private static final Path SOURCES = Path.of("src/main/java/io/hawser/examples");
    private static final Path SOURCES_FOR_21 = Path.of("src/test/java21");
    private static final Pattern JAVA_BLOCK = Pattern.compile("(?ms)^```java\\R(.*?)^```");

    @Test
    void theTwoNodesDifferInTheTransportAlone() throws IOException {
        List<String> tcp = body("HelloTcp");
        List<String> tls = body("HelloTls");
        assertThat(tls).hasSameSizeAs(tcp);
        var different = new ArrayList<String>();
        for (int i = 0; i < tcp.size(); i++) {
            if (!tcp.get(i).equals(tls.get(i))) {
                different.add(tcp.get(i) + " -> " + tls.get(i));
            }
        }
        assertThat(different)
                .containsExactly(".transport(TcpTransport.plain())"
                        + " -> .transport(TlsTransport.mutual(TlsCredentials.watch(Path.of(\"certs/java\"))))");
    }

    /** The class without its imports, Javadoc and name. */
    private static List<String> body(String name) throws IOException {
        return Files.readAllLines(SOURCES.resolve("hello/" + name + ".java")).stream()
                .map(String::strip)
                .filter(line -> !line.startsWith("import ") && !line.startsWith("*") && !line.startsWith("/**"))
                .map(line -> line.replace(name, "Hello"))
                .toList();
    }

    @Test
    void theCodeInTheReadmeIsCompiled() throws IOException {
        Path readme = Path.of("../README.md");
        if (!Files.exists(readme)) {
            return; // no block, nothing that could be wrong
        }
        String sources = textOf(SOURCES) + textOf(SOURCES_FOR_21);
        var block = JAVA_BLOCK.matcher(Files.readString(readme));
        while (block.find()) {
            assertThat(sources).contains(unindented(block.group(1)));
        }
    }

    private static String textOf(Path directory) throws IOException {
        var text = new StringBuilder();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                text.append(unindented(Files.readString(file))).append('\n');
            }
        }
        return text.toString();
    }

    /** An excerpt stands further left than in its class. */
    private static String unindented(String text) {
        return String.join("\n", text.lines().map(String::strip).toList());
    }
}
