package io.hawser.certs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hawser.certs.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How each verb ends when it cannot do what it should: each row of the table, exit code and envelope, and nothing changed. */
class ExitCodeTest {
    private static final String NOW = "2026-03-01T12:00:00Z";

    private static final Set<String> VERBS = EveryVerb.verbs();

    @TempDir
    private static Path temporary;

    private static String fingerprint = "";
    private static Map<String, String> now = Map.of();

    /**
     * A command that is refused.
     *
     * @param store in which state of the store
     * @param code of the error
     * @param words with {@code $} for the working directory
     */
    record Row(RefusedStore store, ErrorCode code, String words) {
        static Row parse(String line) {
            String[] columns = line.strip().split(" +", 3);
            return new Row(RefusedStore.valueOf(columns[0]), ErrorCode.valueOf(columns[1]), columns[2]);
        }

        int exit() {
            return code.exitCode();
        }

        String verb() {
            String[] all = words.split(" ", -1);
            return VERBS.contains(all[0]) ? all[0] : all[0] + " " + all[1];
        }

        @Override
        public String toString() {
            return store + " " + words + ": " + code;
        }
    }

    static List<Row> rows() throws IOException {
        return Files.readString(Path.of("src/test/resources/exit-codes.txt"))
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(Row::parse)
                .toList();
    }

    private static CommandFixture.Run run(Function<String, Optional<char[]>> prompt, String... words) {
        var out = new StringWriter();
        var err = new StringWriter();
        var environment = new Environment(
                InputStream.nullInputStream(),
                new PrintWriter(out),
                new PrintWriter(err),
                Map.of("SECRET", "secret", "WRONG", "wrong"),
                Clock.systemUTC(),
                prompt);
        int exit = new CertsTool(environment).run(words);
        return new CommandFixture.Run(exit, out.toString(), err.toString());
    }

    private static CommandFixture.Run at(Path store, String words) {
        var all = new ArrayList<>(List.of(words.replace("$", temporary.toString())
                .replace("FINGERPRINT", fingerprint)
                .split(" ", -1)));
        all.addAll(List.of("-o", "json", "-d", store.toString()));
        if (!words.contains("--now")) {
            all.add("--now=" + NOW);
        }
        return run(text -> Optional.empty(), all.toArray(String[]::new));
    }

    private static void make(String store, String... commands) {
        for (String words : commands) {
            CommandFixture.Run run = at(temporary.resolve(store), words);
            assertThat(run.exit()).as(words + " " + run.err()).isZero();
        }
    }

