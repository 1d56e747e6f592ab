package io.hawser.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DerDepthTest {
    private static final HexFormat HEX = HexFormat.of();

    @TempDir
    private Path temporary;

    /** {@code 30 80} again and again: what a parser gets that believes in lengths that come later. */
    static byte[] indefinite(int levels) {
        return HEX.parseHex("3080".repeat(levels));
    }

    /** Values of one kind, each wrapped in the next, with a prefix before what it wraps. */
    private static byte[] wrapped(int levels, String identifier, String prefix) {
        byte[] value = HEX.parseHex("0500");
        for (int i = 0; i < levels; i++) {
            var outer = new ByteArrayOutputStream();
            int length = value.length + prefix.length() / 2;
            outer.writeBytes(HEX.parseHex(identifier + "82" + HEX.toHexDigits((short) length) + prefix));
            outer.writeBytes(value);
            value = outer.toByteArray();
        }
        return value;
    }

    @ParameterizedTest
    @ValueSource(strings = {"30 ", "04 ", "24 ", "a0 ", "03 00", "bf8f7f "})
    void countsWhateverWraps(String kind) {
        String[] parts = kind.split(" ", -1);
        assertThat(DerDepth.isExceeded(wrapped(64, parts[0], parts[1]))).isFalse();
        assertThat(DerDepth.isExceeded(wrapped(65, parts[0], parts[1]))).isTrue();
        assertThat(DerDepth.isExceeded(wrapped(2000, parts[0], parts[1]))).isTrue();
    }

    @Test
    void countsLengthsThatComeLater() {
        assertThat(DerDepth.isExceeded(indefinite(64))).isFalse();
        assertThat(DerDepth.isExceeded(indefinite(65))).isTrue();
        assertThat(DerDepth.isExceeded(HEX.parseHex("30800000".repeat(1000)))).isFalse();
        assertThat(DerDepth.isExceeded(HEX.parseHex("3080" + "30800000".repeat(1000) + "0000" + "3080".repeat(65))))
                .isTrue();
    }

    @Test
    void endsOnBytesOfAnyKind() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            assertThat(DerDepth.isExceeded(bytes)).as("seed " + seed).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"CERTIFICATE", "X509 CRL", "CERTIFICATE REQUEST", "PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "DER"})
    void keepsDeepFilesFromParsers(String type) throws Exception {
        byte[] der = indefinite(100_000);
        byte[] content = type.equals("DER") ? der : Pem.ascii(Pem.encode(type, der));
        Path file = Files.write(temporary.resolve("deep"), content);
        var inspector = new Inspector(Fixtures.at(Fixtures.NOW), SecretSource.none(), false);

        assertThatThrownBy(() -> inspector.add(file)).hasMessage(file + ": neither PEM, DER nor PKCS12");
        assertThatThrownBy(() -> new Linter().add("f", content)).hasMessage("f: is not a PEM certificate");
        assertThatThrownBy(() -> Pem.readCrl(content, "f")).hasMessage("f: is not a CRL");
        assertThatThrownBy(() -> Csr.read(content, "f"))
                .isInstanceOfSatisfying(
                        CertsException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNREADABLE));
        assertThatThrownBy(() -> PrivateKeys.read(content, "f", SecretSource.none()))
                .isInstanceOf(CertsException.class);
    }
}
