package io.hawser.certs;

import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;

/**
 * An organisation whose nodes ours accept, as far as its fence reaches. Immutable, thread-safe.
 *
 * @param org its name
 * @param namespace what it may name
 * @param pinned the fingerprints of its roots: confirmed by a person, or vouched for by one that was
 * @param sequence the number of its latest bundle
 * @param issued when it made that bundle
 * @param cross its roots, signed and fenced by ours
 * @param crls of its CAs
 * @param nodes those of its nodes that ours accept
 */
public record Partner(
        String org,
        Namespace namespace,
        List<String> pinned,
        long sequence,
        Instant issued,
        List<X509Certificate> cross,
        List<X509CRL> crls,
        List<NodeName> nodes) {
    /**
     * Copies the lists.
     *
     * @param org its name
     * @param namespace what it may name
     * @param pinned the fingerprints of its roots: confirmed by a person, or vouched for by one that was
     * @param sequence the number of its latest bundle
     * @param issued when it made that bundle
     * @param cross its roots, signed and fenced by ours
     * @param crls of its CAs
     * @param nodes those of its nodes that ours accept
     */
    public Partner {
        pinned = List.copyOf(pinned);
        cross = List.copyOf(cross);
        crls = List.copyOf(crls);
        nodes = List.copyOf(nodes);
    }

    /**
     * Whether a root of ours has signed its roots. Until an offline root did, its nodes are not let in.
     *
     * @return false for one that waits for the root
     */
    public boolean isFenced() {
        return !cross.isEmpty();
    }

    /**
     * When the first of its cross-certificates ends.
     *
     * @return the last moment of trust unless {@code trust refresh} renews it
     */
    public Instant trustEnds() {
        return cross.stream()
                .map(certificate -> certificate.getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElse(Instant.EPOCH);
    }

    /**
     * When the first of its CRLs ends, and with it every connection to its nodes.
     *
     * @return the time by which a new bundle is needed
     */
    public Instant crlsEnd() {
        return crls.stream()
                .flatMap(crl -> Optional.ofNullable(crl.getNextUpdate()).map(Date::toInstant).stream())
                .min(Instant::compareTo)
                .orElse(Instant.EPOCH);
    }
}
