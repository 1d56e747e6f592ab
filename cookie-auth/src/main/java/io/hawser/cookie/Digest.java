package io.hawser.cookie;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** OTP's cookie proof: MD5 of the cookie's bytes, then the challenge in decimal ASCII. */
final class Digest {
    static final int BYTES = 16;

    private Digest() {}

    static byte[] of(byte[] cookie, long challenge) {
        MessageDigest md5;
        try {
            md5 = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("MD5: not known to this JVM (expected: the protocol requires it)", e);
        }
        md5.update(cookie);
        md5.update(Long.toString(challenge).getBytes(StandardCharsets.US_ASCII));
        return md5.digest();
    }

    /** Compares in a time that does not tell how much was right. */
    static boolean matches(byte[] expected, byte[] found) {
        return MessageDigest.isEqual(expected, found);
    }
}
