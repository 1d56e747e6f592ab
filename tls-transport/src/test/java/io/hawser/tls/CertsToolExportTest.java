package io.hawser.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.certs.IssueRequest;
import io.hawser.certs.JavaExport;
import io.hawser.certs.OrgStore;
import io.hawser.certs.PemExport;
import io.hawser.certs.SecretSource;
import io.hawser.term.NodeName;
import io.hawser.testing.RecordingHandler;
import io.hawser.transport.AcceptLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Identities as certs-tool exports them. */
class CertsToolExportTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    private static Path directory;

    private static OrgStore store;

    @BeforeAll
    static void issue() {
        store = TestOrgs.store(directory.resolve("pki"));
        store.issue(IssueRequest.of(tool("a@a.orga.test"), tool("b@b.orga.test")), SecretSource.none());
    }

    private static io.hawser.certs.NodeName tool(String node) {
        return io.hawser.certs.NodeName.parse(node);
    }

    private static Path export(String node, String to) {
        Path target = directory.resolve(to);
        new JavaExport(store).write(tool(node), target, SecretSource.none());
        return target;
    }

    @Test
    void joinsTwoNodesOfOneOrganisation() {
        TlsIdentity a = TlsIdentity.load(export("a@a.orga.test", "a"));
        TlsIdentity b = TlsIdentity.load(export("b@b.orga.test", "b"));
        assertThat(a.binding()).isEqualTo(NameBinding.FULL);
        assertThat(a.trustDomain()).contains("orga.test");
        assertThat(a.trust().crls()).isNotEmpty();
        var acceptor = new RecordingHandler();
        var dialler = new RecordingHandler();
        try (TlsTransport listening = TlsTransport.mutual(b);
                TlsTransport dialling = TlsTransport.mutual(a)) {
            var listener = listening.listen(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    new AcceptLimits(LONG, 10, 10),
                    () -> acceptor);
            dialling.connect(NodeName.parse("b@b.orga.test"), listener.address(), LONG, dialler);
            assertThat(dialler.connection().peer().description()).startsWith("b@b.orga.test at ");
            var peer = acceptor.connection().peer();
            assertThat(peer.refusal(NodeName.parse("a@a.orga.test"))).isEmpty();
            assertThat(peer.refusal(NodeName.parse("c@c.orga.test"))).isPresent();
            assertThat(peer.security().orElseThrow().peerExpires())
                    .isEqualTo(a.certificate().getNotAfter().toInstant());
        }
    }

    @Test
    void readsThePolicy() throws IOException {
        Path target = export("a@a.orga.test", "policy");
        TrustPolicy policy = TlsIdentity.load(target).trust();
        assertThat(policy.roster().orElseThrow())
                .containsExactlyInAnyOrder(
                        "spiffe://orga.test/node/a.orga.test/a", "spiffe://orga.test/node/b.orga.test/b");
        assertThat(policy.maxNodeLife()).isPresent();
        assertThat(policy.namespace(policy.roots().get(0))).contains(new Namespace("orga", "orga.test", "orga.test"));
        assertThat(policy).hasToString("TrustPolicy[FULL, roots: 1, partners: 0, CRLs: 2, roster: 2]");

        Path file = target.resolve("policy.json");
        String good = Files.readString(file);
        String fingerprint = good.replaceFirst("(?s).*(SHA256:[0-9a-f]{64}).*", "$1");
        Files.writeString(file, good.replace(fingerprint, "SHA256:" + "0".repeat(64)));
        assertThatThrownBy(() -> TlsIdentity.load(target))
                .hasMessageStartingWith(file + ": nothing is said of ")
                .hasMessageEndingWith(" (expected: an anchor with the fingerprint " + fingerprint + ")");
    }

    @Test
    void readsThePlainPemExport() {
        Path target = directory.resolve("pem");
        new PemExport(store).write(tool("a@a.orga.test"), target);
        TlsIdentity identity = TlsIdentity.load(target);
        assertThat(identity.binding()).isEqualTo(NameBinding.HOST);
        assertThat(identity.chain()).hasSizeGreaterThan(1);
    }

    @Test
    void takesThePasswordFromTheCaller() {
        Path target = directory.resolve("given");
        char[] password = "correct horse".toCharArray();
        new JavaExport(store).write(tool("a@a.orga.test"), target, use -> Optional.of(password.clone()));
        assertThat(TlsIdentity.load(target, password).node().map(Object::toString))
                .contains("a@a.orga.test");
        assertThat(password).isEqualTo("correct horse".toCharArray());
        assertThatThrownBy(() -> TlsIdentity.load(target, "wrong".toCharArray()))
                .isInstanceOf(TlsConfigurationException.class)
                .hasMessage(target.resolve("keystore.p12") + ": the password is wrong");
        assertThatThrownBy(() -> TlsIdentity.load(target))
                .hasMessage(target.resolve("tls.properties")
                        + ": no password.file (expected: one, or the stores' password given to TlsIdentity.load)");
    }

    @Test
    void refusesStoresAndPasswordsThatOthersCanRead() throws IOException {
        Path target = export("a@a.orga.test", "loose");
        for (String name : new String[] {"keystore.p12", "password"}) {
            Path file = target.resolve(name);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
            assertThatThrownBy(() -> TlsIdentity.load(target))
                    .isInstanceOf(TlsConfigurationException.class)
                    .hasMessageEndingWith("run chmod 600 " + file);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
    }

    @Test
    void saysWhichSettingDoesNotDo() throws IOException {
        Path target = export("a@a.orga.test", "edited");
        Path settings = target.resolve("tls.properties");
        String good = Files.readString(settings);
        Files.writeString(settings, good.replace("binding=full", "binding=loose"));
        assertThatThrownBy(() -> TlsIdentity.load(target))
                .hasMessage(settings + ": binding=loose (expected: full or host)");
        Files.writeString(settings, good.replace("keystore=keystore.p12", ""));
        assertThatThrownBy(() -> TlsIdentity.load(target))
                .hasMessage(settings + ": keystore is missing (expected: a file name)");
        Files.writeString(settings, good.replace("policy=policy.json", ""));
        assertThatThrownBy(() -> TlsIdentity.load(target))
                .hasMessage(settings + ": policy is missing (expected: what each root may name, and the roster)");
        Files.writeString(settings, good.replace("trust-domain=orga.test", "trust-domain=other.test"));
        assertThatThrownBy(() -> TlsIdentity.load(target))
                .hasMessage("a@a.orga.test: our certificate is of the trust domain orga.test"
                        + " (expected: spiffe://other.test/node/a.orga.test/a)");
        Files.writeString(settings, good.replace("keystore.alias=node", "keystore.alias=nobody"));
        assertThatThrownBy(() -> TlsIdentity.load(target))
                .hasMessage(target.resolve("keystore.p12")
                        + ": no private key with the alias nobody (found aliases: [node])");
    }
}
