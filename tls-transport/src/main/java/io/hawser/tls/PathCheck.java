package io.hawser.tls;

import io.hawser.term.Printable;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertPath;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * Finds the path from a peer's certificate to one of our roots, by the JDK's PKIX, and checks revocation along it. Never
 * uses the network. Thread-safe: immutable.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5280#section-6">RFC 5280, certification path validation</a>
 */
final class PathCheck {
    /** How long a path may be, the root not counted: certificate, issuing CA, their root, our cross-certificate. */
    private static final int MAX_PATH = 4;
    /** How many certificates a peer may send. */
    private static final int MAX_SENT = 8;

    private final Set<TrustAnchor> anchors;
    private final List<X509Certificate> crossCertificates;
    private final @Nullable List<X509CRL> crls;

    PathCheck(TlsIdentity identity) {
        this.anchors = identity.roots().stream()
                .map(root -> new TrustAnchor(root, null))
                .collect(Collectors.toUnmodifiableSet());
        this.crossCertificates = identity.crossCertificates();
        this.crls = identity.crls();
    }

    /** A path that was found, the peer's certificate first, without the root. */
    record Path(List<X509Certificate> certificates, boolean viaCrossCertificate) {}

    /**
     * Checks what a peer sent.
     *
     * @param sent the peer's certificate, then others in any order
     * @throws CertificateException whose message is the sentence that says why not
     */
    Path check(X509Certificate[] sent) throws CertificateException {
        if (sent.length == 0) {
            throw CertificateRefusal.UNSPECIFIED.because("the peer sent no certificate (expected: mutual TLS)");
        }
        if (sent.length > MAX_SENT) {
            throw CertificateRefusal.CHAIN_TOO_LONG.because(
                    "the peer sent " + sent.length + " certificates (expected: at most " + MAX_SENT + ")");
        }
        checkValidity(sent[0]);
        try {
            CertPath path = build(sent);
            List<X509Certificate> certificates = path.getCertificates().stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            if (certificates.isEmpty() || certificates.size() > MAX_PATH) {
                throw CertificateRefusal.CHAIN_TOO_LONG.because("the peer's certificate has a path of "
                        + certificates.size() + " certificates to our root (expected: 1 to " + MAX_PATH + ")");
            }
            if (crls != null) {
                checkRevocation(path, certificates, crls);
            }
            return new Path(certificates, certificates.stream().anyMatch(crossCertificates::contains));
        } catch (GeneralSecurityException e) {
            throw e instanceof CertificateException ours ? ours : notTrusted(sent, e);
        } catch (RuntimeException e) { // malformed extensions make the JDK's path code throw these
            throw CertificateRefusal.UNSPECIFIED.because("the peer's certificate cannot be checked: " + e, e);
        }
    }

    private static void checkValidity(X509Certificate leaf) throws CertificateException {
        Instant now = Instant.now();
        Instant ends = leaf.getNotAfter().toInstant();
        Instant begins = leaf.getNotBefore().toInstant();
        if (now.isAfter(ends)) {
            throw CertificateRefusal.EXPIRED.because("the peer's certificate expired at " + ends);
        }
        if (now.isBefore(begins)) {
            throw CertificateRefusal.NOT_YET_VALID.because(
                    "the peer's certificate is only valid from " + begins + " on (now: " + now + ")");
        }
    }

    private CertPath build(X509Certificate[] sent) throws GeneralSecurityException {
        var target = new X509CertSelector();
        target.setCertificate(sent[0]);
        var parameters = new PKIXBuilderParameters(anchors, target);
        parameters.setRevocationEnabled(false); // checked afterwards, for a better message
        parameters.setMaxPathLength(MAX_PATH - 1); // counts intermediates
        var known = new ArrayList<Object>(Arrays.asList(sent));
        known.addAll(crossCertificates);
        parameters.addCertStore(store(known));
        return CertPathBuilder.getInstance("PKIX").build(parameters).getCertPath();
    }

    private void checkRevocation(CertPath path, List<X509Certificate> certificates, List<X509CRL> lists)
            throws GeneralSecurityException {
        CertPathValidator validator = CertPathValidator.getInstance("PKIX");
        var checker = (PKIXRevocationChecker) validator.getRevocationChecker();
        checker.setOptions(
                EnumSet.of(PKIXRevocationChecker.Option.PREFER_CRLS, PKIXRevocationChecker.Option.NO_FALLBACK));
        var parameters = new PKIXParameters(anchors);
        parameters.addCertPathChecker(checker);
        var known = new ArrayList<Object>(lists);
        known.addAll(certificates);
        parameters.addCertStore(store(known));
        try {
            validator.validate(path, parameters);
        } catch (CertPathValidatorException e) {
            int index = Math.max(0, e.getIndex());
            String which = index == 0
                    ? "the peer's certificate"
                    : "the CA " + name(certificates.get(index).getSubjectX500Principal());
            if (e.getReason() == BasicReason.REVOKED) {
                throw CertificateRefusal.REVOKED.because(which + " is revoked", e);
            }
            throw CertificateRefusal.NO_CRL.because(
                    "no valid revocation list says whether " + which + " is revoked (expected: a CRL of "
                            + name(certificates.get(index).getIssuerX500Principal()) + " that has not expired)",
                    e);
        }
    }

    private static CertStore store(List<Object> entries)
            throws InvalidAlgorithmParameterException, NoSuchAlgorithmException {
        return CertStore.getInstance("Collection", new CollectionCertStoreParameters(entries));
    }

    private CertificateException notTrusted(X509Certificate[] sent, GeneralSecurityException failure) {
        Optional<X500Principal> stranger = unknownIssuer(sent);
        if (stranger.isPresent()) {
            String expected = anchors.stream()
                    .map(anchor -> name(anchor.getTrustedCert().getSubjectX500Principal()))
                    .sorted()
                    .collect(Collectors.joining(" or "));
            return CertificateRefusal.UNKNOWN_ISSUER.because(
                    "the peer's certificate is not issued by a CA we trust (found issuer " + name(stranger.get())
                            + ", expected: " + expected + ")",
                    failure);
        }
        return CertificateRefusal.UNKNOWN_ISSUER.because(
                "the peer's certificate has no valid path to a CA we trust: " + Printable.of(rootMessage(failure)),
                failure);
    }

    /** The issuer that neither the peer sent nor we know, going up from the peer's certificate. */
    private Optional<X500Principal> unknownIssuer(X509Certificate[] sent) {
        var known = new ArrayList<X509Certificate>(Arrays.asList(sent));
        known.addAll(crossCertificates);
        var seen = new HashSet<X500Principal>();
        X509Certificate at = sent[0];
        while (seen.add(at.getSubjectX500Principal())) {
            X500Principal issuer = at.getIssuerX500Principal();
            if (anchors.stream()
                    .anyMatch(anchor ->
                            anchor.getTrustedCert().getSubjectX500Principal().equals(issuer))) {
                return Optional.empty();
            }
            Optional<X509Certificate> next = known.stream()
                    .filter(candidate -> candidate.getSubjectX500Principal().equals(issuer))
                    .findFirst();
            if (next.isEmpty()) {
                return Optional.of(issuer);
            }
            at = next.get();
        }
        return Optional.of(at.getIssuerX500Principal());
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    private static String name(X500Principal principal) {
        return Printable.of(principal.getName());
    }
}
