package io.hawser.tls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What policy.json may say, and what is said about files that do not do. */
class PolicyReaderTest {
    private static final String KEY = "SHA256:" + "0123456789abcdef".repeat(4);
    private static final String GOOD = """
            {
              "schema" : "certs-tool/policy-1",
              "node" : "a@a.orga.test",
              "uri" : "spiffe://orga.test/node/a.orga.test/a",
              "maxNodeLife" : "1y",
              "crlGrace" : "36h",
              "anchors" : [ {
                "org" : "orga", "kind" : "own", "fingerprint" : "%s", "domain" : "orga.test", "trustDomain" : "orga.test"
              } ],
              "roster" : [ {"node" : "a@a.orga.test", "uri" : "spiffe://orga.test/node/a.orga.test/a"} ],
              "denied" : [ {"issuer" : "CN=Issuing", "serial" : "0aFF"}, {"spki" : "%s", "reason" : "lost"} ]
            }
            """.formatted(KEY, KEY);

    private static PolicyFile read(String text) {
        return PolicyReader.read(Path.of("policy.json"), text.getBytes(UTF_8));
    }

    @Test
    void readsAllThereIs() {
        PolicyFile policy = read(GOOD);
        assertThat(policy.node()).isEqualTo("a@a.orga.test");
        assertThat(policy.maxNodeLife()).isEqualTo(Duration.ofDays(365));
        assertThat(policy.crlGrace()).isEqualTo(Duration.ofHours(36));
        assertThat(policy.anchor(KEY).orElseThrow().namespace())
                .isEqualTo(new Namespace("orga", "orga.test", "orga.test"));
        assertThat(policy.roster()).containsExactly("spiffe://orga.test/node/a.orga.test/a");
        assertThat(policy.denied())
                .isEqualTo(new DenyList(
                        Set.of(new DenyList.Serial(new X500Principal("CN=Issuing"), BigInteger.valueOf(0xaff))),
                        Set.of(KEY)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "policy-1 | policy-2 | schema is certs-tool/policy-2 (expected: certs-tool/policy-1)",
                "\"schema\" | \"scheme\" | unknown field scheme (expected: those of certs-tool/policy-1; what it asks for"
                        + " would not be done) in line 2",
                "\"1y\" | 365 | maxNodeLife is a VALUE_NUMBER_INT (expected: a text) in line 5",
                "\"1y\" | \"long\" | maxNodeLife is long (expected: such as 90d or 36h)",
                "\"own\" | \"friend\" | an anchor's kind is friend (expected: own or partner) in line 9",
                "\"issuer\" : \"CN=Issuing\", | '' | a denied certificate has [serial] (expected: issuer and serial, or spki)",
                "0aFF | xyz | a denied serial is xyz (expected: hexadecimal digits)",
                "\"node\" : \"a@a.orga.test\", \"uri\" | \"node\" : \"b@a.orga.test\", \"uri\" | the roster has b@a.orga.test"
                        + " as spiffe://orga.test/node/a.orga.test/a (expected: the node's own URI) in line 10",
                "\"uri\" : \"spiffe://orga.test/node/a.orga.test/a\", | '' | uri of the policy is missing (expected: a text)",
                "\"crlGrace\" | \"maxNodeLife\" | not JSON of a policy: Duplicate field 'maxNodeLife' in line 6",
            })
    void saysWhatDoesNotDo(String good, String bad, String sentence) {
        assertThat(GOOD).contains(good);
        assertThatThrownBy(() -> read(GOOD.replace(good, bad)))
                .isInstanceOf(TlsConfigurationException.class)
                .hasMessageStartingWith("policy.json: " + sentence);
    }

    @Test
    void refusesEveryPrefix() {
        for (int length = 0; length < GOOD.strip().length(); length++) {
            String prefix = GOOD.substring(0, length);
            assertThatThrownBy(() -> read(prefix))
                    .isInstanceOf(TlsConfigurationException.class)
                    .hasMessageStartingWith("policy.json: ");
        }
    }

    @Test
    void refusesAnEmptyRosterAndALackingOne() {
        String entry = "{\"node\" : \"a@a.orga.test\", \"uri\" : \"spiffe://orga.test/node/a.orga.test/a\"}";
        assertThatThrownBy(() -> read(GOOD.replace(entry, "")))
                .hasMessageStartingWith("policy.json: the roster is empty (expected: the nodes there are");
        assertThatThrownBy(() -> read(GOOD.replace("\"roster\" : [ " + entry + " ],", "")))
                .hasMessageStartingWith("policy.json: roster is missing (expected: a list)");
    }

    @Test
    void refusesDepthAndLengthBeforeTheyCost() {
        assertThatThrownBy(() -> read("{\"anchors\" : " + "[".repeat(100_000)))
                .isInstanceOf(TlsConfigurationException.class);
        assertThatThrownBy(() -> read(GOOD.replace("\"1y\"", "\"" + "1".repeat(100_000) + "\"")))
                .isInstanceOf(TlsConfigurationException.class);
    }
}
