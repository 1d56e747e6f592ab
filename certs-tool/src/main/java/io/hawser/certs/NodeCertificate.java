package io.hawser.certs;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * A node's certificate as the store holds it. Immutable, thread-safe.
 *
 * @param node whom it stands for
 * @param uri the identity in its URI name
 * @param generation counts the node's certificates, from 1
 * @param chain its certificate and the CAs above it, without the root
 * @param directory where the store keeps this generation
 */
public record NodeCertificate(NodeName node, String uri, int generation, List<X509Certificate> chain, Path directory) {
    /**
     * Copies the chain.
     *
     * @param node whom it stands for
     * @param uri the identity in its URI name
     * @param generation counts the node's certificates, from 1
     * @param chain its certificate and the CAs above it, without the root
     * @param directory where the store keeps this generation
     */
    public NodeCertificate {
        chain = List.copyOf(chain);
    }

    /**
     * The certificate itself.
     *
     * @return the leaf
     */
    public X509Certificate certificate() {
        return chain.get(0);
    }

    /**
     * The serial number.
     *
     * @return lower-case hexadecimal digits
     */
    public String serial() {
        return certificate().getSerialNumber().toString(16);
    }

    /**
     * When it begins.
     *
     * @return ten minutes before it was issued
     */
    public Instant notBefore() {
        return certificate().getNotBefore().toInstant();
    }

    /**
     * When it ends.
     *
     * @return the last moment of validity
     */
    public Instant notAfter() {
        return certificate().getNotAfter().toInstant();
    }

    /**
     * The certificate's fingerprint, for people to compare. Not for deny lists: an attacker can change it.
     *
     * @return {@code SHA256:} and 64 hexadecimal digits
     */
    public String fingerprint() {
        return Fingerprints.of(certificate());
    }

    /**
     * When it should be replaced.
     *
     * @param policy says after which part of the lifetime
     * @return a time before {@link #notAfter()}
     */
    public Instant due(OrgPolicy policy) {
        long seconds = notAfter().getEpochSecond() - notBefore().getEpochSecond();
        return notBefore().plusSeconds((long) (seconds * policy.renewAt()));
    }
}
