package io.hawser.certs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretTest extends CommandFixture {
    private static final String CANARY = "canary-4711";

    @Test
    void takesThePassphraseFromEachPlaceButTheCommandLine() throws Exception {
        Path file = Files.writeString(temporary.resolve("secret"), CANARY + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        typed = new ArrayList<>(List.of(CANARY.toCharArray(), CANARY.toCharArray()));
        assertThat(json("org", "init", "orga", "--domain", "orga.test", "--pass", "prompt")
                        .exit())
                .isZero();
        assertThat(json("node", "issue", "a@a.orga.test"))
                .extracting(Run::exit, Run::code)
                .containsExactly(7, "PASSPHRASE_NEEDED");
        assertThat(json("node", "issue", "a@a.orga.test", "--pass", "file:" + file)
                        .exit())
                .isZero();
        assertThat(json("node", "issue", "b@b.orga.test", "--pass", "env:CA_PASS")
                        .code())
                .isEqualTo("SECRET_UNAVAILABLE");
        variables.put("CA_PASS", "wrong");
        assertThat(json("node", "issue", "b@b.orga.test", "--pass", "env:CA_PASS")
                        .code())
                .isEqualTo("PASSPHRASE_WRONG");
        assertThat(json("node", "issue", "b@b.orga.test", "--pass", "prompt").code())
                .isEqualTo("SECRET_UNAVAILABLE");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(json("node", "issue", "b@b.orga.test", "--pass", "file:" + file)
                        .code())
                .isEqualTo("UNSAFE_PERMISSIONS");
    }

    @Test
    void asksTwiceForANewPassphrase() {
        typed = new ArrayList<>(List.of("one".toCharArray(), "two".toCharArray()));
        Run run = json("org", "init", "orga", "--domain", "orga.test", "--pass", "prompt");
        assertThat(run).extracting(Run::exit, Run::code).containsExactly(7, "SECRET_UNAVAILABLE");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--pass=" + CANARY,
                "--pass=pass:" + CANARY,
                "--password=" + CANARY,
                "--pass:" + CANARY,
                "-p" + CANARY,
                "--key=" + CANARY
            })
    void repeatsNoSecretThatWasTypedInTheWrongPlace(String word) {
        for (String output : new String[] {"text", "json"}) {
            Run run = run("org", "init", "orga", "--domain", "orga.test", word, "-d", pki(), "-o", output);
            assertThat(run.exit()).isEqualTo(2);
            if (!word.startsWith("--key")) {
                assertThat(run.out() + run.err()).doesNotContain(CANARY);
            }
        }
        assertThat(Path.of(pki())).doesNotExist();
    }

    @Test
    void printsNoSecretAnywhere() throws Exception {
        variables.put("CA_PASS", CANARY);
        var printed = new StringBuilder();
        for (String output : new String[] {"json", "text"}) {
            String to = temporary.resolve(output).toString();
            for (String[] words : new String[][] {
                {"org", "init", "orga", "--domain", "orga.test", "--pass", "env:CA_PASS"},
                {"node", "issue", "a@a.orga.test", "--pass", "env:CA_PASS"},
                {"export", "java", "a@a.orga.test", "--to", to, "--pass", "env:CA_PASS"},
                {"inspect", to + "/keystore.p12", pki() + "/ca/root-1/key.pem", "--pass", "env:CA_PASS"},
                {"org", "show"}
            }) {
                var all = new ArrayList<>(List.of(words));
                all.addAll(List.of("-d", pki(), "-o", output));
                Run run = run(all.toArray(new String[0]));
                assertThat(run.exit()).as(run.err()).isZero();
                printed.append(run.out()).append(run.err());
            }
        }
        String key = Files.readString(temporary.resolve("pki/nodes/a@a.orga.test/current/key.pem"));
        assertThat(printed.toString())
                .doesNotContain(CANARY)
                .doesNotContain("PRIVATE KEY-----")
                .doesNotContain(key.lines().toList().get(1).substring(0, 40));
        try (Stream<Path> files = Files.walk(temporary)) {
            for (Path file : files.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
                    .toList()) {
                assertThat(Files.readAllBytes(file)).asString().doesNotContain(CANARY);
            }
        }
    }

    /** With a narrow umask; {@link EveryVerbTest} has an open one. */
    @Test
    void readsDescriptorsAndKeepsModes() throws Exception {
        Path in = temporary.resolve("commands.json");
        Path out = temporary.resolve("results.json");
        String directory = temporary.resolve("work").toString();
        new ObjectMapper()
                .writeValue(
                        in.toFile(),
                        List.of(
                                List.of("org", "init", "orga", "--domain", "orga.test", "--pass", "fd:3"),
                                List.of("node", "issue", "a@a.orga.test", "--pass", "fd:4"),
                                List.of("export", "java", "a@a.orga.test", "--to", directory + "/java")));
        String script = "umask 077; export CERTS_TOOL_DIR=" + directory + "/pki; exec \"$@\" 3<<X 4<<Y\n" + CANARY
                + "\nX\n" + CANARY + "\nY\n";
        Process process = new ProcessBuilder(
                        "sh",
                        "-c",
                        script,
                        "sh",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ManyCommands.class.getName(),
                        in.toString(),
                        out.toString())
                .inheritIO()
                .start();
        try {
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(new ObjectMapper().readTree(out.toFile()).findValuesAsText("exit"))
                .containsExactly("0", "0", "0");
        try (Stream<Path> files = Files.walk(Path.of(directory))) {
            for (Path file : files.filter(path -> !Files.isSymbolicLink(path)).toList()) {
                String name = file.getFileName().toString();
                boolean secret = name.matches("key\\.pem|password|.*\\.p12|\\.lock|events\\.jsonl");
                String expected = Files.isDirectory(file) ? "rwx------" : secret ? "rw-------" : "rw-r--r--";
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .as(file.toString())
                        .isEqualTo(expected);
            }
        }
    }
}
