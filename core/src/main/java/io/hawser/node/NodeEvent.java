package io.hawser.node;

import io.hawser.term.Atom;
import io.hawser.term.NodeName;
import io.hawser.transport.RefusalCode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What becomes of a node's connections, as {@link Node#watch} tells it. Immutable; text of peers is printable. */
public sealed interface NodeEvent {
    /**
     * A node was connected.
     *
     * @param connection the connection
     */
    record NodeUp(ConnectionInfo connection) implements NodeEvent {}

    /**
     * The connection to a node is gone. All that came on it was delivered before.
     *
     * @param connection the connection, as it was in the end
     * @param reason why, in the words of {@link Message.NodeDown#reason()}
     * @param detail why, in one line
     */
    record NodeDown(ConnectionInfo connection, Atom reason, String detail) implements NodeEvent {}

    /**
     * A connected node has been silent for longer than is to be expected. Told once for each silence; the connection
     * stays, until bytes come ({@link Trusted}) or it ends ({@link NodeDown}).
     *
     * @param node the node
     * @param phi how sure it is that the node is gone, see {@link ConnectionInfo.Liveness#phi()}
     * @param silence for how long nothing came
     */
    record Suspected(NodeName node, double phi, Duration silence) implements NodeEvent {}

    /**
     * Bytes came from a node that was suspected.
     *
     * @param node the node
     * @param silence for how long nothing had come
     */
    record Trusted(NodeName node, Duration silence) implements NodeEvent {}

    /**
     * A node could not be reached.
     *
     * @param node the node
     * @param reason why, in one line
     */
    record Unreachable(NodeName node, String reason) implements NodeEvent {}

    /**
     * A connection that somebody made to this node was refused. At most ten a second are told.
     *
     * @param remote who was at the other end, as far as is known
     * @param reason why, in one line
     * @param code the stable name of the reason, if it has one
     * @param leftOut how many were refused since the last one told, and not told
     */
    record Refused(String remote, String reason, Optional<RefusalCode> code, long leftOut) implements NodeEvent {}

    /**
     * What this node shows to its peers, or whom it trusts, was replaced: it holds from now on.
     *
     * @param ownExpires when this node's own certificate ends
     */
    record CredentialsChanged(Instant ownExpires) implements NodeEvent {}

    /**
     * Events were dropped here, because too many waited for this listener.
     *
     * @param count how many
     */
    record Missed(long count) implements NodeEvent {}
}
