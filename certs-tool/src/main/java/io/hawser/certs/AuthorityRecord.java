package io.hawser.certs;

import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;

/**
 * A CA as the store holds it, without its private key. Immutable, thread-safe.
 *
 * @param name {@code root-1} or {@code issuing-1}
 * @param certificate its certificate
 * @param crl its latest CRL
 * @param key where its private key is: {@code encrypted} or {@code plain} in a file, {@code pkcs11}, {@code exec} or
 *     {@code offline}
 */
public record AuthorityRecord(String name, X509Certificate certificate, X509CRL crl, String key) {
    /**
     * The certificate's fingerprint.
     *
     * @return {@code SHA256:} and 64 hexadecimal digits
     */
    public String fingerprint() {
        return Fingerprints.of(certificate);
    }

    /** Whether it is a root; otherwise it issues to nodes. */
    boolean isRoot() {
        return name.startsWith("root-");
    }
}
