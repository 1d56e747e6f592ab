package io.hawser.certs;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which nodes should have certificates.
 *
 * @param nodes their names
 * @param life how long from now, or null for what the policy says
 * @param newGeneration whether a node that has a certificate with another lifetime gets a further one
 * @param reuseKey whether a further certificate is made for the key the node has
 * @param sharedHost whether several nodes may have one host, although Erlang nodes cannot tell them apart
 * @param reinstate whether a node whose certificate is revoked gets another
 */
public record IssueRequest(
        List<NodeName> nodes,
        @Nullable Duration life,
        boolean newGeneration,
        boolean reuseKey,
        boolean sharedHost,
        boolean reinstate) {
    /**
     * Copies the names.
     *
     * @param nodes their names
     * @param life how long from now, or null for what the policy says
     * @param newGeneration whether a node that has a certificate with another lifetime gets a further one
     * @param reuseKey whether a further certificate is made for the key the node has
     * @param sharedHost whether several nodes may have one host, although Erlang nodes cannot tell them apart
     * @param reinstate whether a node whose certificate is revoked gets another
     */
    public IssueRequest {
        nodes = List.copyOf(nodes);
    }

    /**
     * The plain wish: these nodes, the policy's lifetime.
     *
     * @param nodes their names
     * @return the request
     */
    public static IssueRequest of(NodeName... nodes) {
        return new IssueRequest(List.of(nodes), null, false, false, false, false);
    }
}
