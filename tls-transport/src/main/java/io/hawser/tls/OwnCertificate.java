package io.hawser.tls;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Checks what this node is about to show: early and in words, where a peer would only send an alert. */
final class OwnCertificate {
    private static final byte[] PROBE = {'p', 'r', 'o', 'b', 'e'};

    /** Lists that have ended, or revoke us, are not a reason to keep older ones. */
    private static final Set<TlsRefusal> TOLD_BY_PEERS =
            EnumSet.of(TlsRefusal.CRL_STALE, TlsRefusal.CERTIFICATE_REVOKED, TlsRefusal.CA_REVOKED);

    private OwnCertificate() {}

    /** Checks the key against the certificate, and that the certificate is valid now. */
    static void check(String where, PrivateKey key, X509Certificate certificate) {
        Instant now = Instant.now();
        Instant ends = certificate.getNotAfter().toInstant();
        Instant begins = certificate.getNotBefore().toInstant();
        if (now.isAfter(ends)) {
            throw new TlsConfigurationException(
                    where + ": our certificate expired at " + ends + ", renew it (certs-tool node renew)");
        }
        if (now.isBefore(begins)) {
            throw new TlsConfigurationException(
                    where + ": our certificate is only valid from " + begins + " on (now: " + now + ")");
        }
        if (!matches(key, certificate)) {
            throw new TlsConfigurationException(where
                    + ": the private key does not match the first certificate (expected: the key it was issued for)");
        }
    }

    /** Checks that a peer with the same binding could accept our certificate. */
    static TlsIdentity checkedForBinding(TlsIdentity identity) {
        CertificateNames names = CertificateNames.of(identity.certificate());
        if (identity.binding() == NameBinding.FULL) {
            Optional<SpiffeName> own = names.spiffeName();
            if (own.isEmpty()) {
                throw new TlsConfigurationException("our certificate is for " + names.describe()
                        + " (expected with binding FULL: one URI spiffe://<trust-domain>/node/<host>/<alive>; for"
                        + " certificates without it use NameBinding.HOST)");
            }
            Optional<String> refusal = names.refusal(own.get().node(), NameBinding.FULL, identity.trustDomain());
            if (refusal.isPresent()) {
                throw new TlsConfigurationException(
                        own.get().node() + ": " + refusal.get().replace("the peer's certificate", "our certificate"));
            }
        }
        return identity;
    }

    /** Checks that there is a path from our certificate to our root, with a revocation list of each CA on it. */
    static void checkPath(String where, TlsIdentity identity) {
        TrustPolicy policy = identity.trust();
        Instant now = Instant.now();
        try {
            PathCheck.Path path = new PathCheck(policy).check(identity.chain(), now);
            if (policy.crls() != null) {
                new RevocationCheck(policy.crls(), policy.crlGrace()).check(path, now);
            }
        } catch (CertificateException e) {
            boolean isReported =
                    TlsRefusal.of(e).filter(TOLD_BY_PEERS::contains).isPresent();
            if (!isReported) {
                throw new TlsConfigurationException(
                        where + ": " + String.valueOf(e.getMessage()).replace("the peer's", "our"), e);
            }
        }
    }

    /**
     * Checks that a new certificate of ours leads to a root that we trust, if the one before it did: files may be cut between
     * two PEM blocks, and what is left of a chain still has a certificate that matches the key.
     */
    static void checkStillLeads(TlsIdentity before, TlsIdentity after) {
        if (before.chain().equals(after.chain()) || path(before).isEmpty()) {
            return; // to distrust a CA must not wait for a certificate of another
        }
        if (path(after).isEmpty()) {
            throw new TlsConfigurationException("our new certificate, for "
                    + CertificateNames.of(after.certificate()).describe() + ", comes with a chain of "
                    + after.chain().size()
                    + " that leads to no root that we trust (expected: that it does, as the one before did)");
        }
    }

    private static Optional<PathCheck.Path> path(TlsIdentity identity) {
        try {
            return Optional.of(new PathCheck(identity.trust()).check(identity.chain(), Instant.now()));
        } catch (CertificateException e) {
            return Optional.empty();
        }
    }

    private static boolean matches(PrivateKey key, X509Certificate certificate) {
        try {
            String algorithm = switch (key.getAlgorithm()) {
                case "EC" -> "SHA256withECDSA";
                case "RSA" -> "SHA256withRSA";
                default -> key.getAlgorithm();
            };
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(PROBE);
            byte[] signature = signer.sign();
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(certificate.getPublicKey());
            verifier.update(PROBE);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
