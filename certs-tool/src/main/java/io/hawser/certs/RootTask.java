package io.hawser.certs;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * The part of a request that says what a root shall sign. What it holds comes from another machine, so {@link #objection}
 * is asked before anything else. Immutable.
 */
sealed interface RootTask permits AuthorityTask, CrlTask, CrossTask {
    /** What the request's file says of it, beside what all requests have. */
    Map<String, Object> describe();

    /** Why no root should sign it: a field and a reason; empty when one may. */
    Optional<String> objection(RootRequest request, Instant now);

    /** What is asked for, for a person to compare with what that person knows. */
    Map<String, String> fields(RootRequest request, Instant now);

    /** What a person compares on both machines; empty when there is no one thing. */
    String fingerprint();

    /** Signs it. */
    byte[] sign(RootRequest request, CertificateAuthority root);

    /**
     * Whether a root did so already.
     *
     * @throws GeneralSecurityException if it is something else
     */
    boolean isAnsweredBy(RootRequest request, byte[] signed, String where) throws GeneralSecurityException;

    /** An objection. */
    static Optional<String> because(String field, String why) {
        return Optional.of(field + " (" + why + ")");
    }

    static boolean isSignedBy(X509Certificate certificate, X509Certificate signer) {
        try {
            certificate.verify(signer.getPublicKey());
            return certificate.getIssuerX500Principal().equals(signer.getSubjectX500Principal());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Whether it is a root: signed by its own key, so that nobody made it up around a key that is a root's. */
    static boolean isRoot(X509Certificate root, Instant now) {
        return root.getBasicConstraints() >= 1
                && isSignedBy(root, root)
                && now.isBefore(root.getNotAfter().toInstant());
    }
}
