package io.hawser.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectorTest {
    @TempDir
    private Path temporary;

    private Path export() {
        OrgStore store = Fixtures.newStore(temporary.resolve("pki"));
        store.issue(IssueRequest.of(Fixtures.A), SecretSource.none());
        return new PemExport(store).write(Fixtures.A, temporary.resolve("pem")).value();
    }

    private static Inspector inspector() {
        return new Inspector(Fixtures.at(Fixtures.NOW), SecretSource.none(), false);
    }

    @Test
    void describesACertificateAndFindsItsKey() {
        Path pem = export();
        Inspector inspector = inspector();
        inspector.add(pem.resolve("key.pem"));
        inspector.add(pem.resolve("cert.pem"));

        List<Map<String, Object>> objects = inspector.objects();

        assertThat(objects).hasSize(3);
        assertThat(objects.get(0))
                .containsEntry("key", "EC P-256")
                .containsEntry("belongsTo", "CN=a@a.orga.test,O=orga");
        assertThat(objects.get(1))
                .containsEntry("node", "a@a.orga.test")
                .containsEntry("dnsNames", List.of("a.orga.test"))
                .containsEntry("uris", List.of("spiffe://orga.test/node/a.orga.test/a"))
                .containsEntry("daysLeft", 90L)
                .containsEntry("valid", "yes")
                .containsEntry("ca", false)
                .containsEntry("keyUsage", List.of("digitalSignature"))
                .containsEntry("extendedKeyUsage", List.of("serverAuth", "clientAuth"));
        assertThat(objects.get(2))
                .containsEntry("pathLength", 0)
                .containsEntry("permitted", List.of("DNS:orga.test", "URI:orga.test"));
    }

    @Test
    void readsDerToo() throws Exception {
        Path pem = export();
        for (String name : new String[] {"cert.pem", "crl.pem", "key.pem"}) {
            Inspector inspector = inspector();
            inspector.add(
                    "der",
                    Pem.objects(Files.readAllBytes(pem.resolve(name))).get(0).getContent());
            assertThat(inspector.objects()).as(name).hasSize(1);
        }
    }

    @Test
    void namesAnEncryptedKeyItCannotOpen() {
        byte[] key = PrivateKeys.encrypted(
                KeyKind.P256.generate(new SecureRandom()).getPrivate(), "x".toCharArray(), new SecureRandom());
        Inspector inspector = inspector();
        inspector.add("key", key);
        assertThat(inspector.objects().get(0)).containsEntry("encrypted", true).containsEntry("opened", false);
    }

    @Test
    void refusesAKeyThatOthersCanRead() throws Exception {
        Path key = export().resolve("key.pem");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> inspector().add(key))
                .hasMessage(key + ": others may read or write it (mode rw-r--r--)");
    }

    @Test
    void refusesDamagedInputByNameOnly() throws Exception {
        Path pem = export();
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        var random = new Random(seed);
        for (String name : new String[] {"cert.pem", "crl.pem", "key.pem"}) {
            byte[] der =
                    Pem.objects(Files.readAllBytes(pem.resolve(name))).get(0).getContent();
            for (int i = 0; i < 200; i++) {
                byte[] damaged = der.clone();
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
                try {
                    Inspector inspector = inspector();
                    inspector.add("damaged", damaged);
                    inspector.objects();
                } catch (CertsException e) {
                    assertThat(e.code()).isIn(ErrorCode.UNREADABLE, ErrorCode.PASSPHRASE_NEEDED);
                }
            }
        }
    }
}
