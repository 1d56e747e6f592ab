package io.hawser.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.term.NodeName;
import io.hawser.tls.TestCa.LeafSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node does not start unverified, nor as somebody that its certificate does not name; the error names the setting. */
class RefusesToStartTest {
    private static final TestNodes NODES = new TestNodes(TlsEngine.AUTO);
    private static final NodeName A = NodeName.parse("a@a.orga.test");

    @TempDir
    private Path directory;

    @Test
    void underANameThatItsCertificateDoesNotCarry() {
        try (var transport = NODES.transport("a@a.orga.test")) {
            transport.runAs(A);
            assertThatThrownBy(() -> transport.runAs(NodeName.parse("b@a.orga.test")))
                    .isInstanceOf(TlsConfigurationException.class)
                    .hasMessage("b@a.orga.test: our certificate is for a@a.orga.test"
                            + " (expected: spiffe://orga.test/node/a.orga.test/b), every peer would refuse it");
        }
        TlsIdentity byHost = NODES.identity("a@a.orga.test").withBinding(NameBinding.HOST);
        try (var transport = NODES.transport(byHost)) {
            transport.runAs(NodeName.parse("b@a.orga.test"));
            assertThatThrownBy(() -> transport.runAs(NodeName.parse("a@b.orga.test")))
                    .isInstanceOf(TlsConfigurationException.class);
        }
    }

    @Test
    void butForTestsOfThatItDoesInsecurely() {
        try (var transport = TlsTransport.builder(NODES.identity("a@a.orga.test"))
                .insecureAnyOwnName()
                .build()) {
            transport.runAs(NodeName.parse("b@b.orga.test"));
        }
    }

    @Test
    void withoutRoots() {
        var parts = new TrustPolicy.Parts(List.of(), NameBinding.FULL);
        assertThatThrownBy(parts::build)
                .isInstanceOf(TlsConfigurationException.class)
                .hasMessageStartingWith("roots: none (expected: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TLS_DH_anon_WITH_AES_128_GCM_SHA256",
                "TLS_ECDH_anon_WITH_NULL_SHA",
                "TLS_ECDHE_ECDSA_WITH_NULL_SHA",
                "TLS_RSA_WITH_AES_128_GCM_SHA256",
                "TLS_SHA256_SHA256"
            })
    void withSuitesThatDoNotProtect(String suite) {
        var builder = TlsTransport.builder(NODES.identity("a@a.orga.test"));
        assertThatThrownBy(() -> builder.cipherSuites(List.of("TLS_AES_128_GCM_SHA256", suite)))
                .isInstanceOf(TlsConfigurationException.class)
                .hasMessageStartingWith("cipherSuites: " + suite + " (expected: some of TLS_AES_256_GCM_SHA384, ");
    }

    @Test
    void withoutASuiteOfTls13() {
        var builder = TlsTransport.builder(NODES.identity("a@a.orga.test"));
        assertThatThrownBy(() -> builder.cipherSuites(List.of()))
                .isInstanceOf(TlsConfigurationException.class)
                .hasMessageStartingWith("cipherSuites: none for TLS 1.3 ");
    }

    @Test
    void withASettingThatItDoesNotKnow() throws IOException {
        TestCa.write(directory, NODES.issue(LeafSpec.node("a@a.orga.test")), NODES.root(), Optional.empty());
        Path settings = directory.resolve("tls.properties");
        Files.writeString(settings, "keystore=keystore.p12\nverify=none\n");
        assertThatThrownBy(() -> TlsIdentity.load(directory))
                .isInstanceOf(TlsConfigurationException.class)
                .hasMessageStartingWith(settings + ": verify=none: no such setting (expected: some of [")
                .hasMessageEndingWith("; peers are always verified)");
    }

    @Test
    void takesOnlyTheSuitesThatAreChosen() {
        TlsTransport dialling = TlsTransport.builder(NODES.identity("a@a.orga.test"))
                .cipherSuites(List.of("TLS_AES_128_GCM_SHA256"))
                .build();
        try (dialling;
                var listening = NODES.transport("b@b.orga.test")) {
            Joined joined = Joined.of(dialling, listening, "b@b.orga.test");
            assertThat(joined.acceptor().peer().security().orElseThrow().cipherSuite())
                    .isEqualTo("TLS_AES_128_GCM_SHA256");
        }
    }
}
