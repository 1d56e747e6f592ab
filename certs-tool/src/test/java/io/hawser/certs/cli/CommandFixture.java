package io.hawser.certs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

/** Runs commands in this process, in a temporary store. */
abstract class CommandFixture {
    static final String NOW = "--now=2026-03-01T12:00:00Z";

    @TempDir
    Path temporary;

    final Map<String, String> variables = new HashMap<>();
    InputStream in = InputStream.nullInputStream();
    List<char[]> typed = new ArrayList<>();

    /** Everything a command printed, and its exit code. */
    record Run(int exit, String out, String err) {
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

    Run run(String... words) {
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
    Run json(String... words) {
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

    String pki() {
        return temporary.resolve("pki").toString();
    }

    void init() {
        assertThat(json("org", "init", "orga", "--domain", "orga.test", "--insecure-unencrypted-ca-keys")
                        .exit())
                .isZero();
    }
}
