package io.hawser.node;

import io.hawser.term.NodeName;
import java.util.List;

/**
 * All there is to see of a node, at the moment it was asked for. Immutable.
 *
 * @param node its name
 * @param creation which incarnation of the name it is
 * @param hidden whether it is a hidden node
 * @param stats what it counts
 * @param connections its connections
 * @param absent nodes it is connecting to, or could not reach
 */
public record NodeSnapshot(
        NodeName node,
        long creation,
        boolean hidden,
        NodeStats stats,
        List<ConnectionInfo> connections,
        List<AbsentPeer> absent) {
    /**
     * Copies the lists.
     *
     * @param node its name
     * @param creation which incarnation of the name it is
     * @param hidden whether it is a hidden node
     * @param stats what it counts
     * @param connections its connections; copied
     * @param absent nodes it is connecting to, or could not reach; copied
     */
    public NodeSnapshot {
        connections = List.copyOf(connections);
        absent = List.copyOf(absent);
    }
}
