package io.hawser.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads an unencrypted private key from PEM: PKCS#8, SEC1 ({@code EC}) or PKCS#1 ({@code RSA}). */
final class PemPrivateKey {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ((?:[A-Z]+ )?PRIVATE KEY)-----([^-]*)-----END \\1-----");
    private static final String EXPECTED =
            "expected: an unencrypted PEM key; \"openssl pkcs8 -topk8 -nocrypt -in OLD -out NEW\" makes one";
    private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};
    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;

    private PemPrivateKey() {}

    /**
     * Reads a key.
     *
     * @param file for messages
     * @param pem the file's bytes
     * @param partner the public key of the certificate, which says what kind of key is expected
     */
    static PrivateKey read(Path file, byte[] pem, PublicKey partner) {
        Matcher block = BLOCK.matcher(new String(pem, US_ASCII));
        if (!block.find()) {
            throw new TlsConfigurationException(file + ": holds no private key (" + EXPECTED + ")");
        }
        String label = block.group(1);
        String body = block.group(2);
        if (label.startsWith("ENCRYPTED") || body.contains("ENCRYPTED")) {
            throw new TlsConfigurationException(file + ": the private key is encrypted (" + EXPECTED + ")");
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(body);
            byte[] pkcs8 = label.equals("PRIVATE KEY") ? der : wrap(der, partner);
            return KeyFactory.getInstance(partner.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException | IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            throw new TlsConfigurationException(
                    file + ": not a private key of the certificate's kind, " + partner.getAlgorithm(), e);
        }
    }

    /** PrivateKeyInfo (RFC 5208, 5): version 0, the algorithm as in the public key's encoding, the key's own encoding. */
    private static byte[] wrap(byte[] key, PublicKey partner) {
        byte[] spki = partner.getEncoded();
        int algorithmStart = headerLength(spki, 0);
        int algorithmEnd = algorithmStart + headerLength(spki, algorithmStart) + contentLength(spki, algorithmStart);
        var info = new ByteArrayOutputStream();
        info.writeBytes(VERSION_0);
        info.writeBytes(Arrays.copyOfRange(spki, algorithmStart, algorithmEnd));
        info.writeBytes(element(OCTET_STRING, key));
        return element(SEQUENCE, info.toByteArray());
    }

    private static byte[] element(int tag, byte[] content) {
        var out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else if (content.length < 0x100) {
            out.write(0x81);
            out.write(content.length);
        } else {
            out.write(0x82); // keys are shorter than 64 KiB
            out.write(content.length >> 8);
            out.write(content.length);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static int headerLength(byte[] der, int at) {
        int first = der[at + 1] & 0xFF;
        return first < 0x80 ? 2 : 2 + (first & 0x7F);
    }

    private static int contentLength(byte[] der, int at) {
        int first = der[at + 1] & 0xFF;
        if (first < 0x80) {
            return first;
        }
        int length = 0;
        for (int i = 0; i < (first & 0x7F); i++) {
            length = length << 8 | (der[at + 2 + i] & 0xFF);
        }
        return length;
    }
}
