package io.hawser.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No mistake in a file that people edit passes for something left out, which would let in more than was meant. */
class ManifestTest {
    @TempDir
    private Path temporary;

    private Manifest read(String yaml) throws Exception {
        return Manifest.read(Files.writeString(temporary.resolve("mesh.yaml"), yaml), Fixtures.orga());
    }

    @Test
    void readsAllThatMayBeInIt() throws Exception {
        Manifest manifest = read("""
                org: orga
                domain: orga.test
                policy: { node_life: 2160h, renew_at: 0.66, key: p256 }
                nodes: [ a@a.orga.test, b@b.orga.test ]
                partners:
                  orgb: { bundle: b.json, fingerprint: "SHA256:00", namespace: orgb.test, allow: [ "b@b.orgb.test" ] }
                  orgc: { bundle: /c.json }
                """);
        assertThat(manifest.nodes()).containsExactly(Fixtures.A, Fixtures.B);
        assertThat(manifest.partners().get(0).org()).isEqualTo("orgb");
        assertThat(manifest.partners().get(0).bundle()).isEqualTo(temporary.resolve("b.json"));
        assertThat(manifest.partners().get(0).allow()).containsExactly(NodeName.parse("b@b.orgb.test"));
        assertThat(manifest.partners().get(1).bundle()).isEqualTo(Path.of("/c.json"));
        assertThat(manifest.partners().get(1).allow()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "partners: { b: { bundle: f, allow: c@c.b } }   | partners.b: 'allow' is not a list (expected: [ ... ])",
                "partners: { b: { bundle: f, allow: } }         | partners.b: 'allow' is not a list (expected: [ ... ])",
                "partners: { b: { bundle: f, allow: [ ~ ] } }   | partners.b: 'allow' holds what is not one value",
                "partners: { b: { bundle: f, alow: [ c@c.b ] } } | partners.b: 'alow' is not known"
                        + " (expected: bundle, fingerprint, namespace, allow)",
                "partners: { b: { fingerprint: x } }            | partners.b: 'bundle' is missing",
                "partners: { b: f.json }                        | partners.b: is no mapping (expected: keys and values)",
                "partners: [ b ]                                | partners: is no mapping (expected: keys and values)",
                "partners:                                      | partners: is no mapping (expected: keys and values)",
                "partner: { b: { bundle: f } }                  | 'partner' is not known"
                        + " (expected: org, domain, policy, nodes, partners)",
                "node: [ a@a.orga.test ]                        | 'node' is not known"
                        + " (expected: org, domain, policy, nodes, partners)",
                "nodes: a@a.orga.test                           | 'nodes' is not a list (expected: [ ... ])",
                "nodes: [ { a@a.orga.test: x } ]                | 'nodes' holds what is not one value",
                "org: orgb                                      | org is orgb (expected: orga)",
                "org: [ orga ]                                  | 'org' is not one value",
                "policy: { node_life: 30d }                     | policy: is another than the organisation's"
                        + " (expected: what org.yaml says)",
                "policy: { node_live: 90d }                     | policy: 'node_live' is not known (expected: node_life,"
                        + " max_node_life, renew_at, crl_life, root_crl_life, root_life, issuing_life, key)",
                "a@a.orga.test                                  | is no mapping (expected: keys and values)",
            })
    void refusesWhatItDoesNotKnowAndValuesOfAnotherForm(String yaml, String why) {
        assertRefused(yaml, why);
    }

    @Test
    void refusesAKeyThatIsThereTwiceAndASecondDocument() {
        String twice = "holds a key twice, or a second document, see line ";
        assertRefused("nodes: [ a@a.orga.test ]\nnodes: [ b@b.orga.test ]\n", twice + "2");
        assertRefused("partners: { b: { bundle: f, allow: [ c@c.b ], allow: [] } }\n", twice + "1");
        assertRefused("nodes: [ a@a.orga.test ]\n---\nnodes: [ b@b.orga.test ]\n", twice + "3");
        assertRefused("", "is no mapping (expected: keys and values)");
    }

    private void assertRefused(String yaml, String why) {
        assertThatThrownBy(() -> read(yaml))
                .hasMessage(temporary.resolve("mesh.yaml") + ": " + why)
                .extracting(e -> ((CertsException) e).code())
                .isEqualTo(ErrorCode.FILE_INVALID);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "trust/partners/orgb/policy.yaml | allow: .*         | allow: c@c.orgb.test   | 'allow' is not a list",
                "trust/partners/orgb/policy.yaml | allow:            | alow:                  | 'alow' is not known",
                "trust/partners/orgb/policy.yaml | allow: .*         |                        | 'allow' is missing",
                "trust/partners/orgb/policy.yaml | cross_life:       | allow: []; cross_life: | holds a key twice",
                "org.yaml                        | node_life: 90d    | node_live: 90d         | 'node_live' is not known",
                "org.yaml                        | node_life: 90d    |                        | 'node_life' is missing",
                "org.yaml                        | domain:           | node_life: 1d; domain: | 'node_life' is not known",
                "ca/issuing-1/signer.yaml        | signer:           | singer:                | 'singer' is not known",
            })
    void refusesThemInTheFilesOfTheStoreToo(String file, String text, String other, String why) throws Exception {
        OrgStore store = Fixtures.newStore(temporary.resolve("a"));
        OrgStore partner = Fixtures.newStore(temporary.resolve("b"), Fixtures.orgb(), Fixtures.NOW);
        var trust = new TrustStore(store);
        byte[] bundle =
                new TrustStore(partner).exportBundle(SecretSource.none()).value();
        String fingerprint = new TrustStore(partner).ownFingerprints().get(0);
        trust.importBundle(ImportRequest.of("f", bundle, fingerprint), SecretSource.none());
        Path edited = temporary.resolve("a").resolve(file);
        if (file.endsWith("signer.yaml")) {
            Files.write(edited, SignerSpec.parse("exec:kms").toYaml());
            SignerSpec.read(Files.readAllBytes(edited), edited);
        }
        trust.partners();
        String before = Files.readString(edited);
        Files.writeString(edited, before.replaceFirst(text, other == null ? "" : other.replace("; ", "\n")));
        assertThat(edited).content().isNotEqualTo(before);

        assertThatThrownBy(() -> {
                    trust.partners();
                    SignerSpec.read(Files.readAllBytes(edited), edited);
                })
                .hasMessageStartingWith(edited + ": ")
                .hasMessageContaining(why)
                .extracting(e -> ((CertsException) e).code())
                .isEqualTo(ErrorCode.FILE_INVALID);
    }
}
