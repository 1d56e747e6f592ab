package io.hawser.cookie;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HKDF with SHA-256, of the JDK's HMAC; JDK 17 has no key derivation of its own.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5869">RFC 5869</a>
 */
final class Hkdf {
    static final int HASH_BYTES = 32;

    private static final int MAX_BLOCKS = 255;
    private static final String HMAC = "HmacSHA256";

    private Hkdf() {}

    /** RFC 5869, 2.2: a key of everything that is random in {@code secret}. */
    static byte[] extract(byte[] salt, byte[] secret) {
        return hmac(salt.length == 0 ? new byte[HASH_BYTES] : salt, secret);
    }

    /** RFC 5869, 2.3: as much key material as is asked for, different for each {@code info}. */
    static byte[] expand(byte[] key, byte[] info, int length) {
        if (length > MAX_BLOCKS * HASH_BYTES) {
            throw new IllegalArgumentException(
                    "HKDF: " + length + " bytes (expected: at most " + MAX_BLOCKS * HASH_BYTES + ")");
        }
        var all = new byte[length];
        byte[] block = {};
        for (int at = 0, number = 1; at < length; at += HASH_BYTES, number++) {
            block = hmac(key, block, info, new byte[] {(byte) number});
            System.arraycopy(block, 0, all, at, Math.min(HASH_BYTES, length - at));
        }
        return all;
    }

    /** RFC 2104 with SHA-256, of the parts one after the other. */
    static byte[] hmac(byte[] key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException(HMAC + ": not to be had (expected: every JVM has it)", e);
        }
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
