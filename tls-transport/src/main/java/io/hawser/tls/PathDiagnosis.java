package io.hawser.tls;

import io.hawser.term.Printable;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.security.auth.x500.X500Principal;

/**
 * Says why the JDK found no path: it only says that there is none. Goes up from the peer's certificate by names alone, so
 * what it finds explains a refusal and never makes one. Not thread-safe; used by one caller at a time.
 */
final class PathDiagnosis {
    private final TrustPolicy policy;
    private final List<X509Certificate> sent;
    private final Instant now;

    PathDiagnosis(TrustPolicy policy, List<X509Certificate> sent, Instant now) {
        this.policy = policy;
        this.sent = sent;
        this.now = now;
    }

    /** Checks that a certificate has begun and not ended. */
    static void checkValidity(String called, X509Certificate certificate, Instant now) throws CertificateException {
        Instant ends = certificate.getNotAfter().toInstant();
        Instant begins = certificate.getNotBefore().toInstant();
        if (now.isAfter(ends)) {
            throw TlsRefusal.CERTIFICATE_EXPIRED.because(called + " expired at " + ends);
        }
        if (now.isBefore(begins)) {
            throw TlsRefusal.CERTIFICATE_NOT_YET_VALID.because(
                    called + " is only valid from " + begins + " on (now: " + now + ")");
        }
    }

    /** What messages call a certificate of a path. */
    static String called(PathCheck.Path path, int index) {
        return index == 0
                ? "the peer's certificate"
                : "the CA " + name(path.certificates().get(index).getSubjectX500Principal());
    }

    static String name(X500Principal principal) {
        return Printable.of(principal.getName());
    }

    CertificateException notTrusted(GeneralSecurityException failure) {
        var known = new ArrayList<X509Certificate>(sent);
        policy.crossCertificates().forEach(cross -> known.add(cross.certificate()));
        var seen = new HashSet<X500Principal>();
        X509Certificate at = sent.get(0);
        while (seen.add(at.getSubjectX500Principal())) {
            Optional<CertificateException> fault = fault(at);
            if (fault.isPresent()) {
                return fault.get();
            }
            X500Principal issuer = at.getIssuerX500Principal();
            Optional<X509Certificate> root = policy.roots().stream()
                    .filter(candidate -> candidate.getSubjectX500Principal().equals(issuer))
                    .findFirst();
            if (root.isPresent()) {
                return policy.namespace(root.get())
                        .filter(namespace -> seen.size() > 1)
                        .flatMap(this::outside)
                        .orElseGet(() -> invalid(failure));
            }
            Optional<X509Certificate> next = known.stream()
                    .filter(candidate -> candidate.getSubjectX500Principal().equals(issuer))
                    .findFirst();
            if (next.isEmpty()) {
                return unknownIssuer(issuer, failure);
            }
            at = next.get();
        }
        return unknownIssuer(at.getIssuerX500Principal(), failure);
    }

    private Optional<CertificateException> fault(X509Certificate at) {
        try {
            if (!at.equals(sent.get(0))) {
                checkValidity("the CA " + name(at.getSubjectX500Principal()), at, now);
            }
        } catch (CertificateException e) {
            return Optional.of(e);
        }
        return policy.crossCertificates().stream()
                .filter(cross -> cross.certificate().getSubjectX500Principal().equals(at.getSubjectX500Principal()))
                .findFirst()
                .flatMap(cross -> outside(cross.namespace()));
    }

    private Optional<CertificateException> outside(Namespace namespace) {
        return namespace.refusal(CertificateNames.of(sent.get(0))).map(TlsRefusal.OUTSIDE_NAMESPACE::because);
    }

    private CertificateException unknownIssuer(X500Principal issuer, GeneralSecurityException failure) {
        String expected = policy.roots().stream()
                .map(root -> name(root.getSubjectX500Principal()))
                .sorted()
                .collect(Collectors.joining(" or "));
        return TlsRefusal.UNTRUSTED_ROOT.because(
                "the peer's certificate is not issued by a CA we trust (found issuer " + name(issuer) + ", expected: "
                        + expected + ")",
                failure);
    }

    private static CertificateException invalid(GeneralSecurityException failure) {
        return TlsRefusal.PATH_INVALID.because(
                "the peer's certificate has no valid path to a CA we trust: " + Printable.of(rootMessage(failure)),
                failure);
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }
}
