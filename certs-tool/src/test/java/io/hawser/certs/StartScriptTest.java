package io.hawser.certs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

/** The start script in a copy of the module, with a {@code java} that prints what it was given. */
class StartScriptTest {
    @TempDir(factory = TempDirFactory.Standard.class) // programs may not run from memory
    private Path temporary;

    private Path module() {
        return temporary.resolve("a b").resolve("certs-tool");
    }

    @BeforeEach
    void copy() throws Exception {
        Files.createDirectories(module().resolve("bin"));
        Files.copy(Path.of("bin", "certs-tool"), module().resolve("bin/certs-tool"));
        Path java = Files.createDirectories(temporary.resolve("jdk/bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\nprintf '%s|' \"$@\"\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        assertThat(module().resolve("bin/certs-tool").toFile().setExecutable(true))
                .isTrue();
    }

    private Processes.Result run(Path script, String... words) {
        var command = new java.util.ArrayList<>(java.util.List.of(script.toString()));
        command.addAll(java.util.List.of(words));
        return Processes.run(Map.of("JAVA_HOME", temporary.resolve("jdk").toString()), command.toArray(new String[0]));
    }

    @Test
    void saysWhichCommandBuildsIt() {
        Processes.Result result = run(module().resolve("bin/certs-tool"));
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.output())
                .startsWith("certs-tool is not built yet; run: mvn ")
                .hasLineCount(1);
    }

    @Test
    void startsTheJarThroughLinksWithItsWordsUntouched() throws Exception {
        Files.createDirectories(module().resolve("target"));
        Path jar = Files.createFile(module().resolve("target/certs-tool.jar"));
        Path absolute = Files.createSymbolicLink(temporary.resolve("one"), module().resolve("bin/certs-tool"));
        Path relative = Files.createSymbolicLink(temporary.resolve("two"), absolute.getFileName());

        String options = "-XX:+UseSerialGC|-XX:TieredStopAtLevel=1|-Xshare:auto|-Xlog:disable|";
        Path archive = Path.of(jar.toRealPath().toString().replace(".jar", ".jsa"));
        assertThat(run(relative, "inspect", "a file", "*"))
                .isEqualTo(new Processes.Result(
                        0,
                        options + "-XX:SharedArchiveFile=" + archive + "|-jar|" + jar.toRealPath()
                                + "|inspect|a file|*|"));
    }
}