    @BeforeAll
    static void makeStores() throws Exception {
        make(
                "partner",
                "org init orgb --domain orgb.test --insecure-unencrypted-ca-keys",
                "node issue b@b.orgb.test",
                "trust export --to $/older.json",
                "node issue d@d.orgb.test",
                "trust export --to $/orgb.json");
        fingerprint = at(temporary.resolve("partner"), "trust diff $/orgb.json")
                .json()
                .path("result")
                .path("fingerprints")
                .path(0)
                .asText();
        byte[] bundle = Files.readAllBytes(temporary.resolve("orgb.json"));
        bundle[bundle.length / 2] ^= 1;
        Files.write(temporary.resolve("forged.json"), bundle);
        make(
                "pki",
                "org init orga --domain orga.test --offline-root $/usb --insecure-unencrypted-ca-keys",
                "node issue a@a.orga.test b@b.orga.test",
                "node request c@c.orga.test --out $/c.csr",
                "node sign $/c.csr",
                "node request e@e.orga.test --out $/e.csr",
                "node request a@a.orga.test --out $/a.csr",
                "node request x@x.orgb.test --out $/foreign.csr");
        RefusedStore.copy(temporary.resolve("pki"), temporary.resolve("asking"));
        make(
                "asking",
                "ca issue-intermediate issuing-2 --insecure-unencrypted-ca-keys",
                "ca sign $/asking/requests/issuing-2/request.json --out $/answer.json --offline-root $/usb --yes");
        make(
                "pki",
                "trust import $/orgb.json --offline-root $/usb --fingerprint FINGERPRINT",
                "export pem a@a.orga.test --to $/pem",
                "trust export --to $/orga.json");
        RefusedStore.copy(temporary.resolve("pki"), temporary.resolve("rotating"));
        RefusedStore.copy(temporary.resolve("pki"), temporary.resolve("revoked"));
        make("revoked", "revoke b@b.orga.test", "crl install $/newer");
        make("rotating", "rotate issuing --offline-root $/usb");
        make(
                "encrypted",
                "org init orga --domain orga.test --pass env:SECRET",
                "node issue a@a.orga.test --pass env:SECRET");
        Files.writeString(temporary.resolve("nonsense"), "?");
        Files.writeString(
                temporary.resolve("short.json"),
                Files.readString(temporary.resolve("asking/requests/issuing-2/request.json"))
                        .replace("\"2y\"", "\"1s\""));
        Files.createDirectory(temporary.resolve("empty"));
        now = snapshot();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void endsAsTheTableSaysAndChangesNothing(Row row) throws Exception {
        CommandFixture.Run run = row.store().during(temporary, store -> at(store, row.words()));

        assertThat(run.code()).as(run.err()).isEqualTo(row.code().name());
        assertThat(run.exit()).isEqualTo(row.code().exitCode());
        JsonNode envelope = run.json();
        assertThat(envelope.path("schema").asText()).isEqualTo("certs-tool/1");
        assertThat(envelope.path("command").asText()).isEqualTo(row.verb());
        assertThat(envelope.path("ok").asBoolean(true)).isFalse();
        assertThat(envelope.path("changed").asBoolean(true)).isFalse();
        assertThat(envelope.path("result").isObject()).isTrue();
        assertThat(envelope.path("warnings").isArray()).isTrue();
        String message = envelope.path("error").path("message").asText();
        assertThat(message).isNotEmpty().doesNotContain("\n").doesNotEndWith(".");
        assertThat(run.err()).contains("error: " + message + " [" + row.code() + "]");
        Map<String, String> before = now;
        now = snapshot();
        assertThat(now.keySet()).isEqualTo(before.keySet());
        now.forEach((file, content) -> assertThat(content).as(file).isEqualTo(before.get(file)));
    }

    @Test
    void hasARowForEveryVerbAndExitCodeThatTheManualNames() throws Exception {
        var codes = new TreeMap<String, Set<String>>();
        rows().forEach(row -> codes.computeIfAbsent(Integer.toString(row.exit()), exit -> new TreeSet<>())
                .add(row.verb()));
        codes.remove("2"); // any verb ends so when it is mistyped: UsageTest
        var documented = new TreeMap<String, Set<String>>();
        Pattern.compile("(?m)^\\| ([3-9]) +\\| .* \\| (`.*`) \\|$")
                .matcher(Files.readString(Path.of("MANUAL.md")))
                .results()
                .forEach(line -> documented.put(line.group(1), verbs(line.group(2))));
        assertThat(documented).isEqualTo(codes);
    }

    /** {@code `node issue/sign, verify`} stands for three verbs. */
    private static Set<String> verbs(String text) {
        var verbs = new TreeSet<String>();
        for (String words : text.replace("`", "").split(", ", -1)) {
            String[] two = words.split(" ", 2);
            for (String last : two[two.length - 1].split("/", -1)) {
                verbs.add(two.length == 1 ? last : two[0] + " " + last);
            }
        }
        return verbs;
    }

    @Test
    void saysWhereADefectIsAndExitsOne(@TempDir Path other) {
        CommandFixture.Run run = run(
                text -> {
                    throw new IllegalStateException("a defect");
                },
                "org",
                "init",
                "orga",
                "--domain",
                "orga.test",
                "--pass",
                "prompt",
                "-d",
                other.resolve("pki").toString(),
                "-o",
                "json");
        assertThat(run)
                .extracting(CommandFixture.Run::exit, CommandFixture.Run::code)
                .containsExactly(1, "INTERNAL");
        assertThat(run.err()).contains("  at io.hawser.certs.cli.ExitCodeTest");
    }

    @Test
    void exitsNineWhenItsOutputIsLost() {
        for (String form : new String[] {"text", "json"}) {
            var err = new StringWriter();
            var full = new PrintWriter(new Writer() {
                @Override
                public void write(char[] text, int from, int length) throws IOException {
                    throw new IOException("no space left");
                }

                @Override
                public void flush() {}

                @Override
                public void close() {}
            });
            var environment = new Environment(
                    InputStream.nullInputStream(),
                    full,
                    new PrintWriter(err),
                    Map.of(),
                    Clock.systemUTC(),
                    text -> Optional.empty());
            String store = temporary.resolve("pki").toString();
            assertThat(new CertsTool(environment).run("node", "list", "-o", form, "-d", store))
                    .isEqualTo(9);
            assertThat(err.toString()).startsWith("error: what was done could not be printed [IO]");
        }
    }

    @Test
    void saysInOneLineThatTheMachineGaveUp(@TempDir Path other) {
        CommandFixture.Run run = run(
                text -> {
                    throw new StackOverflowError();
                },
                "org",
                "init",
                "orga",
                "--domain",
                "orga.test",
                "--pass",
                "prompt",
                "-d",
                other.resolve("pki").toString(),
                "-o",
                "json");
        assertThat(run)
                .extracting(CommandFixture.Run::exit, CommandFixture.Run::code)
                .containsExactly(1, "INTERNAL");
        assertThat(run.err().lines())
                .containsExactly(
                        "error: internal error: java.lang.StackOverflowError [INTERNAL]",
                        "hint: Please report it, with what the command was given");
    }

    /** All files but the log, which tells of what failed half-way, and locks. */
    private static Map<String, String> snapshot() throws IOException {
        var snapshot = new TreeMap<String, String>();
        try (Stream<Path> files = Files.walk(temporary)) {
            for (Path file : files.filter(each -> !each.toString().matches(".*(/log|/audit\\.json|/\\.lock).*"))
                    .toList()) {
                snapshot.put(
                        file.toString(),
                        Files.isRegularFile(file)
                                ? Integer.toHexString(Arrays.hashCode(Files.readAllBytes(file)))
                                : "");
            }
        }
        return snapshot;
    }
}
