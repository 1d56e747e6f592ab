package io.hawser.tls;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Set;
import javax.security.auth.x500.X500Principal;

/**
 * Certificates that are not let in, whatever revocation lists say: by issuer and serial number, or by public key. Never by
 * a hash of the certificate, which whoever holds it can change without breaking its signature. Immutable.
 */
record DenyList(Set<Serial> serials, Set<String> keys) {
    static final DenyList EMPTY = new DenyList(Set.of(), Set.of());

    /** A certificate of a CA. */
    record Serial(X500Principal issuer, BigInteger number) {}

    DenyList {
        serials = Set.copyOf(serials);
        keys = Set.copyOf(keys);
    }

    boolean contains(X509Certificate certificate) {
        return serials.contains(new Serial(certificate.getIssuerX500Principal(), certificate.getSerialNumber()))
                || (!keys.isEmpty() && keys.contains(keyOf(certificate)));
    }

    /** What stands for a public key: {@code SHA256:} and the hash of its SubjectPublicKeyInfo, in hexadecimal. */
    static String keyOf(X509Certificate certificate) {
        return "SHA256:" + sha256(certificate.getPublicKey().getEncoded());
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256: not known to this JVM (expected: every JVM has it)", e);
        }
    }
}
