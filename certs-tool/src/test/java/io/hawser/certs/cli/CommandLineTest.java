package io.hawser.certs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CommandLineTest extends CommandFixture {
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
        Files.writeString(mesh, "nodes: []\n");
        Run nobody = json("node", "issue", "-f", mesh.toString());
        assertThat(nobody).extracting(Run::exit, Run::code).containsExactly(2, "USAGE");
        assertThat(nobody.err())
                .contains("error: " + mesh + ": names no node [USAGE]")
                .contains("hint: List them, such as nodes: [ a@a.orga.test ]");
        assertThat(run("trust", "import", "-f", mesh.toString(), "-d", pki()).out())
                .contains("The manifest names no partners; nothing changed");
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
        String right = Files.readString(mesh);
        Files.writeString(mesh, right.replace("  orgb: {", "  orgq: {"));
        Run another = json("trust", "import", "-f", mesh.toString());
        assertThat(another).extracting(Run::exit, Run::code).containsExactly(3, "NAMESPACE_REFUSED");
        assertThat(another.err()).contains(bundle + ": is from orgb (expected: orgq)");
        Files.writeString(mesh, right);
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
        assertThat(temporary.resolve("pki/state/rotation.json")).doesNotExist();

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
        Run refused = json("verify", "a@a.orga.test");
        assertThat(refused).extracting(Run::exit, Run::code).containsExactly(4, "VERIFICATION_FAILED");
        assertThat(refused.err()).contains("hint: Run: certs-tool node show a@a.orga.test");
        json("node", "issue", "b@b.orga.test");
        Run others = json("verify");
        assertThat(others.exit()).as(others.err()).isZero();
        assertThat(others.json().path("result").path("verdicts").findValuesAsText("subject"))
                .containsOnly("b@b.orga.test");
        assertThat(others.json().path("result").path("revoked").toString()).isEqualTo("[\"a@a.orga.test\"]");
        assertThat(run("verify", "-d", pki(), NOW).out()).contains("Revoked, and left out: a@a.orga.test");
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
    void hintsAtWhatHelps() {
        init();
        assertThat(run("org", "init", "orgc", "--domain", "*.orgc.test", "--insecure-unencrypted-ca-keys", "-d", "none")
                        .err())
                .contains("hint: Name the domain itself");
        assertThat(json("node", "issue", "*@a.orga.test").err()).contains("hint: Issue one certificate for each node");
        assertThat(json("revoke", "z@z.orga.test").err())
                .contains("hint: 'certs-tool node list' prints the nodes there are\n");
        assertThat(json("node", "show", "z@z.orga.test").err())
                .contains("'certs-tool node issue z@z.orga.test' makes it");
        assertThat(json("rotate", "next", "--wait", "forever").err())
                .contains("'forever' is no length of time (expected: 90d, 36h, 2y)");
        assertThat(run("node", "issue", "a@a.orga.test", "-d", pki(), "--now=2025-01-01T00:00:00Z")
                        .err())
                .contains(" begins at 2026-03-01T11:50:00Z, and now it is 2025-01-01T00:00:00Z")
                .contains("hint: Set the clock of the machine that is behind");
        assertThat(json("node", "issue", "a@a.orga.test").exit()).isZero();
        String to = temporary.resolve("pem").toString();
        assertThat(run("export", "pem", "a@a.orga.test", "--to", to, "-d", pki(), "--now=2026-03-20T12:00:00Z")
                        .err())
                .contains("run 'certs-tool crl issue', and export again");
    }

    @Test
    void readsStandardInput() throws Exception {
        init();
        in = new ByteArrayInputStream(Files.readAllBytes(temporary.resolve("pki/ca/issuing-1/chain.pem")));
        assertThat(json("inspect", "-").json().path("result").path("objects").size())
                .isEqualTo(2);
    }

    @Test
    void opensEachKeyWithItsOwnPassphrase() {
        variables.putAll(Map.of("ROOT", "one", "ISSUING", "two"));
        String[] init = {
            "org", "init", "orga", "--domain", "orga.test", "--pass", "root=env:ROOT", "--pass", "issuing=env:ISSUING"
        };
        assertThat(json(init).exit()).isZero();
        assertThat(json("node", "issue", "a@a.orga.test", "--pass", "env:ROOT").code())
                .isEqualTo("PASSPHRASE_WRONG");
        assertThat(json("node", "issue", "a@a.orga.test", "--pass", "root=env:ROOT")
                        .code())
                .isEqualTo("PASSPHRASE_NEEDED");
        assertThat(json("node", "issue", "a@a.orga.test", "--pass", "env:ROOT", "--pass", "issuing-1=env:ISSUING")
                        .exit())
                .isZero();
        assertThat(json("node", "issue", "b@b.orga.test", "--pass", "env:ROOT", "--pass", "env:ISSUING"))
                .extracting(Run::exit, Run::code)
                .containsExactly(2, "USAGE");
    }

    @Test
    void signsNothingForTheRootUnlessSomebodySaysYes() {
        assertThat(json(
                                "org",
                                "init",
                                "orga",
                                "--domain",
                                "orga.test",
                                "--insecure-unencrypted-ca-keys",
                                "--offline-root",
                                temporary.resolve("usb").toString())
                        .exit())
                .isZero();
        assertThat(json("ca", "issue-intermediate", "issuing-2", "--insecure-unencrypted-ca-keys")
                        .json()
                        .path("result")
                        .path("state")
                        .asText())
                .isEqualTo("requested");
        String[] sign = {
            "ca",
            "sign",
            pki() + "/requests/issuing-2/request.json",
            "--out",
            temporary.resolve("answer.json").toString(),
            "--offline-root",
            temporary.resolve("usb").toString()
        };
        assertThat(json(sign)).extracting(Run::exit, Run::code).containsExactly(8, "NOT_CONFIRMED");
        typed = new ArrayList<>(List.of("no".toCharArray(), "yes".toCharArray()));
        assertThat(json(sign).code()).isEqualTo("NOT_CONFIRMED");
        assertThat(temporary.resolve("answer.json")).doesNotExist();
        Run signed = json(sign);
        assertThat(signed.exit()).isZero();
        assertThat(signed.err()).contains("signs         the issuing CA issuing-2");
        assertThat(json(sign).json().path("changed").asBoolean()).isFalse();
    }
}
