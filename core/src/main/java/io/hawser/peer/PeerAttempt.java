package io.hawser.peer;

import io.hawser.term.NodeName;

/**
 * A node that is wanted and not connected. Immutable.
 *
 * @param node the node
 * @param connecting whether a connection to it is being made at this moment; if not, it is not its turn, or
 *     it failed and is not tried yet
 */
public record PeerAttempt(NodeName node, boolean connecting) {}
