package io.hawser.certs;

import java.time.Instant;
import java.util.List;

/**
 * How an organisation stands at one moment. Immutable, thread-safe.
 *
 * @param config name, namespace and policy
 * @param at the moment
 * @param authorities the CAs, roots first
 * @param nodes the current certificate of every node
 * @param revokedNodes those of them that are revoked
 * @param partners the partner organisations
 * @param concerns what needs doing, most urgent first; empty when all is well
 */
public record StatusReport(
        OrgConfig config,
        Instant at,
        List<AuthorityRecord> authorities,
        List<NodeCertificate> nodes,
        List<NodeName> revokedNodes,
        List<Partner> partners,
        List<Concern> concerns) {
    /**
     * Copies the lists.
     *
     * @param config name, namespace and policy
     * @param at the moment
     * @param authorities the CAs, roots first
     * @param nodes the current certificate of every node
     * @param revokedNodes those of them that are revoked
     * @param partners the partner organisations
     * @param concerns what needs doing, most urgent first; empty when all is well
     */
    public StatusReport {
        authorities = List.copyOf(authorities);
        nodes = List.copyOf(nodes);
        revokedNodes = List.copyOf(revokedNodes);
        partners = List.copyOf(partners);
        concerns = List.copyOf(concerns);
    }
}
