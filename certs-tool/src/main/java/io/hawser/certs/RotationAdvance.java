package io.hawser.certs;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How the nodes are asked that a rotation waits for.
 *
 * @param addresses where nodes are, instead of the EPMD of their host; port 0 asks the EPMD of that address
 * @param epmdPort where an EPMD listens
 * @param timeout for one attempt, from asking EPMD to the node's answer
 * @param patience how long nodes that do not do yet as they should are asked again
 * @param deadNodes nodes that are down for good; what is said once holds for the whole rotation
 * @param offlineRoot where the root's key is, when it is not in the store, or null
 * @param seen told of each node as it answers
 */
public record RotationAdvance(
        Map<NodeName, InetSocketAddress> addresses,
        int epmdPort,
        Duration timeout,
        Duration patience,
        List<NodeName> deadNodes,
        @Nullable Path offlineRoot,
        Consumer<Proof> seen) {
    /**
     * Copies the collections.
     *
     * @param addresses where nodes are, instead of the EPMD of their host; port 0 asks the EPMD of that address
     * @param epmdPort where an EPMD listens
     * @param timeout for one attempt, from asking EPMD to the node's answer
     * @param patience how long nodes that do not do yet as they should are asked again
     * @param deadNodes nodes that are down for good; what is said once holds for the whole rotation
     * @param offlineRoot where the root's key is, when it is not in the store, or null
     * @param seen told of each node as it answers
     */
    public RotationAdvance {
        addresses = Map.copyOf(addresses);
        deadNodes = List.copyOf(deadNodes);
    }
}
