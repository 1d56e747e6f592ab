package io.hawser.tls;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds the path from a peer's certificate to one of our roots, by the JDK's PKIX. Never uses the network. Remembers the
 * paths that it found, since finding them is most of what a handshake costs, and many peers that come back at once, after
 * a network failed, say, should not cost more than they must.
 *
 * <p>Thread-safe: immutable, but for what is remembered.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5280#section-6">RFC 5280, certification path validation</a>
 */
final class PathCheck {
    /** How long a path may be, the root not counted: certificate, issuing CA, their root, our cross-certificate. */
    private static final int MAX_PATH = 4;
    /** How many certificates a peer may send. */
    private static final int MAX_SENT = 8;
    /** How many paths are remembered, of a few KiB each. */
    private static final int MAX_REMEMBERED = 1024;

    private final TrustPolicy policy;
    private final Set<TrustAnchor> anchors;
    private final List<X509Certificate> crossCertificates;

    /** By what was sent, to the last bit; those used last stay. */
    private final Map<List<X509Certificate>, Path> remembered =
            Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<List<X509Certificate>, Path> eldest) {
                    return size() > MAX_REMEMBERED;
                }
            });

    PathCheck(TrustPolicy policy) {
        this.policy = policy;
        this.anchors = policy.roots().stream()
                .map(root -> new TrustAnchor(root, null))
                .collect(Collectors.toUnmodifiableSet());
        this.crossCertificates = policy.crossCertificates().stream()
                .map(CrossCertificate::certificate)
                .toList();
    }

    /**
     * A path that was found.
     *
     * @param certificates the peer's first, without the root
     * @param root the root of ours that it leads to
     */
    record Path(List<X509Certificate> certificates, X509Certificate root) {
        X509Certificate leaf() {
            return certificates.get(0);
        }

        /** Who issued a certificate of the path. */
        X509Certificate issuer(int index) {
            return index + 1 < certificates.size() ? certificates.get(index + 1) : root;
        }
    }

    /**
     * Checks what a peer sent.
     *
     * @param sent the peer's certificate, then others in any order
     * @param now the time that it must be valid at
     * @throws CertificateException whose message is the sentence that says why not
     */
    Path check(List<X509Certificate> sent, Instant now) throws CertificateException {
        if (sent.isEmpty()) {
            throw TlsRefusal.NO_CERTIFICATE.because("the peer sent no certificate (expected: mutual TLS)");
        }
        if (sent.size() > MAX_SENT) {
            throw TlsRefusal.PATH_TOO_LONG.because(
                    "the peer sent " + sent.size() + " certificates (expected: at most " + MAX_SENT + ")");
        }
        PathDiagnosis.checkValidity("the peer's certificate", sent.get(0), now);
        Path known = remembered.get(sent);
        if (known != null && isValid(known, now)) {
            return known;
        }
        try {
            Path path = build(sent, now);
            if (path.certificates().isEmpty() || path.certificates().size() > MAX_PATH) {
                throw TlsRefusal.PATH_TOO_LONG.because("the peer's certificate has a path of "
                        + path.certificates().size() + " certificates to our root (expected: 1 to " + MAX_PATH + ")");
            }
            if (path.certificates().containsAll(sent)) { // and nothing that a peer may vary at will
                remembered.put(List.copyOf(sent), path);
            }
            return path;
        } catch (GeneralSecurityException e) {
            throw e instanceof CertificateException ours ? ours : new PathDiagnosis(policy, sent, now).notTrusted(e);
        } catch (RuntimeException e) { // malformed extensions make the JDK's path code throw these
            throw TlsRefusal.PATH_INVALID.because("the peer's certificate cannot be checked: " + e, e);
        }
    }

    /**
     * Checks a path that was found before, by this policy or by another: signatures and constraints do not change.
     *
     * @return empty if what it stands on is not trusted any more, and another path must be sought
     * @throws CertificateException if one of its certificates has ended
     */
    Optional<Path> recheck(Path path, Instant now) throws CertificateException {
        boolean stands = policy.roots().contains(path.root())
                && path.certificates().stream().allMatch(at -> !isCross(at, path) || crossCertificates.contains(at));
        if (!stands) {
            return Optional.empty();
        }
        for (int i = 0; i < path.certificates().size(); i++) {
            PathDiagnosis.checkValidity(
                    PathDiagnosis.called(path, i), path.certificates().get(i), now);
        }
        return Optional.of(path);
    }

    private static boolean isValid(Path path, Instant now) {
        return path.certificates().stream()
                .noneMatch(at -> now.isBefore(at.getNotBefore().toInstant())
                        || now.isAfter(at.getNotAfter().toInstant()));
    }

    /** Whether a CA certificate may have been a cross-certificate when the path was found: it is right below the root. */
    private static boolean isCross(X509Certificate certificate, Path path) {
        int last = path.certificates().size() - 1;
        return last > 0
                && path.certificates().get(last).equals(certificate)
                && certificate.getExtensionValue(NameConstraints.OID) != null;
    }

    private Path build(List<X509Certificate> sent, Instant now) throws GeneralSecurityException {
        var target = new X509CertSelector();
        target.setCertificate(sent.get(0));
        var parameters = new PKIXBuilderParameters(anchors, target);
        parameters.setRevocationEnabled(false); // see RevocationCheck
        parameters.setDate(Date.from(now));
        parameters.setMaxPathLength(MAX_PATH - 1); // counts intermediates
        var known = new ArrayList<Object>(sent);
        known.addAll(crossCertificates);
        parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(known)));
        var found =
                (PKIXCertPathBuilderResult) CertPathBuilder.getInstance("PKIX").build(parameters);
        return new Path(
                found.getCertPath().getCertificates().stream()
                        .map(X509Certificate.class::cast)
                        .toList(),
                found.getTrustAnchor().getTrustedCert());
    }
}
