package io.hawser.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.tls.TestCa.Leaf;
import io.hawser.tls.TestCa.LeafSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.util.io.pem.PemObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an identity is read from, and what is said about files that do not do. */
class TlsIdentityTest {
    private static final TestCa ROOT = TestCa.root("Orga Root");
    private static final LeafSpec A = LeafSpec.node("a@a.orga.test");

    @TempDir
    private Path directory;

    private Leaf leaf;

    @BeforeEach
    void writeFiles() {
        leaf = ROOT.issue(A);
        TestCa.write(directory, leaf, ROOT, Optional.of(ROOT.crl()));
    }

    private String refusal() {
        try {
            TlsIdentity.load(directory);
            return "nothing was refused";
        } catch (TlsConfigurationException e) {
            String message = String.valueOf(e.getMessage());
            assertThat(message).doesNotContain("\n");
            return message;
        }
    }

    private Path file(String name) {
        return directory.resolve(name);
    }

    @Test
    void readsPlainPem() {
        TlsIdentity identity = TlsIdentity.load(directory);
        assertThat(identity.binding()).isEqualTo(NameBinding.HOST);
        assertThat(identity.certificate()).isEqualTo(leaf.certificate());
        assertThat(identity.trust().roots()).containsExactly(ROOT.certificate());
        assertThat(identity.trust().crls()).hasSize(1);
        assertThat(identity.node().map(Object::toString)).contains("a@a.orga.test");
        assertThat(identity.trustDomain()).contains("orga.test");
        assertThat(identity.withBinding(NameBinding.FULL).binding()).isEqualTo(NameBinding.FULL);
        assertThat(identity).hasToString("TlsIdentity[a@a.orga.test, HOST]");
    }

    @Test
    void readsPemFilesWithoutRevocationListsOnlyWhereTheNameSaysInsecure() throws IOException {
        Files.delete(file("crl.pem"));
        assertThat(refusal()).startsWith(file("crl.pem") + ": no such file (expected: revocation lists of the CAs; ");
        assertThat(TlsIdentity.insecureLoadWithoutRevocation(directory).trust().checksRevocation())
                .isFalse();
        assertThat(TlsIdentity.insecureOfPemWithoutRevocation(file("cert.pem"), file("key.pem"), file("trust.pem"))
                        .trust()
                        .checksRevocation())
                .isFalse();
        assertThat(TlsIdentity.load(TestCa.write(directory, leaf, ROOT, Optional.of(ROOT.crl())))
                        .trust()
                        .checksRevocation())
                .isTrue();
    }

    @Test
    void readsSec1AndPkcs1Keys() throws IOException {
        TestCa.writeKey(file("key.pem"), TestCa.pem(inner("EC PRIVATE KEY", leaf.keys())));
        assertThat(TlsIdentity.load(directory).key()).isEqualTo(leaf.keys().getPrivate());

        leaf = ROOT.issue(LeafSpec.node("a@a.orga.test").keys(TestCa.keys("RSA", 3072)));
        TestCa.write(directory, leaf, ROOT, Optional.empty());
        assertThat(TlsIdentity.load(directory).key()).isEqualTo(leaf.keys().getPrivate());
        TestCa.writeKey(file("key.pem"), TestCa.pem(inner("RSA PRIVATE KEY", leaf.keys())));
        assertThat(TlsIdentity.load(directory).key()).isEqualTo(leaf.keys().getPrivate());
    }

    /** The key without PKCS#8 around it, as openssl ecparam and genrsa used to write it. */
    private static PemObject inner(String label, KeyPair keys) throws IOException {
        var info = PrivateKeyInfo.getInstance(
                ASN1Sequence.getInstance(keys.getPrivate().getEncoded()));
        return new PemObject(label, info.parsePrivateKey().toASN1Primitive().getEncoded());
    }

    @Test
    void refusesAKeyThatOthersCanRead() throws IOException {
        Files.setPosixFilePermissions(file("key.pem"), PosixFilePermissions.fromString("rw-r-----"));
        assertThat(refusal())
                .isEqualTo(file("key.pem") + ": others than its owner can use it (rw-r-----, expected: rw-------),"
                        + " run chmod 600 " + file("key.pem"));
    }

    @Test
    void saysWhichFileIsMissing() throws IOException {
        Files.delete(file("trust.pem"));
        assertThat(refusal()).isEqualTo(file("trust.pem") + ": no such file");
        Files.delete(file("key.pem"));
        assertThat(refusal()).isEqualTo(file("key.pem") + ": no such file");
        Path nowhere = directory.resolve("nowhere");
        assertThatThrownBy(() -> TlsIdentity.load(nowhere))
                .isInstanceOf(TlsConfigurationException.class)
                .hasMessageStartingWith(nowhere + ": no such directory (expected: ");
    }

    @Test
    void saysWhenAFileHoldsSomethingElse() throws IOException {
        Files.writeString(file("trust.pem"), "");
        assertThat(refusal()).isEqualTo(file("trust.pem") + ": holds no certificate (expected: PEM)");
        Files.writeString(file("key.pem"), "nothing");
        assertThat(refusal())
                .startsWith(file("key.pem") + ": holds no private key (expected: an unencrypted PEM key; ");
        Files.writeString(file("cert.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        assertThat(refusal()).startsWith(file("cert.pem") + ": not a PEM certificate: ");
    }

    @Test
    void refusesAnEmptyRevocationList() throws IOException {
        Files.writeString(file("crl.pem"), "");
        assertThat(refusal()).startsWith(file("crl.pem") + ": holds no revocation list (expected: PEM; ");
    }

    @Test
    void refusesAnEncryptedKey() throws IOException {
        Files.writeString(
                file("key.pem"), "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n");
        assertThat(refusal()).startsWith(file("key.pem") + ": the private key is encrypted (expected: ");
    }

    @Test
    void refusesAKeyOfAnotherCertificate() {
        Leaf other = ROOT.issue(LeafSpec.node("a@a.orga.test").keys(TestCa.ecKeys()));
        TestCa.write(directory, new Leaf(leaf.certificate(), other.keys(), ROOT), ROOT, Optional.empty());
        assertThat(refusal())
                .isEqualTo(file("cert.pem") + ": the private key does not match the first certificate"
                        + " (expected: the key it was issued for)");
        KeyPair rsa = TestCa.keys("RSA", 3072);
        TestCa.write(directory, new Leaf(leaf.certificate(), rsa, ROOT), ROOT, Optional.empty());
        assertThat(refusal()).isEqualTo(file("key.pem") + ": not a private key of the certificate's kind, EC");
    }

    @Test
    void refusesAnExpiredCertificateOfOurOwn() {
        Instant end = Instant.parse("2024-01-31T12:00:00Z");
        Leaf old = ROOT.issue(LeafSpec.node("a@a.orga.test").validFrom(end.minus(Duration.ofDays(1)), end));
        TestCa.write(directory, old, ROOT, Optional.empty());
        assertThat(refusal())
                .isEqualTo(file("cert.pem") + ": our certificate expired at 2024-01-31T12:00:00Z,"
                        + " renew it (certs-tool node renew)");
    }

    @Test
    void refusesFullBindingForACertificateWithoutAWholeName() {
        TestCa.write(directory, ROOT.issue(new LeafSpec("a").dns("a.orga.test")), ROOT, Optional.empty());
        TlsIdentity identity = TlsIdentity.load(directory);
        assertThatThrownBy(() -> identity.withBinding(NameBinding.FULL))
                .isInstanceOf(TlsConfigurationException.class)
                .hasMessageStartingWith("our certificate is for DNS a.orga.test (expected with binding FULL: ");
    }
}
