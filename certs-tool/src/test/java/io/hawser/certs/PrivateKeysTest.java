package io.hawser.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.SecureRandom;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateKeysTest {
    private final SecureRandom random = new SecureRandom();
    private final PrivateKey key = KeyKind.P384.generate(random).getPrivate();

    @Test
    void encryptsWithPbkdf2AndAes256() throws Exception {
        byte[] pem = PrivateKeys.encrypted(key, "correct horse".toCharArray(), random);

        var info = EncryptedPrivateKeyInfo.getInstance(Pem.objects(pem).get(0).getContent());
        assertThat(info.getEncryptionAlgorithm().getAlgorithm()).hasToString("1.2.840.113549.1.5.13");
        var parameters =
                PBES2Parameters.getInstance(info.getEncryptionAlgorithm().getParameters());
        assertThat(parameters.getEncryptionScheme().getAlgorithm()).hasToString("2.16.840.1.101.3.4.1.42");
        var derivation =
                PBKDF2Params.getInstance(parameters.getKeyDerivationFunc().getParameters());
        assertThat(derivation.getIterationCount()).isEqualTo(600_000);
        assertThat(derivation.getPrf().getAlgorithm()).hasToString("1.2.840.113549.2.9");

        assertThat(PrivateKeys.read(pem, "key.pem", Fixtures.secret("correct horse")))
                .isEqualTo(key);
        assertThatThrownBy(() -> PrivateKeys.read(pem, "key.pem", Fixtures.secret("wrong")))
                .hasMessage("key.pem: the passphrase does not open the key");
        assertThatThrownBy(() -> PrivateKeys.read(pem, "key.pem", SecretSource.none()))
                .isInstanceOfSatisfying(CertsException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.PASSPHRASE_NEEDED);
                    assertThat(e.hint())
                            .hasValueSatisfying(hint -> assertThat(hint).contains("--pass file:PATH"));
                });
    }

    @NeedsProgram("openssl")
    @Test
    void writesWhatOpensslReads(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("key.pem");
        Files.write(file, PrivateKeys.encrypted(key, "p\u00e4ss".toCharArray(), random));
        Path secret = Files.writeString(directory.resolve("secret"), "p\u00e4ss\n");

        assertThat(Processes.run("openssl", "pkey", "-in", file.toString(), "-passin", "file:" + secret, "-noout"))
                .isEqualTo(new Processes.Result(0, ""));
    }

    @Test
    void refusesWhatIsNoKey() {
        for (String text : new String[] {
            "",
            "no key",
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n"
        }) {
            assertThatThrownBy(() ->
                            PrivateKeys.read(text.getBytes(StandardCharsets.US_ASCII), "key.pem", SecretSource.none()))
                    .isInstanceOfSatisfying(
                            CertsException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNREADABLE));
        }
    }
}
