package io.hawser.certs;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which nodes should have fresh certificates.
 *
 * @param nodes their names, or none for all nodes there are
 * @param within renews what ends within this time, or null for what the policy calls due
 * @param life how long from now, or null for as long as the certificate before was meant to last
 * @param reuseKey whether the node keeps its key; those whose key never was here keep it anyway
 */
public record RenewRequest(
        List<NodeName> nodes,
        @Nullable Duration within,
        @Nullable Duration life,
        boolean reuseKey) {
    /**
     * Copies the names.
     *
     * @param nodes their names, or none for all nodes there are
     * @param within renews what ends within this time, or null for what the policy calls due
     * @param life how long from now, or null for as long as the certificate before was meant to last
     * @param reuseKey whether the node keeps its key; those whose key never was here keep it anyway
     */
    public RenewRequest {
        nodes = List.copyOf(nodes);
    }

    /**
     * All nodes that the policy calls due.
     *
     * @return the request
     */
    public static RenewRequest due() {
        return new RenewRequest(List.of(), null, null, false);
    }
}
