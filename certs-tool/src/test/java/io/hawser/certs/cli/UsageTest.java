package io.hawser.certs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What each verb says to those who mistype it, or ask. */
class UsageTest extends CommandFixture {
    static List<String> verbs() {
        return List.copyOf(EveryVerb.verbs());
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void refusesAnUnknownOptionInOneEnvelope(String verb) {
        var words = new ArrayList<>(List.of(verb.split(" ", -1)));
        words.add("--hlep");
        Run run = json(words.toArray(String[]::new));
        assertThat(run).extracting(Run::exit, Run::code).containsExactly(2, "USAGE");
        assertThat(run.json().path("command").asText()).isEqualTo(verb);
        assertThat(run.json().path("error").path("hint").asText())
                .isEqualTo("Did you mean '--help'? See: certs-tool " + verb + " --help");
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void showsAnExample(String verb) {
        Run run = run((verb + " --help").split(" ", -1));
        assertThat(run.exit()).isZero();
        assertThat(run.out()).contains("Example").contains("  certs-tool " + verb);
        assertThat(run.out().lines()).allMatch(line -> line.length() <= 100);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "node isue                  | issue",
                "node isseu                 | issue",
                "nodes list                 | node",
                "crl isntall                | install",
                "ca issue                   | issue-intermediate",
                "issue a@a.orga.test        | node issue' or 'crl issue",
                "node issue --new-generaton | --new-generation",
                "status --chek              | --check",
                "org init --domian=x        | --domain"
            })
    void suggestsWhatWasProbablyMeant(String typed, String meant) {
        Run run = json(typed.split(" ", -1));
        assertThat(run).extracting(Run::exit, Run::code).containsExactly(2, "USAGE");
        assertThat(run.json().path("error").path("hint").asText()).startsWith("Did you mean '" + meant + "'? See: ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "node list --output yaml      | invalid value for --output (expected: text or json)",
                "node list -o=yaml            | invalid value for --output (expected: text or json)",
                "revoke a@a.x --generation=x  | invalid value for --generation",
            })
    void saysWhichOptionTakesWhat(String typed, String message) {
        Run run = run(typed.split(" ", -1));
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("error: " + message + " [USAGE]");
    }

    @Test
    void suggestsNothingThatIsFarFromWhatWasTyped() {
        Run run = json("node", "frobnicate");
        assertThat(run.json().path("error").path("message").asText()).isEqualTo("there is no such command");
        assertThat(run.json().path("error").path("hint").asText()).isEqualTo("See: certs-tool node --help");
    }
}
