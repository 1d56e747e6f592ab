package io.hawser.tls;

import io.hawser.term.Printable;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A partner's root key, signed by our root, for the partner's names only. It lies with us; what a peer sends of that kind
 * lets nobody in. Immutable.
 *
 * @param certificate the certificate
 * @param namespace what it permits
 */
record CrossCertificate(X509Certificate certificate, Namespace namespace) {
    /**
     * Checks one.
     *
     * @param where for messages
     * @param roots ours
     */
    static CrossCertificate of(String where, X509Certificate certificate, List<X509Certificate> roots) {
        String at = where + ": the cross-certificate of "
                + Printable.of(certificate.getSubjectX500Principal().getName());
        if (certificate.getBasicConstraints() < 0) {
            throw new TlsConfigurationException(at + " is none of a CA (expected: a partner's root, signed by ours)");
        }
        NameConstraints names = constraints(at, certificate);
        if (names.dns().size() != 1 || names.uris().size() != 1) {
            throw new TlsConfigurationException(at + " permits " + names.dns().size() + " DNS names and "
                    + names.uris().size() + " URI hosts (expected: critical name constraints with one of each)");
        }
        if (roots.stream().noneMatch(root -> isSignedBy(certificate, root))) {
            throw new TlsConfigurationException(
                    at + " is not signed by a root of ours (expected: one in the trust store)");
        }
        String subject = Printable.of(certificate.getSubjectX500Principal().getName());
        return new CrossCertificate(
                certificate,
                new Namespace(subject, names.dns().get(0), names.uris().get(0)));
    }

    private static NameConstraints constraints(String at, X509Certificate certificate) {
        try {
            return NameConstraints.of(certificate);
        } catch (IllegalArgumentException e) {
            throw new TlsConfigurationException(at + " has malformed name constraints: " + e.getMessage(), e);
        }
    }

    private static boolean isSignedBy(X509Certificate certificate, X509Certificate root) {
        if (!certificate.getIssuerX500Principal().equals(root.getSubjectX500Principal())) {
            return false;
        }
        try {
            certificate.verify(root.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
