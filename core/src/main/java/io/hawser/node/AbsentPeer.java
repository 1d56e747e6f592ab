package io.hawser.node;

import io.hawser.term.NodeName;
import java.time.Duration;
import java.util.Optional;

/**
 * A node that is not connected, though this one tried. Immutable.
 *
 * @param node the node
 * @param stage how it stands with it now
 * @param lastFailure why it could not be reached last; empty if that never failed, or was forgotten: the last
 *     {@value Absences#MAX} nodes that failed are remembered, each until it is connected
 */
public record AbsentPeer(NodeName node, Stage stage, Optional<Failure> lastFailure) {
    /** How it stands with a node that is not connected. */
    public enum Stage {
        /** A connection is being made. */
        CONNECTING,
        /**
         * Not long ago that failed, or the node was introduced by another and it is not its turn: for a moment it is not
         * tried, whatever is sent to it.
         */
        WAITING,
        /** It is tried again when something is sent to the node. */
        IDLE
    }

    /**
     * Why a node could not be reached.
     *
     * @param reason one line of printable text
     * @param age how long ago that was
     * @param count how often in a row it could not be reached
     */
    public record Failure(String reason, Duration age, long count) {}
}
