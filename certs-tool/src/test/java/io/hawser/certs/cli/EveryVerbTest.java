package io.hawser.certs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What holds for each verb there is; {@link EveryVerb} is the table, and a new verb needs a row there. */
class EveryVerbTest extends CommandFixture {
    private static final String CANARY = "canary-4711";

    private List<EveryVerb.Step> steps = List.of();
    private Path work = Path.of("");

    @BeforeEach
    void makePartner() throws Exception {
        work = Files.createDirectory(temporary.resolve("work"));
        String partner = temporary.resolve("partner").toString();
        String bundle = work.resolve("orgb.json").toString();
        for (String[] words : new String[][] {
            {"org", "init", "orgb", "--domain", "orgb.test", "--insecure-unencrypted-ca-keys"},
            {"node", "issue", "b@b.orgb.test"},
            {"trust", "export", "--to", bundle}
        }) {
            var all = new ArrayList<>(List.of(words));
            all.addAll(List.of("-d", partner, NOW));
            assertThat(run(all.toArray(String[]::new)).exit()).isZero();
        }
        String fingerprint = run("trust", "diff", bundle, "-d", partner, "-o", "json", NOW)
                .json()
                .path("result")
                .path("fingerprints")
                .path(0)
                .asText();
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            steps = EveryVerb.steps(fingerprint, socket.getLocalPort());
        }
    }

    @Override
    String pki() {
        return work.resolve("pki").toString();
    }

    @Test
    void hasARowInTheTable() {
        assertThat(steps.stream().map(EveryVerb.Step::verb).distinct())
                .containsExactlyInAnyOrderElementsOf(EveryVerb.verbs());
    }

    @Test
    void changesNoByteTheSecondTime() throws Exception {
        for (EveryVerb.Step step : steps) {
            String[] words = step.typed(work.toString(), Optional.empty());
            Run first = json(words);
            assertThat(first.exit()).as(step + " " + first.err()).isEqualTo(step.exit());
            assertThat(first.json().path("command").asText()).isEqualTo(step.verb());
            assertThat(first.json().path("changed").asBoolean()).as(step.verb()).isEqualTo(step.changes());
            if (step.changes() && !step.verb().equals("trust remove")) {
                assertThat(first.json().path("result").path("files").size())
                        .as(step.verb())
                        .isPositive();
            }
            Map<String, String> before = snapshot();

            Run second = json(words);

            assertThat(second.exit()).as(step.verb()).isEqualTo(step.exit());
            assertThat(second.json().path("changed").asBoolean())
                    .as(step.verb())
                    .isFalse();
            assertThat(second.json().path("result").path("files").size())
                    .as(step.verb())
                    .isZero();
            assertThat(snapshot()).as(step.verb()).isEqualTo(before);
        }
    }

    @Test
    void writesNothingInADryRun() throws Exception {
        for (EveryVerb.Step step : steps) {
            Map<String, String> before = snapshot();
            var dry = new ArrayList<>(List.of(step.typed(work.toString(), Optional.empty())));
            dry.add("--dry-run");
            Run plan = json(dry.toArray(String[]::new));
            assertThat(plan.exit()).as(step + " " + plan.err()).isEqualTo(step.exit());
            assertThat(plan.json().path("changed").asBoolean()).as(step.verb()).isEqualTo(step.changes());
            assertThat(snapshot()).as(step.verb()).isEqualTo(before);
            json(step.typed(work.toString(), Optional.empty()));
        }
    }

    @Test
    void keepsModesUnderAnOpenUmaskAndSecretsToItself() throws Exception {
        Path passphrase = Files.writeString(temporary.resolve("pass"), CANARY);
        Files.setPosixFilePermissions(passphrase, PosixFilePermissions.fromString("rw-------"));
        var commands = new ArrayList<List<String>>();
        for (EveryVerb.Step step : steps) {
            var words = new ArrayList<>(List.of(step.typed(work.toString(), Optional.of(passphrase.toString()))));
            words.addAll(List.of("-o", "json", "-d", pki(), NOW));
            commands.add(words);
        }
        JsonNode results = inAProcessWithUmask("000", commands);

        for (int i = 0; i < steps.size(); i++) {
            JsonNode result = results.path(i);
            assertThat(result.path("exit").asInt())
                    .as(steps.get(i) + " " + result.path("err").asText())
                    .isEqualTo(steps.get(i).exit());
            assertThat(result.path("out").asText() + result.path("err").asText())
                    .as(steps.get(i).verb())
                    .doesNotContain(CANARY)
                    .doesNotContain("PRIVATE KEY-----");
        }
        assertThat(work.resolve("orgb.json").toFile().delete()).isTrue(); // made by another process
        for (Path file : files()) {
            String name = file.getFileName().toString();
            boolean secret = name.matches("key\\.pem|password|.*\\.p12|\\.lock|events\\.jsonl|.*\\.key|secret\\.yaml");
            String expected = Files.isDirectory(file) ? "rwx------" : secret ? "rw-------" : "rw-r--r--";
            if (!file.equals(work)) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .as(file.toString())
                        .isEqualTo(expected);
            }
            if (Files.isRegularFile(file)) {
                assertThat(Files.readAllBytes(file)).asString().doesNotContain(CANARY);
            }
        }
    }

    private JsonNode inAProcessWithUmask(String umask, List<List<String>> commands) throws Exception {
        Path in = temporary.resolve("commands.json");
        Path out = temporary.resolve("results.json");
        new ObjectMapper().writeValue(in.toFile(), commands);
        Process process = new ProcessBuilder(
                        "sh",
                        "-c",
                        "umask " + umask + "; exec \"$@\"",
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
        return new ObjectMapper().readTree(out.toFile());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(work)) {
            return files.filter(path -> !Files.isSymbolicLink(path)).toList();
        }
    }

    /** Every file's content and mode, and where links lead. */
    private Map<String, String> snapshot() throws IOException {
        try (Stream<Path> paths = Files.walk(work)) {
            return paths.collect(Collectors.toMap(Path::toString, EveryVerbTest::describe, (a, b) -> a, TreeMap::new));
        }
    }

    private static String describe(Path path) {
        try {
            String what = Files.isSymbolicLink(path)
                    ? "-> " + Files.readSymbolicLink(path)
                    : Files.isDirectory(path) ? "" : HexFormat.of().formatHex(Files.readAllBytes(path));
            return what + Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
