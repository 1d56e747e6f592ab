package io.hawser.tls;

import io.hawser.term.NodeName;
import io.hawser.term.Printable;
import java.util.Locale;
import java.util.Optional;

/**
 * Which nodes a CA may name: those whose host is the domain or below it, in one trust domain. Immutable.
 *
 * @param owner whose nodes these are, for messages
 * @param domain a DNS name, in lower case
 * @param trustDomain the trust domain in the nodes' URIs
 */
record Namespace(String owner, String domain, String trustDomain) {
    Namespace {
        domain = domain.toLowerCase(Locale.ROOT);
    }

    /** Why a certificate with these names is none of this namespace; empty if it is. */
    Optional<String> refusal(CertificateNames names) {
        for (String host : names.dns()) {
            if (!isWithin(host, domain)) {
                return Optional.of(outside(names, "DNS " + host, "below " + domain));
            }
        }
        Optional<SpiffeName> whole = names.spiffeName();
        if (whole.isEmpty()) {
            return Optional.empty(); // what must be there is up to the binding
        }
        if (!whole.get().trustDomain().equals(trustDomain)) {
            return Optional.of(outside(names, "trust domain " + whole.get().trustDomain(), trustDomain));
        }
        NodeName node = whole.get().node();
        return isWithin(node.host(), domain)
                ? Optional.empty()
                : Optional.of(outside(names, "host " + node.host(), "below " + domain));
    }

    private String outside(CertificateNames names, String found, String expected) {
        return "the peer's certificate names " + names.describe() + ", which the CA of " + owner + " may not (found: "
                + Printable.of(found) + ", expected: " + expected + ")";
    }

    /** Whether some name could be in both. */
    boolean overlaps(Namespace other) {
        return trustDomain.equals(other.trustDomain)
                || isWithin(domain, other.domain)
                || isWithin(other.domain, domain);
    }

    private static boolean isWithin(String host, String domain) {
        String lower = host.toLowerCase(Locale.ROOT);
        return lower.equals(domain) || lower.endsWith("." + domain);
    }
}
