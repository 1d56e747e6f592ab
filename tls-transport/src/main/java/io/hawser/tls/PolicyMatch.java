package io.hawser.tls;

import io.hawser.term.Printable;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/**
 * Binds the roots and cross-certificates that are at hand to what {@code policy.json} says of them. Both must speak of the
 * same: a root that nothing is said of could name anybody. Immutable.
 *
 * @param file for messages
 */
record PolicyMatch(Path file, PolicyFile policy) {
    void apply(TrustPolicy.Parts parts, List<X509Certificate> roots, List<CrossCertificate> crossCertificates) {
        var own = new HashMap<X509Certificate, Namespace>();
        for (X509Certificate root : roots) {
            own.put(root, anchor(root, PolicyFile.Kind.OWN).namespace());
        }
        var partners = new ArrayList<CrossCertificate>();
        for (CrossCertificate cross : crossCertificates) {
            partners.add(new CrossCertificate(cross.certificate(), partner(cross)));
        }
        checkApart(List.copyOf(own.values()), partners);
        for (PolicyFile.Anchor anchor : policy.anchors()) {
            boolean there = roots.stream().anyMatch(root -> isOf(anchor, root))
                    || partners.stream().anyMatch(cross -> isOf(anchor, cross.certificate()));
            if (!there) {
                throw unfit(
                        "the anchor of " + anchor.namespace().owner() + " is not at hand",
                        "its certificate " + anchor.fingerprint() + " in the trust store or the cross-certificates");
            }
        }
        parts.namespaces = own;
        parts.crossCertificates = partners;
        parts.roster = policy.roster();
        parts.denied = policy.denied();
        parts.maxNodeLife = policy.maxNodeLife();
        parts.crlGrace = policy.crlGrace();
    }

    private Namespace partner(CrossCertificate cross) {
        Namespace said = anchor(cross.certificate(), PolicyFile.Kind.PARTNER).namespace();
        Namespace permitted = cross.namespace();
        if (!said.domain().equals(permitted.domain()) || !said.trustDomain().equals(permitted.trustDomain())) {
            throw unfit(
                    "the partner " + said.owner() + " may name " + shown(said),
                    "what its cross-certificate permits, " + shown(permitted));
        }
        return said;
    }

    /** A partner's CA can never name our nodes, nor another partner's. */
    private void checkApart(List<Namespace> own, List<CrossCertificate> partners) {
        for (int i = 0; i < partners.size(); i++) {
            Namespace partner = partners.get(i).namespace();
            for (Namespace ours : own) {
                if (partner.overlaps(ours)) {
                    throw unfit("the partner " + partner.owner() + " may name " + shown(partner), "nothing of ours");
                }
            }
            for (CrossCertificate other : partners.subList(0, i)) {
                boolean same = other.namespace().owner().equals(partner.owner()); // its old root and its new one
                if (!same && partner.overlaps(other.namespace())) {
                    throw unfit(
                            "the partner " + partner.owner() + " may name " + shown(partner),
                            "nothing of " + other.namespace().owner());
                }
            }
        }
    }

    private PolicyFile.Anchor anchor(X509Certificate certificate, PolicyFile.Kind kind) {
        PolicyFile.Anchor found = policy.anchor(fingerprint(certificate))
                .orElseThrow(() -> unfit(
                        "nothing is said of "
                                + Printable.of(
                                        certificate.getSubjectX500Principal().getName()),
                        "an anchor with the fingerprint " + fingerprint(certificate)));
        if (found.kind() != kind) {
            throw unfit("the anchor of " + found.namespace().owner() + " has the wrong kind", kind.toString());
        }
        return found;
    }

    private static boolean isOf(PolicyFile.Anchor anchor, X509Certificate certificate) {
        return anchor.fingerprint().equals(fingerprint(certificate));
    }

    private static String fingerprint(X509Certificate certificate) {
        try {
            return "SHA256:" + DenyList.sha256(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate without DER", e);
        }
    }

    private static String shown(Namespace namespace) {
        return Printable.of(namespace.domain()) + " in " + Printable.of(namespace.trustDomain());
    }

    private TlsConfigurationException unfit(String found, String expected) {
        return new TlsConfigurationException(file + ": " + found + " (expected: " + expected + ")");
    }
}
