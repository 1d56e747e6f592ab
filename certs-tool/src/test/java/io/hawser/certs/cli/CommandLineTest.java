package io.hawser.certs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
    private static final String CANARY = "canary-4711";
    private static final String NOW = "--now=2026-03-01T12:00:00Z";

    @TempDir
    private Path temporary;

    private final Map<String, String> variables = new HashMap<>();
    private InputStream in = InputStream.nullInputStream();
    private List<char[]> typed = new ArrayList<>();

    /** Everything a command printed, and its exit code. */
    private record Run(int exit, String out, String err) {
        JsonNode json() {
            try {
                return new ObjectMapper().readTree(out);
            } catch (IOException e) {
                throw new AssertionError("not JSON: " + out, e);
            }
        }

        String code() {
            return json().path("error").path("code").asText();
        }
    }

    private Run run(String... words) {
        var out = new StringWriter();
        var err = new StringWriter();
        var environment = new Environment(
                in,
                new PrintWriter(out),
                new PrintWriter(err),
                variables,
                Clock.systemUTC(),
                text -> typed.isEmpty() ? Optional.empty() : Optional.of(typed.remove(0)));
        int exit = new CertsTool(environment).run(words);
        return new Run(exit, out.toString(), err.toString());
    }

    /** With JSON output, the temporary store and a fixed time. */
    private Run json(String... words) {
        var all = new ArrayList<>(List.of(words));
        all.addAll(List.of("-o", "json", "-d", pki(), NOW));
        Run run = run(all.toArray(new String[0]));
        JsonNode envelope = run.json();
        List<String> fields = new ArrayList<>();
        envelope.fieldNames().forEachRemaining(fields::add);
        assertThat(fields).containsExactly("schema", "command", "ok", "changed", "result", "warnings", "error");
        assertThat(envelope.path("schema").asText()).isEqualTo("certs-tool/1");
        assertThat(envelope.path("ok").asBoolean()).isEqualTo(run.exit() == 0);
        return run;
    }

    private String pki() {
        return temporary.resolve("pki").toString();
    }

    private void init() {
        assertThat(json("org", "init", "orga", "--domain", "orga.test", "--insecure-unencrypted-ca-keys")
                        .exit())
                .isZero();
    }

    @Test
    void doesEveryVerbOnceAndNothingTheSecondTime() {
        String csr = temporary.resolve("c.csr").toString();
        String[][] writing = {
            {"org", "init", "orga", "--domain", "orga.test", "--insecure-unencrypted-ca-keys"},
            {"node", "issue", "a@a.orga.test", "b@b.orga.test"},
            {"node", "request", "c@c.orga.test", "--out", csr},
            {"node", "sign", csr, "--expect", "c@c.orga.test", "--explain"},
            {"node", "renew", "a@a.orga.test", "--within", "91d", "--life", "92d"},
            {"revoke", "c@c.orga.test", "--reason", "keyCompromise"},
            {"crl", "issue", "--life", "7d"},
            {"crl", "install", temporary.resolve("crl").toString()},
            {"export", "java", "a@a.orga.test", "--to", temporary.resolve("j").toString()},
            {"export", "otp", "a@a.orga.test", "--to", temporary.resolve("o").toString()},
            {"export", "pem", "a@a.orga.test", "--to", temporary.resolve("p").toString()},
            {"export", "k8s", "a@a.orga.test", "--to", temporary.resolve("k").toString()},
        };
        for (String[] words : writing) {
            Run first = json(words);
            assertThat(first.exit()).as(first.err()).isZero();
            assertThat(first.json().path("command").asText())
                    .isEqualTo(words[0].equals("revoke") ? "revoke" : words[0] + " " + words[1]);
            assertThat(first.json().path("changed").asBoolean()).isTrue();
            assertThat(first.json().path("result").path("files").size()).isPositive();
            Run second = json(words);
            assertThat(second.exit()).isZero();
            assertThat(second.json().path("changed").asBoolean()).isFalse();
            assertThat(second.json().path("result").path("files").size()).isZero();
        }
        JsonNode show = json("org", "show").json().path("result");
        assertThat(show.path("domain").asText()).isEqualTo("orga.test");
        assertThat(show.path("nodes").asInt()).isEqualTo(3);
        assertThat(show.path("authorities").path(1).path("crl").path("number").asText())
                .isEqualTo("3");
        Run lint = json("lint", temporary.resolve("p/cert.pem").toString());
        assertThat(lint.exit()).isZero();
        assertThat(lint.json().path("result").path("certificates").asInt()).isEqualTo(2);
        JsonNode revoked = json("crl", "show").json().path("result").path("revoked");
        assertThat(revoked.findValuesAsText("node")).containsExactly("c@c.orga.test");
        JsonNode list = json("node", "list").json().path("result").path("nodes");
        assertThat(list.path(0).path("node").asText()).isEqualTo("a@a.orga.test");
        assertThat(list.path(0).path("daysLeft").asInt()).isEqualTo(92);
        assertThat(json("node", "show", "b@b.orga.test")
                        .json()
                        .path("result")
                        .path("uri")
                        .asText())
                .isEqualTo("spiffe://orga.test/node/b.orga.test/b");
        JsonNode inspected =
                json("inspect", temporary.resolve("p/cert.pem").toString()).json();
        assertThat(inspected.path("result").path("objects").path(0).path("node").asText())
                .isEqualTo("a@a.orga.test");
    }

    @Test
    void exitsWithTheCodeOfTheError() throws Exception {
        assertThat(json("node", "list")).extracting(Run::exit, Run::code).containsExactly(2, "ORG_MISSING");
        assertThat(json("org", "init", "orga", "--domain", "orga.test"))
                .extracting(Run::exit, Run::code)
                .containsExactly(2, "PASSPHRASE_CHOICE_MISSING");
        init();
        assertThat(json("org", "init", "orgb", "--domain", "orga.test", "--insecure-unencrypted-ca-keys"))
                .extracting(Run::exit, Run::code)
                .containsExactly(6, "ORG_EXISTS");
        String[][] refused = {
            {"a@a.orgb.test", "NAME_OUTSIDE_NAMESPACE"},
            {"a@127.0.0.1", "NAME_IP_LITERAL"},
            {"a@*.orga.test", "NAME_WILDCARD"},
            {"a b@a.orga.test", "NAME_INVALID"}
        };
        for (String[] row : refused) {
            assertThat(json("node", "issue", row[0]))
                    .extracting(Run::exit, Run::code)
                    .containsExactly(3, row[1]);
        }
        assertThat(json("node", "issue", "a@a.orga.test", "--life", "9y"))
                .extracting(Run::exit, Run::code)
                .containsExactly(3, "LIFE_REFUSED");
        assertThat(json("node", "issue")).extracting(Run::exit, Run::code).containsExactly(2, "USAGE");
        assertThat(json("node", "show", "x@x.orga.test"))
                .extracting(Run::exit, Run::code)
                .containsExactly(2, "NODE_UNKNOWN");
        assertThat(json("revoke", "--serial", "77"))
                .extracting(Run::exit, Run::code)
                .containsExactly(2, "SERIAL_UNKNOWN");
        assertThat(json("revoke", "a@a.orga.test", "--reason", "certificateHold"))
                .extracting(Run::exit, Run::code)
                .containsExactly(2, "USAGE");
        assertThat(json("export", "otp", "x@x.orga.test", "--to", pki()).code()).isEqualTo("NODE_UNKNOWN");
        assertThat(json(
                        "inspect",
                        Files.writeString(temporary.resolve("x"), "x").toString()))
                .extracting(Run::exit, Run::code)
                .containsExactly(4, "UNREADABLE");
        assertThat(json("inspect", temporary.resolve("absent").toString()))
                .extracting(Run::exit, Run::code)
                .containsExactly(9, "IO");
        assertThat(json("org", "frobnicate").code()).isEqualTo("USAGE");
        assertThat(run("-o", "yaml", "org", "show").exit()).isEqualTo(2);
        assertThat(run("org", "show", "--now", "noon").exit()).isEqualTo(2);
        Path key = temporary.resolve("pki/ca/issuing-1/key.pem");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(json("node", "issue", "a@a.orga.test"))
                .extracting(Run::exit, Run::code)
                .containsExactly(9, "UNSAFE_PERMISSIONS");
        assertThat(json("node", "issue", "a@a.orga.test", "--allow-group-read").exit())
                .isZero();
    }

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

    @Test
    void plansInADryRunWhatItWouldDo() {
        String[] words = {"org", "init", "orga", "--domain", "orga.test", "--insecure-unencrypted-ca-keys", "--dry-run"
        };
        Run plan = json(words);
        assertThat(plan.json().path("result").path("dryRun").asBoolean()).isTrue();
        assertThat(plan.json().path("changed").asBoolean()).isTrue();
        assertThat(Path.of(pki())).doesNotExist();
        init();
        assertThat(json(words).json().path("changed").asBoolean()).isFalse();
    }

    @Test
    void findsTheStoreThroughTheEnvironment() {
        init();
        variables.put("CERTS_TOOL_DIR", pki());
        assertThat(run("org", "show").out()).contains("orga.test");
        assertThat(run("-q", "org", "show").out()).isEmpty();
    }

    @Test
    void readsNodesFromAManifest() throws Exception {
        init();
        Path mesh = Files.writeString(
                temporary.resolve("mesh.yaml"),
                "org: orga\ndomain: orga.test\nnodes: [ a@a.orga.test, b@b.orga.test ]\n");
        assertThat(json("node", "issue", "-f", mesh.toString())
                        .json()
                        .path("result")
                        .path("nodes")
                        .size())
                .isEqualTo(2);
        Files.writeString(mesh, "org: orgb\nnodes: [ c@c.orga.test ]\n");
        assertThat(json("node", "issue", "-f", mesh.toString()).code()).isEqualTo("FILE_INVALID");
    }

    @Test
    void exchangesTrustWithAPartner() throws Exception {
        init();
        assertThat(json("node", "issue", "a@a.orga.test").exit()).isZero();
        String other = temporary.resolve("orgb").toString();
        String bundle = temporary.resolve("orgb.bundle.json").toString();
        for (String[] words : new String[][] {
            {"org", "init", "orgb", "--domain", "orgb.test", "--insecure-unencrypted-ca-keys"},
            {"node", "issue", "b@b.orgb.test"},
            {"trust", "export", "--to", bundle}
        }) {
            var all = new ArrayList<>(List.of(words));
            all.addAll(List.of("-d", other, NOW));
            assertThat(run(all.toArray(new String[0])).exit()).isZero();
        }
        Run unconfirmed = json("trust", "import", bundle);
        assertThat(unconfirmed).extracting(Run::exit, Run::code).containsExactly(8, "TRUST_UNCONFIRMED");
        assertThat(json("trust", "import", bundle, "--fingerprint", "SHA256:00"))
                .extracting(Run::exit, Run::code)
                .containsExactly(8, "FINGERPRINT_MISMATCH");
        JsonNode diff = json("trust", "diff", bundle).json().path("result");
        assertThat(diff.path("known").asBoolean()).isFalse();
        String fingerprint = diff.path("fingerprints").path(0).asText();
        Path mesh = Files.writeString(
                temporary.resolve("mesh.yaml"),
                "org: orga\nnodes: [ a@a.orga.test ]\npartners:\n  orgb: { bundle: orgb.bundle.json, fingerprint: \""
                        + fingerprint + "\", namespace: orgb.test, allow: [ \"b@b.orgb.test\" ] }\n");
        String[][] writing = {
            {"trust", "import", "-f", mesh.toString()},
            {"trust", "import", bundle, "--fingerprint", fingerprint, "--allow", "b@b.orgb.test"},
            {"trust", "refresh", bundle},
            {"trust", "export", "--to", temporary.resolve("orga.bundle.json").toString()},
            {"export", "java", "a@a.orga.test", "--to", temporary.resolve("j").toString()},
            {"trust", "remove", "orgb"},
        };
        for (int i = 0; i < writing.length; i++) {
            Run first = json(writing[i]);
            assertThat(first.exit()).as(first.err()).isZero();
            assertThat(first.json().path("changed").asBoolean()).isEqualTo(i != 1 && i != 2);
            assertThat(json(writing[i]).json().path("changed").asBoolean()).isFalse();
            int partners =
                    json("trust", "list").json().path("result").path("partners").size();
            assertThat(partners).isEqualTo(i == writing.length - 1 ? 0 : 1);
        }
        Run printed = run("trust", "export", "-d", pki(), NOW);
        assertThat(printed.out()).isEqualTo(Files.readString(temporary.resolve("pki/trust/own.bundle.json")));
        assertThat(json("trust", "export", "--to", mesh.toString()).code()).isEqualTo("FILE_EXISTS");
        assertThat(json("trust", "refresh", bundle).code()).isEqualTo("PARTNER_UNKNOWN");
        assertThat(json("trust", "import")).extracting(Run::exit, Run::code).containsExactly(2, "USAGE");
    }

    @Test
    void reportsWhatCouldNotBeProved() throws Exception {
        init();
        assertThat(json("node", "issue", "a@a.orga.test", "b@b.orga.test").exit())
                .isZero();
        int closed;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        Path report = temporary.resolve("proofs.json");
        Run run = json(
                "prove",
                "--at",
                "a@a.orga.test=127.0.0.1:" + closed,
                "--at",
                "b@b.orga.test=127.0.0.1",
                "--epmd-port",
                Integer.toString(closed),
                "--json-report",
                report.toString());
        assertThat(run).extracting(Run::exit, Run::code).containsExactly(4, "PROOF_FAILED");
        JsonNode proofs = run.json().path("result").path("proofs");
        assertThat(proofs.findValuesAsText("passed")).containsExactly("false", "false");
        assertThat(new ObjectMapper().readTree(report.toFile()).path("proofs")).isEqualTo(proofs);
        assertThat(json("prove", "--to", "x@x.orga.test").code()).isEqualTo("NODE_UNKNOWN");
        assertThat(json("prove", "--at", "nowhere").code()).isEqualTo("USAGE");
    }

    @Test
    void rotatesAsFarAsNodesFollow() throws Exception {
        init();
        assertThat(json("rotate", "status")
                        .json()
                        .path("result")
                        .path("rotation")
                        .path("phase")
                        .asText())
                .isEqualTo("idle");
        assertThat(json("rotate", "next").json().path("changed").asBoolean()).isFalse();
        assertThat(json("node", "issue", "a@a.orga.test", "b@b.orga.test").exit())
                .isZero();
        Run plan = json("rotate", "root", "--plan");
        assertThat(plan.json().path("result").path("phases").findValuesAsText("phase"))
                .containsExactly("distribute", "verify-trust", "reissue", "verify-use", "retire", "verify-gone");
        assertThat(json("rotate", "root", "--dry-run").json().path("changed").asBoolean())
                .isTrue();
        assertThat(temporary.resolve("pki/state")).doesNotExist();

        Run begun = json("rotate", "root");
        assertThat(begun.exit()).as(begun.err()).isZero();
        assertThat(begun.json().path("result").path("rotation").path("new").toString())
                .isEqualTo("[\"root-2\",\"issuing-2\"]");
        assertThat(json("rotate", "root").json().path("changed").asBoolean()).isFalse();
        assertThat(json("rotate", "issuing")).extracting(Run::exit, Run::code).containsExactly(6, "ROTATION_EXISTS");

        int closed;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        String[] next = {
            "rotate", "next", "--at", "a@a.orga.test=127.0.0.1:" + closed, "--at", "b@b.orga.test=127.0.0.1:" + closed
        };
        Run waiting = json(next);
        assertThat(waiting).extracting(Run::exit, Run::code).containsExactly(5, "ROTATION_WAITING");
        assertThat(waiting.json().path("changed").asBoolean()).isFalse();
        assertThat(waiting.json().path("result").path("stragglers").toString())
                .isEqualTo("[\"a@a.orga.test\",\"b@b.orga.test\"]");
        assertThat(waiting.json().path("error").path("hint").asText())
                .startsWith("Export again with 'certs-tool export java|otp a@a.orga.test --to DIR'")
                .contains("'certs-tool rotate next' again")
                .endsWith("--leave-out-dead-node a@a.orga.test");
        assertThat(waiting.err()).contains("waiting for a@a.orga.test: no connection to ");
        assertThat(json("status", "--check")).extracting(Run::exit, Run::code).containsExactly(5, "ATTENTION");

        var words = new ArrayList<>(List.of(next));
        words.addAll(List.of("--leave-out-dead-node", "a@a.orga.test", "--leave-out-dead-node", "b@b.orga.test"));
        for (String phase : List.of("verify-trust", "reissue", "verify-use", "retire")) {
            Run further = json(words.toArray(new String[0]));
            assertThat(further.exit()).as(further.err()).isZero();
            assertThat(further.json()
                            .path("result")
                            .path("rotation")
                            .path("phase")
                            .asText())
                    .isEqualTo(phase);
        }
        assertThat(json("rotate", "abort")).extracting(Run::exit, Run::code).containsExactly(6, "ROTATION_RETIRED");
        assertThat(run("rotate", "status", "-d", pki()).out())
                .contains("now   retire")
                .contains("Not waited for: a@a.orga.test, b@b.orga.test")
                .contains("Next: Export to every node");
        assertThat(json(next).exit()).isZero();
        assertThat(json(next).exit()).isZero();
        assertThat(run("rotate", "next", "-d", pki()).out()).isEqualTo("No rotation is under way\n");
        assertThat(json("rotate", "abort").json().path("changed").asBoolean()).isFalse();
        assertThat(json("status", "--check").exit()).isZero();
    }

    @Test
    void completesCommandsAndOptionsInBash() throws Exception {
        Path script = Files.writeString(
                temporary.resolve("completion.sh"), run("completion").out());
        String ask = "compopt() { :; }; source '" + script
                + "'; COMP_WORDS=(certs-tool trust im); COMP_CWORD=2; _complete_certs-tool;"
                + " echo \"${COMPREPLY[*]}\"";
        Process bash =
                new ProcessBuilder("bash", "-c", ask).redirectErrorStream(true).start();
        String answer = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(answer).isEqualTo("import\n");
    }

    @Test
    void exitsFiveWhenSomethingNeedsAttention() {
        init();
        assertThat(json("node", "issue", "a@a.orga.test").exit()).isZero();
        Run well = json("status", "--check");
        assertThat(well.exit()).isZero();
        assertThat(well.json().path("result").path("attention").asBoolean()).isFalse();
        Run soon = json("status", "--check", "--warn", "91d");
        assertThat(soon).extracting(Run::exit, Run::code).containsExactly(5, "ATTENTION");
        assertThat(soon.json()
                        .path("result")
                        .path("concerns")
                        .path(0)
                        .path("hint")
                        .asText())
                .isEqualTo("certs-tool node renew a@a.orga.test");
        assertThat(json("status", "--warn", "91d").exit()).isZero();
        Run text = run("status", "-d", pki(), NOW, "--warn", "91d");
        assertThat(text.out()).startsWith("orga: 1 thing needs attention\n").contains("NODE_DUE");
        assertThat(text.out().lines()).allMatch(line -> line.length() <= 110);
    }

    @Test
    void explainsARequestFieldByField() throws Exception {
        init();
        String csr = temporary.resolve("c.csr").toString();
        assertThat(json("node", "request", "c@c.orgb.test", "--out", csr, "--trust-domain", "orgb.test")
                        .exit())
                .isZero();
        Run refused = json("node", "sign", csr, "--explain");
        assertThat(refused).extracting(Run::exit, Run::code).containsExactly(3, "CSR_REFUSED");
        JsonNode fields = refused.json().path("result").path("fields");
        assertThat(fields.findValuesAsText("verdict"))
                .containsExactly("taken", "ignored", "refused", "refused", "refused");
        Run text = run("node", "sign", csr, "--explain", "-d", pki());
        assertThat(text.out().lines().map(line -> line.split(" +", 2)[0]))
                .containsExactly("FIELD", "key", "signature", "subject.CN", "san.dns", "san.uri");
        assertThat(text.err()).contains("error: " + csr + ": the request is refused: subject.CN (");
        in = new ByteArrayInputStream(new byte[] {'x'});
        assertThat(json("node", "sign", "-")).extracting(Run::exit, Run::code).containsExactly(4, "UNREADABLE");
        assertThat(json("node", "renew")).extracting(Run::exit, Run::code).containsExactly(2, "USAGE");
    }

    @Test
    void exitsFourWhenARuntimeRefusesOrTheLogWasChanged() throws Exception {
        init();
        json("node", "issue", "a@a.orga.test");
        Run accepted = json("verify");
        assertThat(accepted.exit()).isZero();
        assertThat(accepted.json().path("result").path("verdicts").findValuesAsText("runtime"))
                .containsExactly("otp25", "otp27", "jdk17", "openssl", "bc");
        assertThat(json("verify", "a@a.orga.test", "--as", "otp25,bc")
                        .json()
                        .path("result")
                        .path("verdicts")
                        .size())
                .isEqualTo(2);
        assertThat(json("verify", "--as", "otp9"))
                .extracting(Run::exit, Run::code)
                .containsExactly(2, "USAGE");
        json("revoke", "a@a.orga.test");
        assertThat(json("verify", "a@a.orga.test"))
                .extracting(Run::exit, Run::code)
                .containsExactly(4, "VERIFICATION_FAILED");
        assertThat(json("audit", "verify").exit()).isZero();
        assertThat(json("audit", "log", "--node", "a@a.orga.test")
                        .json()
                        .path("result")
                        .path("entries")
                        .findValuesAsText("operation"))
                .containsExactly("node issue");
        Path log = temporary.resolve("pki/log/events.jsonl");
        Files.writeString(log, Files.readString(log).replace("node issue", "node isXue"));
        Run changed = json("audit", "verify");
        assertThat(changed).extracting(Run::exit, Run::code).containsExactly(4, "VERIFICATION_FAILED");
        assertThat(changed.json().path("result").path("findings").path(0).asText())
                .isEqualTo("entry 2: was changed after entry 3 was written");
        assertThat(run("audit", "log", "-d", pki()).out()).contains("org init").contains("node isXue");
    }

    @Test
    void readsStandardInput() throws Exception {
        init();
        in = new ByteArrayInputStream(Files.readAllBytes(temporary.resolve("pki/ca/issuing-1/chain.pem")));
        assertThat(json("inspect", "-").json().path("result").path("objects").size())
                .isEqualTo(2);
    }

    @Test
    void showsAnExampleForEachVerb() {
        for (String verb : new String[] {
            "org init",
            "org show",
            "node issue",
            "node request",
            "node sign",
            "node renew",
            "node list",
            "node show",
            "revoke",
            "crl issue",
            "crl show",
            "crl install",
            "trust export",
            "trust import",
            "trust refresh",
            "trust diff",
            "trust list",
            "trust remove",
            "rotate node",
            "rotate issuing",
            "rotate root",
            "rotate status",
            "rotate next",
            "rotate abort",
            "status",
            "audit log",
            "audit verify",
            "verify",
            "watch",
            "prove",
            "export java",
            "export otp",
            "export pem",
            "export k8s",
            "inspect",
            "lint",
            "completion",
            "man"
        }) {
            Run run = run((verb + " --help").split(" ", -1));
            assertThat(run.exit()).isZero();
            assertThat(run.out()).contains("Example").contains("  certs-tool " + verb);
            assertThat(run.out().lines()).allMatch(line -> line.length() <= 100);
        }
    }

    @Test
    void keepsModesUnderAnyUmaskAndReadsADescriptor() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String tool = "\"" + java + "\" -XX:TieredStopAtLevel=1 -cp \"" + System.getProperty("java.class.path") + "\" "
                + Main.class.getName();
        for (String umask : new String[] {"000", "077"}) {
            Path directory = temporary.resolve("umask" + umask);
            String script = "umask " + umask + "; t() { " + tool + " \"$@\" -q -d \"$0\"/pki; }; "
                    + "t org init orga --domain orga.test --pass fd:3 3<<X && t node issue a@a.orga.test --pass fd:3 3<<Y "
                    + "&& t export java a@a.orga.test --to \"$0\"/java\n" + CANARY + "\nX\n" + CANARY + "\nY\n";
            Process process = new ProcessBuilder("sh", "-c", script, directory.toString())
                    .inheritIO()
                    .start();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file :
                        files.filter(path -> !Files.isSymbolicLink(path)).toList()) {
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
}
