package io.hawser.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KubernetesExportTest {
    @TempDir
    private Path temporary;

    private static byte[] decoded(JsonNode secret, String key) {
        return Base64.getDecoder().decode(secret.path("data").path(key).asText());
    }

    @Test
    void writesASecretThatHoldsWhatTlsNeeds() throws Exception {
        OrgStore store = Fixtures.newStore(temporary.resolve("pki"));
        store.issue(IssueRequest.of(Fixtures.A), SecretSource.none());
        var export = new KubernetesExport(store);

        assertThat(export.write(Fixtures.A, temporary.resolve("k8s")).changed()).isTrue();
        assertThat(export.write(Fixtures.A, temporary.resolve("k8s")).changed()).isFalse();

        Path file = temporary.resolve("k8s/secret.yaml");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        JsonNode secret = new YAMLMapper().readTree(file.toFile());
        assertThat(secret.path("kind").asText()).isEqualTo("Secret");
        assertThat(secret.path("type").asText()).isEqualTo("kubernetes.io/tls");
        assertThat(secret.path("metadata").path("name").asText()).isEqualTo("a-a.orga.test");
        NodeCertificate node = store.node(Fixtures.A);
        assertThat(Pem.readCertificates(decoded(secret, "tls.crt"), "tls.crt")).isEqualTo(node.chain());
        assertThat(KeyMatch.matches(
                        PrivateKeys.read(decoded(secret, "tls.key"), "tls.key", SecretSource.none()),
                        node.certificate()))
                .isTrue();
        assertThat(Pem.readCertificates(decoded(secret, "ca.crt"), "ca.crt")).isEqualTo(store.roots());
        assertThat(secret.path("data").has("cross.pem")).isFalse();
    }

    @Test
    void needsTheKey() throws Exception {
        OrgStore store = Fixtures.newStore(temporary.resolve("pki"));
        Path csr = temporary.resolve("a.csr");
        new NodeKeyRequest(Fixtures.A, null, KeyKind.P256, csr, temporary.resolve("a.key"))
                .write(StoreOptions.of(Fixtures.at(Fixtures.NOW)));
        store.sign(
                new SignRequest("a.csr", Files.readAllBytes(csr), null, null, false, false, false),
                SecretSource.none());

        assertThatThrownBy(() -> new KubernetesExport(store).write(Fixtures.A, temporary.resolve("k8s")))
                .hasMessage("a@a.orga.test: only the node itself has its key, and this export needs it");
        assertThat(new KubernetesExport(store)
                        .withNodeKey(temporary.resolve("a.key"))
                        .write(Fixtures.A, temporary.resolve("k8s"))
                        .changed())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"a@a.orga.test, a-a.orga.test", "_My_Node.@x.test, my-node.x.test", "a.-b@x.test, a.b-x.test"})
    void namesTheSecretAsKubernetesAllows(String node, String name) {
        assertThat(KubernetesExport.name(NodeName.parse(node)))
                .isEqualTo(name)
                .matches("[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*");
    }
}
