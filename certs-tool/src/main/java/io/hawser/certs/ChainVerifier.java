package io.hawser.certs;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.stream.Collectors;

/** Has the JDK judge what Bouncy Castle issued, as the nodes will. */
final class ChainVerifier {
    private ChainVerifier() {}

    /**
     * Validates a path to a root.
     *
     * @param chain leaf first, without the root
     * @param crls when not empty, every certificate of the path is looked up
     */
    static void verify(
            List<X509Certificate> chain, X509Certificate root, Collection<X509CRL> crls, Instant at, Object subject) {
        verify(chain, List.of(root), crls, at, subject);
    }

    /**
     * Validates a path to one of several roots.
     *
     * @param chain leaf first, without the root
     * @param crls when not empty, every certificate of the path is looked up
     */
    static void verify(
            List<X509Certificate> chain,
            List<X509Certificate> roots,
            Collection<X509CRL> crls,
            Instant at,
            Object subject) {
        try {
            var parameters = new PKIXParameters(
                    roots.stream().map(root -> new TrustAnchor(root, null)).collect(Collectors.toSet()));
            parameters.setDate(Date.from(at));
            parameters.setRevocationEnabled(!crls.isEmpty());
            parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(crls)));
            CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(chain), parameters);
        } catch (CertPathValidatorException e) {
            if (e.getCause() instanceof CertificateNotYetValidException && e.getIndex() >= 0) {
                throw tooEarly(chain.get(e.getIndex()), at, subject, e);
            }
            throw new CertsException(
                            ErrorCode.VERIFICATION_FAILED, subject + ": the chain is not valid: " + reason(e), e)
                    .about(subject);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no PKIX validation", e);
        } catch (RuntimeException e) {
            // what the JDK throws for name constraints that have nothing in common, among others
            throw new CertsException(
                            ErrorCode.VERIFICATION_FAILED,
                            subject + ": the chain is not valid: the JDK cannot make sense of it (" + e.getMessage()
                                    + ")",
                            e)
                    .about(subject);
        }
    }

    private static CertsException tooEarly(
            X509Certificate certificate, Instant at, Object subject, CertPathValidatorException cause) {
        return new CertsException(
                        ErrorCode.VERIFICATION_FAILED,
                        subject + ": the chain is not valid: "
                                + Names.printable(
                                        certificate.getSubjectX500Principal().getName())
                                + " begins at " + certificate.getNotBefore().toInstant() + ", and now it is " + at,
                        cause)
                .hint("Set the clock of the machine that is behind")
                .about(subject);
    }

    private static String reason(CertPathValidatorException e) {
        String message = e.getMessage();
        return (message == null ? e.getReason().toString() : Names.printable(message)) + " (certificate "
                + (e.getIndex() + 1) + " from the leaf)";
    }
}
