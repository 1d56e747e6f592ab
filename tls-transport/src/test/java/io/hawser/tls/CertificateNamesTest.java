package io.hawser.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.term.NodeName;
import io.hawser.tls.TestCa.LeafSpec;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Which certificate may carry which node name. */
class CertificateNamesTest {
    private static final Optional<String> ORGA = Optional.of("orga.test");
    private static final NodeName A = NodeName.parse("a@a.orga.test");
    private static final TestCa CA = TestCa.root("Orga Root");

    private static CertificateNames names(LeafSpec spec) {
        return CertificateNames.of(CA.issue(spec).certificate());
    }

    private static Optional<String> full(LeafSpec spec) {
        return names(spec).refusal(A, NameBinding.FULL, ORGA);
    }

    @Test
    void takesTheWholeName() {
        assertThat(full(LeafSpec.node("a@a.orga.test"))).isEmpty();
        assertThat(full(LeafSpec.node("a@a.orga.test").dns("other.test").ip("10.0.0.5")))
                .isEmpty();
        assertThat(names(LeafSpec.node("a@a.orga.test", "any.test")).refusal(A, NameBinding.FULL, Optional.empty()))
                .isEmpty();
    }

    static Stream<Arguments> refusedByFull() {
        String expected = "spiffe://orga.test/node/a.orga.test/a)";
        return Stream.of(
                Arguments.of(LeafSpec.node("b@b.orga.test"), "is for b@b.orga.test (expected: " + expected),
                Arguments.of(
                        LeafSpec.node("b@a.orga.test"), // another node of the same host
                        "is for b@a.orga.test (expected: " + expected),
                Arguments.of(
                        LeafSpec.node("a@a.orga.test", "evil.test"),
                        "is of the trust domain evil.test (expected: " + expected),
                Arguments.of(
                        new LeafSpec("a@a.orga.test"), // only a common name
                        "has 0 URI names (expected: exactly one, " + expected),
                Arguments.of(
                        new LeafSpec("a").dns("a.orga.test"), "has 0 URI names (expected: exactly one, " + expected),
                Arguments.of(
                        LeafSpec.node("a@a.orga.test").uri("spiffe://orga.test/node/b.orga.test/b"),
                        "has 2 URI names (expected: exactly one, " + expected),
                Arguments.of(
                        new LeafSpec("a").uri("spiffe://orga.test/node/a.orga.test/a"),
                        "has no DNS name of the host (found: nobody, expected: DNS a.orga.test)"),
                Arguments.of(
                        new LeafSpec("a")
                                .uri("spiffe://orga.test/node/a.orga.test/a")
                                .dns("*.orga.test"),
                        "has no DNS name of the host (found: *.orga.test, expected: DNS a.orga.test)"),
                Arguments.of(
                        new LeafSpec("a").uri("https://a.orga.test/").dns("a.orga.test"),
                        "is for URI https://a.orga.test/, DNS a.orga.test (expected: " + expected),
                Arguments.of(
                        new LeafSpec("a")
                                .uri("spiffe://orga.test/node/a.orga.test/a/b")
                                .dns("a.orga.test"),
                        "is for URI spiffe://orga.test/node/a.orga.test/a/b, DNS a.orga.test (expected: " + expected),
                Arguments.of(
                        new LeafSpec("a")
                                .uri("spiffe://user@orga.test/node/a.orga.test/a")
                                .dns("a.orga.test"),
                        "is for URI spiffe://user@orga.test/node/a.orga.test/a, DNS a.orga.test (expected: "
                                + expected));
    }

    @ParameterizedTest
    @MethodSource("refusedByFull")
    void refusesWhatIsNotTheWholeName(LeafSpec spec, String reason) {
        assertThat(full(spec)).contains("the peer's certificate " + reason);
    }

    @Test
    void saysWhenNoTrustDomainIsKnown() {
        assertThat(names(LeafSpec.node("b@b.orga.test")).refusal(A, NameBinding.FULL, Optional.empty()))
                .contains("the peer's certificate is for b@b.orga.test" + " (expected: spiffe://*/node/a.orga.test/a)");
    }

    @ParameterizedTest
    @CsvSource({
        "a@a.orga.test,  a.orga.test,  ''",
        "b@a.orga.test,  a.orga.test,  ''",
        "a@a.orga.test,  A.OrgA.Test,  ''",
        "a@A.ORGA.test,  a.orga.test,  ''",
        "a@host,         host,         ''",
        "a@10.0.0.5,     10.0.0.5,     ''",
        "a@10.0.0.5,     '',           10.0.0.5",
        "a@::1,          '',           ::1",
        "a@0:0:0:0:0:0:0:1, '',        ::1",
    })
    void takesTheHost(String node, String dns, String ip) {
        assertThat(host(node, dns, ip)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "a@a.orga.test,  b.orga.test,   '',       is for DNS b.orga.test (expected: DNS a.orga.test)",
        "a@a.orga.test,  *.orga.test,   '',       is for DNS *.orga.test (expected: DNS a.orga.test)",
        "a@a.orga.test,  orga.test,     '',       is for DNS orga.test (expected: DNS a.orga.test)",
        "a@a.orga.test,  '',            '',       is for nobody (expected: DNS a.orga.test)",
        "a@a.orga.test,  '',            10.0.0.5, is for IP 10.0.0.5 (expected: DNS a.orga.test)",
        "a@10.0.0.5,     '',            10.0.0.6, is for IP 10.0.0.6 (expected: IP 10.0.0.5)",
    })
    void refusesAnotherHost(String node, String dns, String ip, String reason) {
        assertThat(host(node, dns, ip)).contains("the peer's certificate " + reason);
    }

    private static Optional<String> host(String node, String dns, String ip) {
        var spec = new LeafSpec(node); // the common name never counts
        if (!dns.isEmpty()) {
            spec.dns(dns);
        }
        if (!ip.isEmpty()) {
            spec.ip(ip);
        }
        return names(spec).refusal(NodeName.parse(node), NameBinding.HOST, ORGA);
    }

    @Test
    void escapesAndCutsWhatAPeerWroteIntoItsCertificate() {
        var names = new CertificateNames(List.of(), List.of("a\nb", "x".repeat(400), "c", "d", "e", "f"), List.of());
        String reason = names.refusal(A, NameBinding.HOST, ORGA).orElseThrow();
        assertThat(reason).doesNotContain("\n").contains("a\\u000ab").hasSizeLessThan(300);
    }
}
