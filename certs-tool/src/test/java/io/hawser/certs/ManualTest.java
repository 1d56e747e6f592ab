package io.hawser.certs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The manual pages, as the program writes them. */
class ManualTest {
    @TempDir
    private Path temporary;

    @Test
    @NeedsProgram("groff")
    void groffHasNothingToSayOfThePages() {
        Processes.Result written = Processes.run(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "io.hawser.certs.cli.Main",
                "man",
                "--to",
                temporary.resolve("man1").toString());
        assertThat(written.exit()).as(written.output()).isZero();
        var command = new ArrayList<>(List.of("groff", "-man", "-ww", "-z", "-Tutf8"));
        List<String> pages = StoreLayout.children(temporary.resolve("man1"));
        assertThat(pages).contains("certs-tool.1", "certs-tool-node-issue.1");
        pages.forEach(
                page -> command.add(temporary.resolve("man1").resolve(page).toString()));
        assertThat(Processes.run(command.toArray(new String[0]))).isEqualTo(new Processes.Result(0, ""));
    }
}
