package io.hawser.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.certs.IssueRequest;
import io.hawser.certs.JavaExport;
import io.hawser.certs.OrgStore;
import io.hawser.certs.SecretSource;
import io.hawser.testing.ManualScheduler;
import io.hawser.tls.TestCa.Leaf;
import io.hawser.tls.TestCa.LeafSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How files become credentials while a node runs: when they change, and when they do not do. */
class CredentialFilesTest {
    private static final TestCa ROOT = TestCa.root("Orga Root");
    private static final Duration LOOK = Duration.ofMillis(500);

    @TempDir
    private Path directory;

    private final ManualScheduler time = new ManualScheduler();
    private final Leaf leaf = ROOT.issue(LeafSpec.node("a@a.orga.test"));
    private final Leaf peer = ROOT.issue(LeafSpec.node("b@b.orga.test"));

    private TlsTransport transport(TlsCredentials credentials) {
        return TlsTransport.builder(credentials).time(time, Clock.systemUTC()).build();
    }

    private static void replace(Path file, byte[] content) throws IOException {
        Path temporary = Files.write(file.resolveSibling("." + file.getFileName() + ".tmp"), content);
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-------"));
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void takesAChangedFileOnceItStaysTheSame() throws IOException {
        TestCa.write(directory, leaf, ROOT, Optional.of(ROOT.crl()));
        var credentials = TlsCredentials.watch(directory);
        try (var transport = transport(credentials);
                var listening = TlsTransport.mutual(
                        TestCa.identity(NameBinding.FULL, peer, List.of(ROOT), List.of(ROOT.crl())))) {
            Joined joined = Joined.of(transport, listening, "b@b.orga.test");
            time.advance(LOOK.multipliedBy(3));
            assertThat(credentials.generation()).isEqualTo(1);

            Files.writeString(directory.resolve("crl.pem"), TestCa.pem(ROOT.crl(peer.certificate())));
            time.advance(LOOK);
            assertThat(credentials.generation()).isEqualTo(1);
            time.advance(LOOK);
            assertThat(credentials.generation()).isEqualTo(2);
            time.runReady();
            assertThat(Joined.code(joined.dialled())).contains(TlsRefusal.CERTIFICATE_REVOKED);
        }
    }

    @Test
    void tellsOfEachIdentityThatReplacesAnother() {
        var credentials =
                TlsCredentials.of(TestCa.identity(NameBinding.FULL, leaf, List.of(ROOT), List.of(ROOT.crl())));
        List<Instant> told = new ArrayList<>();
        try (var transport = transport(credentials)) {
            transport.whenCredentialsChange(told::add);
            transport.offerProtocols(List.of("some/1"));
            time.advance(LOOK);
            assertThat(told).isEmpty();
            Leaf renewed = ROOT.issue(LeafSpec.node("a@a.orga.test"));
            credentials.replace(TestCa.identity(NameBinding.FULL, renewed, List.of(ROOT), List.of(ROOT.crl())));
            time.advance(LOOK);
            assertThat(told).containsExactly(renewed.certificate().getNotAfter().toInstant());
        }
    }

    @Test
    void followsADirectoryBehindASymbolicLink() throws IOException {
        Path first = TestCa.write(directory.resolve("1"), leaf, ROOT, Optional.of(ROOT.crl()));
        Leaf renewed = ROOT.issue(LeafSpec.node("a@a.orga.test"));
        Path second = TestCa.write(directory.resolve("2"), renewed, ROOT, Optional.of(ROOT.crl()));
        Path link = Files.createSymbolicLink(directory.resolve("current"), first);
        var credentials = TlsCredentials.watch(link);
        try (var transport = transport(credentials)) {
            assertThat(transport.name()).isEqualTo("tls");
            Path other = Files.createSymbolicLink(directory.resolve("next"), second);
            Files.move(other, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            time.advance(LOOK.multipliedBy(2));
            assertThat(credentials.identity().certificate()).isEqualTo(renewed.certificate());
        }
    }

    @Test
    void waitsUntilKeyAndCertificateFitEachOther() throws IOException {
        TestCa.write(directory, leaf, ROOT, Optional.of(ROOT.crl()));
        var credentials = TlsCredentials.watch(directory);
        Leaf renewed = ROOT.issue(LeafSpec.node("a@a.orga.test"));
        Path there = TestCa.write(directory.resolve("new"), renewed, ROOT, Optional.of(ROOT.crl()));
        try (var transport = transport(credentials)) {
            assertThat(transport.name()).isEqualTo("tls");
            replace(directory.resolve("key.pem"), Files.readAllBytes(there.resolve("key.pem")));
            time.advance(LOOK.multipliedBy(5));
            assertThat(credentials.generation()).isEqualTo(1);
            assertThatThrownBy(credentials::reload)
                    .isInstanceOf(TlsConfigurationException.class)
                    .hasMessageContaining("the private key does not match the first certificate");
            replace(directory.resolve("cert.pem"), Files.readAllBytes(there.resolve("cert.pem")));
            time.advance(LOOK.multipliedBy(2));
            assertThat(credentials.identity().certificate()).isEqualTo(renewed.certificate());
        }
    }

    @Test
    void keepsWhatItHasWhenAKeyBecomesReadableByOthers() throws IOException {
        TestCa.write(directory, leaf, ROOT, Optional.of(ROOT.crl()));
        var credentials = TlsCredentials.watch(directory);
        Path key = directory.resolve("key.pem");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(credentials::reload).hasMessageContaining("others than its owner can use it");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        assertThat(credentials.reload()).isEmpty();
    }

    @Test
    void tellsWhatAReloadChanged() throws IOException {
        TestCa.write(directory, leaf, ROOT, Optional.of(ROOT.crl()));
        var credentials = TlsCredentials.watch(directory);
        TestCa other = TestCa.root("Orga Root 2");
        Files.writeString(directory.resolve("trust.pem"), TestCa.pem(ROOT.certificate(), other.certificate()));
        Files.writeString(directory.resolve("crl.pem"), TestCa.pem(ROOT.crl(), other.crl()));
        assertThat(credentials.reload())
                .containsExactlyInAnyOrder(CredentialPart.ROOTS, CredentialPart.REVOCATION_LISTS);
        assertThat(credentials.reload()).isEmpty();
        assertThat(credentials.generation()).isEqualTo(2);
    }

    @Test
    void keepsWhatItHasWhateverFileOfAnExportIsCutWherever() throws IOException {
        OrgStore store = TestOrgs.store(directory.resolve("pki"));
        var node = io.hawser.certs.NodeName.parse("a@a.orga.test");
        store.issue(IssueRequest.of(node), SecretSource.none());
        Path export = directory.resolve("export");
        new JavaExport(store).write(node, export, SecretSource.none());
        cutEverywhere(
                export,
                List.of("tls.properties", "policy.json", "crls.pem", "truststore.p12", "keystore.p12", "password"));
    }

    @Test
    void keepsWhatItHasWhateverPemFileIsCutWherever() throws IOException {
        TestCa.write(directory, leaf, ROOT, Optional.of(ROOT.crl()));
        cutEverywhere(directory, List.of("key.pem", "cert.pem", "trust.pem", "crl.pem"));
    }

    @Test
    void keepsWhatItHasWhenAChainIsCutBetweenTwoCertificates() throws IOException {
        TestCa issuing = ROOT.issuing("Orga Issuing");
        TestCa.write(directory, issuing.issue(LeafSpec.node("a@a.orga.test")), ROOT, Optional.of(ROOT.crl()));
        var credentials = TlsCredentials.watch(directory);
        Path file = directory.resolve("cert.pem");
        String whole = Files.readString(file);
        Files.writeString(file, whole.substring(0, whole.lastIndexOf("-----BEGIN")));
        assertThatThrownBy(credentials::reload)
                .isInstanceOf(TlsConfigurationException.class)
                .hasMessage(
                        "our new certificate, for a@a.orga.test, comes with a chain of 1 that leads to no root that we"
                                + " trust (expected: that it does, as the one before did)");
        Files.writeString(file, whole);
        assertThat(credentials.reload()).isEmpty();
        assertThat(credentials.generation()).isEqualTo(1);
    }

    @Test
    void aRootCanBeDistrustedBeforeOurOwnCertificateIsOfAnother() throws IOException {
        TestCa.write(directory, leaf, ROOT, Optional.of(ROOT.crl()));
        var credentials = TlsCredentials.watch(directory);
        TestCa other = TestCa.root("Orga Root 2");
        Files.writeString(directory.resolve("trust.pem"), TestCa.pem(other.certificate()));
        Files.writeString(directory.resolve("crl.pem"), TestCa.pem(other.crl()));
        assertThat(credentials.reload())
                .containsExactlyInAnyOrder(CredentialPart.ROOTS, CredentialPart.REVOCATION_LISTS);
    }

    private static void cutEverywhere(Path directory, List<String> names) throws IOException {
        var credentials = TlsCredentials.watch(directory);
        for (String name : names) {
            Path file = directory.resolve(name);
            byte[] whole = Files.readAllBytes(file);
            int content = new String(whole, ISO_8859_1).stripTrailing().length();
            int end = name.endsWith(".p12") ? whole.length : content;
            for (int length = 0; length < end; length++) {
                Files.write(file, Arrays.copyOf(whole, length));
                assertThatThrownBy(credentials::reload)
                        .as("%s cut after %d of %d bytes", name, length, whole.length)
                        .isInstanceOf(TlsConfigurationException.class);
            }
            Files.write(file, whole);
            assertThat(credentials.reload()).isEmpty();
        }
        assertThat(credentials.generation()).isEqualTo(1);
    }
}
