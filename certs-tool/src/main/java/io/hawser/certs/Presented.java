package io.hawser.certs;

import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A chain as a peer presents it, and what the one who judges it holds.
 *
 * @param host what is dialled to reach the peer
 * @param chain leaf first, as sent
 * @param roots those trusted
 * @param crosses further CA certificates that the judge has
 * @param crls of the judge; none are looked at when empty
 * @param at the time
 */
record Presented(
        String host,
        List<X509Certificate> chain,
        List<X509Certificate> roots,
        List<X509Certificate> crosses,
        List<X509CRL> crls,
        Instant at) {
    private static final int MAX_LENGTH = 8;

    /**
     * A way from the leaf to a root.
     *
     * @param certificates leaf first, without the root
     * @param root where it ends
     */
    record Path(List<X509Certificate> certificates, X509Certificate root) {
        /** The CAs between leaf and root, from the root's end. */
        List<X509Certificate> authoritiesDown() {
            var authorities = new ArrayList<X509Certificate>();
            for (int i = certificates.size() - 1; i > 0; i--) {
                authorities.add(certificates.get(i));
            }
            return authorities;
        }
    }

    X509Certificate leaf() {
        return chain.get(0);
    }

    /** The way to a root, whatever the order in which it was sent. */
    Optional<Path> path() {
        var path = new ArrayList<X509Certificate>();
        X509Certificate current = leaf();
        while (path.size() < MAX_LENGTH) {
            X509Certificate below = current;
            path.add(below);
            Optional<X509Certificate> root =
                    roots.stream().filter(each -> isIssuer(each, below)).findFirst();
            if (root.isPresent()) {
                return Optional.of(new Path(List.copyOf(path), root.get()));
            }
            Optional<X509Certificate> next = Stream.concat(chain.stream(), crosses.stream())
                    .filter(each -> !path.contains(each) && isIssuer(each, below))
                    .findFirst();
            if (next.isEmpty()) {
                return Optional.empty();
            }
            current = next.get();
        }
        return Optional.empty();
    }

    private static boolean isIssuer(X509Certificate issuer, X509Certificate issued) {
        if (!issuer.getSubjectX500Principal().equals(issued.getIssuerX500Principal())) {
            return false;
        }
        try {
            issued.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false; // signed by another of that name
        }
    }
}
