package io.hawser.certs;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which nodes are dialled, as whom.
 *
 * @param from the node as whom, or null for any other whose key is in the store
 * @param to the nodes that are dialled; empty for all on the roster
 * @param negative whether forbidden ways in are tried too
 * @param addresses where nodes are, instead of the EPMD of their host; port 0 asks the EPMD of that address
 * @param epmdPort where an EPMD listens
 * @param timeout for one attempt, from asking EPMD to the node's answer
 */
public record ProveRequest(
        @Nullable NodeName from,
        List<NodeName> to,
        boolean negative,
        Map<NodeName, InetSocketAddress> addresses,
        int epmdPort,
        Duration timeout) {
    /** The port of EPMD unless told otherwise. */
    public static final int EPMD_PORT = 4369;

    /**
     * Copies the collections.
     *
     * @param from the node as whom, or null for any other whose key is in the store
     * @param to the nodes that are dialled; empty for all on the roster
     * @param negative whether forbidden ways in are tried too
     * @param addresses where nodes are, instead of the EPMD of their host; port 0 asks the EPMD of that address
     * @param epmdPort where an EPMD listens
     * @param timeout for one attempt, from asking EPMD to the node's answer
     */
    public ProveRequest {
        to = List.copyOf(to);
        addresses = Map.copyOf(addresses);
    }
}
