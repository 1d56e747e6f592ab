package io.hawser.certs;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/**
 * The verdict of OTP 25, OTP 27 and OpenSSL by rules, which were measured on them: what they refuse, and what they do not
 * notice. Thread-safe (immutable).
 */
final class RuntimeRules {
    private static final int DIGITAL_SIGNATURE = 0;
    private static final int CERT_SIGN = 5;
    private static final String POLICIES = "2.5.29.32";
    private static final String CONSTRAINTS = "2.5.29.30";
    private static final Set<String> KNOWN_CRITICAL =
            Set.of("2.5.29.19", "2.5.29.15", "2.5.29.37", CONSTRAINTS, "2.5.29.17", POLICIES);

    private final Judge judge;
    private final Presented presented;
    private final Optional<LiveOtp> live;

    /** @param live says about path and names what OTP does; by rules when empty */
    RuntimeRules(Judge judge, Presented presented, Optional<LiveOtp> live) {
        this.judge = judge;
        this.presented = presented;
        this.live = live;
    }

    private boolean isOtp() {
        return judge != Judge.OPENSSL;
    }

    Optional<Refusal> refusal(Role role) {
        Optional<Presented.Path> path = presented.path();
        if (path.isEmpty()) {
            return Optional.of(
                    Refusal.of("no way from the certificate to a trusted root: a CA is missing, or foreign"));
        }
        Stream<Supplier<Optional<Refusal>>> byPathAndNames = live.isPresent()
                ? Stream.of(() -> live.get().refusal(presented, path.get(), role))
                : Stream.of(
                        () -> times(path.get()),
                        () -> authorities(path.get()),
                        () -> extensions(path.get()).map(Refusal::of),
                        () -> constraints(path.get()).map(Refusal::of),
                        () -> role == Role.LISTENER ? host().map(Refusal::of) : Optional.empty());
        Stream<Supplier<Optional<Refusal>>> byUse = Stream.of(
                () -> key(presented.leaf().getPublicKey()).map(Refusal::of),
                () -> uses(presented.leaf(), role).map(Refusal::of),
                () -> revocation(path.get()));
        return Stream.concat(byPathAndNames, byUse)
                .map(Supplier::get)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private Optional<Refusal> times(Presented.Path path) {
        for (X509Certificate certificate : path.certificates()) {
            if (presented.at().isAfter(certificate.getNotAfter().toInstant())) {
                return Optional.of(new Refusal(
                        Refusal.Kind.EXPIRED,
                        name(certificate) + " ended at "
                                + certificate.getNotAfter().toInstant()));
            }
            if (presented.at().isBefore(certificate.getNotBefore().toInstant())) {
                return Optional.of(Refusal.of(name(certificate) + " begins at "
                        + certificate.getNotBefore().toInstant()));
            }
        }
        return Optional.empty();
    }

    private Optional<Refusal> authorities(Presented.Path path) {
        List<X509Certificate> all = path.certificates();
        for (int i = 1; i < all.size(); i++) {
            X509Certificate authority = all.get(i);
            boolean[] usage = authority.getKeyUsage();
            if (authority.getBasicConstraints() < 0 || (usage != null && !usage[CERT_SIGN])) {
                return Optional.of(Refusal.of(name(authority) + " is no CA, and issued another"));
            }
            if (below(all, i) > authority.getBasicConstraints()) {
                return Optional.of(Refusal.of(name(authority) + " has too many CAs below it for its path length"));
            }
        }
        // OpenSSL counts what the root allows, the others do not
        if (!isOtp() && below(all, all.size()) > path.root().getBasicConstraints()) {
            return Optional.of(
                    Refusal.of("the root has too many CAs below it for its path length, which OpenSSL counts"));
        }
        return Optional.empty();
    }

    private static long below(List<X509Certificate> all, int index) {
        return all.subList(1, Math.max(1, index)).stream()
                .filter(each -> !each.getSubjectX500Principal().equals(each.getIssuerX500Principal()))
                .count();
    }

    private Optional<String> extensions(Presented.Path path) {
        for (X509Certificate certificate : path.certificates()) {
            Set<String> critical = certificate.getCriticalExtensionOIDs();
            for (String oid : critical == null ? Set.<String>of() : critical) {
                if (!KNOWN_CRITICAL.contains(oid)) {
                    return Optional.of(
                            name(certificate) + " has the critical extension " + oid + ", which is not known");
                }
                if (judge == Judge.OTP25 && oid.equals(POLICIES)) {
                    return Optional.of(name(certificate) + " has critical policies, which OTP 25 refuses");
                }
            }
            if (!isOtp() && certificate.getExtensionValue("2.5.29.35") == null) {
                return Optional.of(name(certificate) + " has no authority key identifier, which -x509_strict wants");
            }
            if (!isOtp()
                    && certificate.getBasicConstraints() >= 0
                    && certificate.getExtensionValue("2.5.29.14") == null) {
                return Optional.of(
                        name(certificate) + " has no subject key identifier, which -x509_strict wants of a CA");
            }
        }
        return Optional.empty();
    }

    private Optional<String> constraints(Presented.Path path) {
        if (isOtp()) {
            var constraints = new OtpConstraints(judge == Judge.OTP25);
            path.authoritiesDown().forEach(constraints::add);
            return constraints.refusal(presented.leaf());
        }
        return OpensslConstraints.refusal(
                Stream.concat(Stream.of(path.root()), path.authoritiesDown().stream())
                        .toList(),
                presented.leaf());
    }

    private Optional<String> key(PublicKey key) {
        if (!isOtp()) {
            return Optional.empty();
        }
        String algorithm = key.getAlgorithm().toUpperCase(Locale.ROOT);
        boolean curve = !algorithm.startsWith("EC")
                || Set.of("P-256", "P-384", "P-521")
                        .contains(Csr.curve(SubjectPublicKeyInfo.getInstance(key.getEncoded())));
        boolean works = (key instanceof RSAPublicKey && algorithm.equals("RSA"))
                || algorithm.startsWith("ED")
                || (algorithm.startsWith("EC") && curve);
        return works
                ? Optional.empty()
                : Optional.of("a key of this kind (" + Names.printable(algorithm) + ") fails or crashes");
    }

    private Optional<String> uses(X509Certificate leaf, Role role) {
        boolean[] usage = leaf.getKeyUsage();
        if (judge != Judge.OTP25 && usage != null && !usage[DIGITAL_SIGNATURE]) {
            return Optional.of("the key usage does not hold digitalSignature");
        }
        try {
            List<String> purposes = leaf.getExtendedKeyUsage();
            if (purposes != null && !purposes.contains(role.purpose())) {
                return Optional.of("the extended key usage does not hold " + Descriptions.purpose(role.purpose()));
            }
        } catch (CertificateParsingException e) {
            return Optional.of("the extended key usage cannot be read");
        }
        return Optional.empty();
    }

    private Optional<String> host() {
        List<String> names = Identities.dnsNames(presented.leaf());
        String host = presented.host().toLowerCase(Locale.ROOT);
        if (names.stream().anyMatch(name -> name.equalsIgnoreCase(host) || (!isOtp() && wildcard(name, host)))) {
            return Optional.empty();
        }
        boolean fallsBack = judge == Judge.OTP25 ? !Identities.hasNames(presented.leaf()) : !isOtp() && names.isEmpty();
        if (fallsBack
                && Identities.commonName(presented.leaf())
                        .filter(host::equalsIgnoreCase)
                        .isPresent()) {
            return Optional.empty();
        }
        String has = names.isEmpty() ? "no DNS name" : "the DNS names " + Names.printable(String.join(", ", names));
        return Optional.of("it has " + has + ", and " + Names.printable(host) + " is dialled");
    }

    private static boolean wildcard(String name, String host) {
        int dot = host.indexOf('.');
        return name.startsWith("*.") && dot > 0 && host.substring(dot).equalsIgnoreCase(name.substring(1));
    }

    /** OTP is told to look at the leaf only ({@code crl_check peer}), the others look at the whole path. */
    private Optional<Refusal> revocation(Presented.Path path) {
        if (presented.crls().isEmpty()) {
            return Optional.empty();
        }
        for (X509Certificate certificate : isOtp() ? path.certificates().subList(0, 1) : path.certificates()) {
            int index = path.certificates().indexOf(certificate) + 1;
            X509Certificate issuer =
                    index < path.certificates().size() ? path.certificates().get(index) : path.root();
            Optional<X509CRL> crl =
                    presented.crls().stream().filter(each -> isBy(each, issuer)).findFirst();
            if (crl.isEmpty()) {
                return Optional.of(new Refusal(Refusal.Kind.CRL, "there is no CRL of " + name(issuer)));
            }
            if (crl.get().getNextUpdate() != null
                    && presented.at().isAfter(crl.get().getNextUpdate().toInstant())) {
                return Optional.of(new Refusal(
                        Refusal.Kind.CRL,
                        "the CRL of " + name(issuer) + " ended at "
                                + crl.get().getNextUpdate().toInstant()));
            }
            if (crl.get().isRevoked(certificate)) {
                return Optional.of(new Refusal(Refusal.Kind.REVOKED, name(certificate) + " is revoked"));
            }
        }
        return Optional.empty();
    }

    private static boolean isBy(X509CRL crl, X509Certificate issuer) {
        if (!crl.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
            return false;
        }
        try {
            crl.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static String name(X509Certificate certificate) {
        return Names.printable(certificate.getSubjectX500Principal().getName());
    }
}
