package io.hawser.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bad certificates are made with OpenSSL, self-signed; what every self-signed one trips over is left out of the rows. */
class LinterTest {
    private static final String NODE = """
            keyUsage=critical,digitalSignature
            extendedKeyUsage=serverAuth,clientAuth
            basicConstraints=critical,CA:FALSE
            """;
    private static final String NAMES = "subjectAltName=DNS:a.orga.test,URI:spiffe://orga.test/node/a.orga.test/a\n";
    private static final String CA = "keyUsage=critical,keyCertSign,cRLSign\n";

    @TempDir
    private Path temporary;

    private static List<String> rules(byte[] certificates) {
        var linter = new Linter();
        linter.add("f", certificates);
        return linter.findings().stream().map(LintFinding::rule).toList();
    }

    @Test
    void hasNothingToSayAboutWhatThisToolIssues() {
        OrgStore store = Fixtures.newStore(temporary.resolve("a"));
        store.issue(IssueRequest.of(Fixtures.A), SecretSource.none());
        OrgStore partner = Fixtures.newStore(temporary.resolve("b"), Fixtures.orgb(), Fixtures.NOW);
        var bundle = new TrustStore(partner);
        byte[] file = bundle.exportBundle(SecretSource.none()).value();
        var all = new ArrayList<X509Certificate>(store.node(Fixtures.A).chain());
        all.addAll(store.roots());
        all.addAll(new TrustStore(store)
                .importBundle(
                        ImportRequest.of("f", file, bundle.ownFingerprints().get(0)), SecretSource.none())
                .value()
                .cross());

        assertThat(all).hasSize(4);
        assertThat(rules(Pem.certificates(all))).isEmpty();
        assertThatThrownBy(() -> rules(Pem.ascii("x"))).isInstanceOf(CertsException.class);
    }

    @NeedsProgram("openssl")
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "node | ec:prime256v1 | - | no-alternative-name",
                "node | ec:prime256v1 | subjectAltName=DNS:a.orga.test | not-one-uri",
                "node | ec:prime256v1 | subjectAltName=URI:spiffe://orga.test/node/a.orga.test/a"
                        + " | no-dns-name names-disagree",
                "node | ec:prime256v1 | subjectAltName=DNS:*.orga.test,URI:spiffe://orga.test/node/a.orga.test/a"
                        + " | wildcard names-disagree",
                "node | ec:prime256v1 | subjectAltName=DNS:a.orga.test,URI:erl://a@a.orga.test | uri-form",
                "named | ec:prime256v1 | certificatePolicies=critical,1.2.3 | critical-policies",
                "named | ec:secp521r1 | - | weak-or-odd-key",
                "named | ec:brainpoolP256r1 | - | weak-or-odd-key",
                "named | rsa:2048 | - | weak-or-odd-key",
                "ca | ec:prime256v1 | basicConstraints=critical,CA:TRUE,pathlen:2 | -",
                "ca | ec:prime256v1 | basicConstraints=critical,CA:TRUE,pathlen:1 | root-path-length",
                "hostca | ec:prime256v1 | basicConstraints=critical,CA:TRUE,pathlen:2 | ca-name-like-a-host",
                "ca2 | ec:prime256v1 | nameConstraints=critical,permitted;DNS:.orga.test"
                        + " | constraints-on-root constraint-with-dot",
                "ca2 | ec:prime256v1 | nameConstraints=critical,permitted;DNS:x.test,permitted;DNS:orga.test"
                        + " | constraints-on-root two-dns-constraints",
                "ca2 | ec:prime256v1 | nameConstraints=critical,permitted;IP:10.0.0.0/255.0.0.0"
                        + " | constraints-on-root ip-constraint",
                "ca2 | ec:prime256v1 | nameConstraints=permitted;DNS:orga.test"
                        + " | constraints-on-root constraints-not-critical",
            })
    void namesWhatARuntimeTripsOver(String base, String key, String extension, String expected) throws Exception {
        boolean ca = base.contains("ca");
        String extensions = (ca ? CA : NODE)
                + (base.equals("named")
                        ? NAMES
                        : base.equals("ca2") ? "basicConstraints=critical,CA:TRUE,pathlen:2\n" : "")
                + (extension == null ? "" : extension + "\n");
        Path config = Files.writeString(
                temporary.resolve("openssl.cnf"),
                "[req]\nprompt=no\ndistinguished_name=dn\nx509_extensions=ext\n[dn]\nCN="
                        + (base.equals("hostca") ? "ca1.orga.test" : ca ? "Orga Root 1" : "a@a.orga.test") + "\n[ext]\n"
                        + extensions);
        Path certificate = temporary.resolve("x.pem");
        var command = new ArrayList<>(List.of("openssl", "req", "-x509", "-nodes", "-sha256", "-days", "90"));
        command.addAll(List.of("-config", config.toString(), "-out", certificate.toString()));
        command.addAll(List.of("-keyout", temporary.resolve("x.key").toString()));
        command.addAll(
                key.startsWith("ec:")
                        ? List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:" + key.substring(3))
                        : List.of("-newkey", key));
        Processes.Result made = Processes.run(command.toArray(new String[0]));
        assertThat(made.exit()).as(made.output()).isZero();

        var found = new ArrayList<>(rules(Files.readAllBytes(certificate)));
        found.removeAll(List.of("no-subject-key-id"));
        assertThat(String.join(" ", found)).isEqualTo(expected == null ? "" : expected);
    }
}
