package io.hawser.certs;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Decides whether a bundle is what its organisation signed. Everything hangs on the fingerprint of a root that a person
 * confirmed: the JDK validates the signer's path to that root, revocation included, and the signer's signature covers the
 * rest.
 */
final class BundleVerifier {
    private final TrustBundle bundle;
    private final String where;
    private final Instant now;

    BundleVerifier(TrustBundle bundle, String where, Instant now) {
        this.bundle = bundle;
        this.where = where;
        this.now = now;
    }

    /** The form in which fingerprints are compared: people copy them with colons and in capitals. */
    static String normal(String fingerprint) {
        String text = fingerprint.strip();
        String digits = text.regionMatches(true, 0, "SHA256:", 0, 7) ? text.substring(7) : text;
        return "SHA256:" + digits.replace(":", "").toLowerCase(Locale.ROOT);
    }

    /** @param pinned fingerprints of roots that were confirmed */
    void verify(Set<String> pinned) {
        verify(pinned, List.of());
    }

    /**
     * The same, of an organisation that is known. Every root must be confirmed, or signed as the next one by one that is: the
     * bundle's signature vouches for none, since an issuing CA made it, and those who steal its key must not become a root.
     *
     * @param pinned fingerprints of roots that were confirmed
     * @param known roots of earlier bundles
     */
    void verify(Set<String> pinned, List<X509Certificate> known) {
        List<X509Certificate> confirmed = confirmed(pinned, known);
        if (confirmed.isEmpty()) {
            throw new CertsException(
                            ErrorCode.FINGERPRINT_MISMATCH,
                            where + ": no root has the confirmed fingerprint; the bundle's are "
                                    + String.join(
                                            ", ",
                                            bundle.roots().stream()
                                                    .map(Fingerprints::of)
                                                    .toList()))
                    .hint("Compare with the partner over another channel, such as the telephone; if they differ,"
                            + " somebody is in between")
                    .about(where);
        }
        bundle.roots().stream().filter(root -> !confirmed.contains(root)).forEach(this::refuseStranger);
        bundle.roots().forEach(this::checkRoot);
        if (confirmed.stream().noneMatch(this::isSignedBelow)) {
            throw TrustBundle.invalid(where, "is not signed by a CA below the confirmed root");
        }
        bundle.issuing().forEach(this::checkIssuing);
        bundle.crls().forEach(this::checkCrl);
    }

    /** The roots of the bundle that are pinned, and those to which links lead from one that is. */
    private List<X509Certificate> confirmed(Set<String> pinned, List<X509Certificate> known) {
        var signers = Stream.concat(known.stream(), bundle.roots().stream())
                .filter(root -> pinned.contains(Fingerprints.of(root)))
                .collect(Collectors.toCollection(ArrayList::new));
        var others = new ArrayList<>(bundle.roots());
        others.removeAll(signers);
        while (true) {
            List<X509Certificate> linked =
                    others.stream().filter(root -> isLinked(root, signers)).toList();
            if (linked.isEmpty()) {
                return bundle.roots().stream().filter(signers::contains).toList();
            }
            signers.addAll(linked);
            others.removeAll(linked);
        }
    }

    private void refuseStranger(X509Certificate root) {
        throw new CertsException(
                        ErrorCode.TRUST_UNCONFIRMED,
                        where + ": the root "
                                + Names.printable(root.getSubjectX500Principal().getName()) + " "
                                + Fingerprints.of(root) + " is not confirmed, and no confirmed one signed it")
                .hint("Ask the partner over another channel whether it is theirs. If so, its next bundle may carry the"
                        + " older root's signature, or 'certs-tool trust import' confirms it by --fingerprint; if not,"
                        + " the key of the partner's issuing CA is stolen")
                .about(where);
    }

