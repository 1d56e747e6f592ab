package io.hawser.certs;

/**
 * What an organisation may name: hosts in one DNS domain, identities in one trust domain. Immutable, thread-safe.
 *
 * @param domain the DNS domain; the domain itself and every host below it belong to the organisation
 * @param trustDomain the authority of the node URIs
 */
public record Namespace(String domain, String trustDomain) {
    /**
     * Checks both names.
     *
     * @param domain the DNS domain; the domain itself and every host below it belong to the organisation
     * @param trustDomain the authority of the node URIs
     * @throws CertsException if one is not a host name in lower case
     */
    public Namespace {
        Names.host(domain, domain);
        Names.host(trustDomain, trustDomain);
    }

    /**
     * Tells whether a host lies in the domain.
     *
     * @param host a host name in lower case
     * @return true for the domain and all below it
     */
    public boolean contains(String host) {
        return host.equals(domain) || host.endsWith("." + domain);
    }

    /**
     * The URI that identifies a node.
     *
     * @param node a node of this namespace
     * @return {@code spiffe://trust-domain/node/host/name}
     * @throws CertsException if the host lies outside the domain ({@code NAME_OUTSIDE_NAMESPACE})
     */
    public String uri(NodeName node) {
        if (!contains(node.host())) {
            throw new CertsException(
                            ErrorCode.NAME_OUTSIDE_NAMESPACE,
                            node + ": the host is not in the domain " + domain
                                    + ", and the issuing CA is fenced to that domain")
                    .hint("Use a host such as " + node.alive() + "." + domain
                            + ", or issue it in the organisation that owns the host")
                    .about(node);
        }
        return "spiffe://" + trustDomain + "/node/" + node.host() + "/" + node.alive();
    }

    /** Whether some name could belong to both. */
    boolean overlaps(Namespace other) {
        return contains(other.domain) || other.contains(domain) || trustDomain.equals(other.trustDomain);
    }
}