    private boolean isLinked(X509Certificate root, List<X509Certificate> older) {
        for (X509Certificate link : bundle.links()) {
            for (X509Certificate signer : older) {
                if (link.getSubjectX500Principal().equals(root.getSubjectX500Principal())
                        && link.getPublicKey().equals(root.getPublicKey())
                        && isForRoot(link)
                        && isBelow(link, signer)
                        && isValid(link, signer)) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * Whether a root made it for the next one. The same roots sign issuing CAs, which leave no room for a CA below them,
     * and roots of other organisations, behind other fences: neither is a root of this one.
     */
    private boolean isForRoot(X509Certificate link) {
        return link.getBasicConstraints() == 1
                && link.getKeyUsage() != null
                && link.getKeyUsage()[5]
                && CertificateAuthority.isFencedTo(link, bundle.namespace());
    }

    private boolean isValid(X509Certificate link, X509Certificate signer) {
        try {
            ChainVerifier.verify(List.of(link), signer, List.of(), now, where);
            return true;
        } catch (CertsException e) {
            return false; // it has ended, or is none of a CA
        }
    }

    private void checkRoot(X509Certificate root) {
        String name = Names.printable(root.getSubjectX500Principal().getName());
        if (!root.getSubjectX500Principal().equals(root.getIssuerX500Principal())
                || root.getBasicConstraints() < 1
                || !isSignedBy(root, root.getPublicKey())) {
            throw TrustBundle.invalid(where, name + " is not a root");
        }
        if (!isStrong(root.getPublicKey())) {
            throw TrustBundle.invalid(
                    where, name + " has a weak key (expected: EC P-256, P-384 or RSA with at least 3072 bits)");
        }
        if (now.isAfter(root.getNotAfter().toInstant())) {
            throw TrustBundle.invalid(
                    where, name + " ended at " + root.getNotAfter().toInstant());
        }
    }

    private boolean isSignedBelow(X509Certificate root) {
        for (X509Certificate issuing : bundle.issuing()) {
            if (bundle.isSignedBy(issuing) && isBelow(issuing, root)) {
                ChainVerifier.verify(List.of(issuing), root, List.of(), now, where);
                checkRevocation(issuing, root);
                return true;
            }
        }
        return false;
    }

    private void checkRevocation(X509Certificate issuing, X509Certificate root) {
        try {
            ChainVerifier.verify(List.of(issuing), root, bundle.crls(), now, where);
        } catch (CertsException e) {
            throw new CertsException(ErrorCode.BUNDLE_INVALID, e.message(), e)
                    .hint("If a CRL has run out, ask the partner for a new bundle")
                    .about(where);
        }
    }

    private void checkIssuing(X509Certificate issuing) {
        String name = Names.printable(issuing.getSubjectX500Principal().getName());
        var roots = new ArrayList<>(bundle.roots());
        roots.removeIf(root -> !isBelow(issuing, root));
        if (roots.isEmpty()) {
            throw TrustBundle.invalid(where, name + " is not below a root of the bundle");
        }
        var expected = List.of(
                "DNS:" + bundle.namespace().domain(),
                "URI:" + bundle.namespace().trustDomain());
        if (!Descriptions.permitted(issuing).equals(expected)) {
            throw TrustBundle.invalid(
                    where,
                    name + " is fenced to " + Descriptions.permitted(issuing) + " (expected: exactly " + expected
                            + ", or Erlang refuses the partner's nodes)");
        }
    }

    private void checkCrl(X509CRL crl) {
        boolean known = Stream.concat(bundle.roots().stream(), bundle.issuing().stream())
                .anyMatch(
                        ca -> ca.getSubjectX500Principal().equals(crl.getIssuerX500Principal()) && isSignedBy(crl, ca));
        if (!known) {
            throw TrustBundle.invalid(
                    where,
                    "the CRL of " + Names.printable(crl.getIssuerX500Principal().getName())
                            + " is not signed by a CA of the bundle");
        }
    }

    private static boolean isBelow(X509Certificate certificate, X509Certificate issuer) {
        return certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())
                && isSignedBy(certificate, issuer.getPublicKey());
    }

    private static boolean isSignedBy(X509Certificate certificate, PublicKey key) {
        try {
            certificate.verify(key);
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static boolean isSignedBy(X509CRL crl, X509Certificate issuer) {
        try {
            crl.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static boolean isStrong(PublicKey key) {
        if (key instanceof ECPublicKey ec) {
            int bits = ec.getParams().getCurve().getField().getFieldSize();
            return bits == 256 || bits == 384;
        }
        return key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() >= 3072;
    }
}
