package io.hawser.handshake;

import io.hawser.term.NodeName;

/**
 * Decides between a connection and others to the same peer. The peer table implements it; each method is called at most
 * once in a handshake.
 */
public interface ConnectionArbiter {
    /** The status an acceptor answers. */
    enum Verdict {
        /** {@code ok}: no other connection. */
        OK,
        /** {@code ok_simultaneous}: our own attempt is given up for this one. */
        OK_SIMULTANEOUS,
        /** {@code nok}: our own attempt goes on, this connection is closed. */
        NOK,
        /** {@code not_allowed}: this peer is not wanted; the connection is closed. */
        NOT_ALLOWED,
        /** {@code alive}: a connection to this peer is up; the peer says whether it is stale. */
        ALIVE
    }

    /**
     * Says what becomes of a connection that was accepted. Called when the peer's name is known and its certificate may
     * carry it.
     *
     * @param peer the name the peer claims
     * @param flags the flags it announces
     * @return the status to answer
     */
    Verdict onClaim(NodeName peer, long flags);

    /**
     * Says whether a connection that was dialled is still the one wanted, after the peer answered {@code alive}.
     *
     * @return true if it is and the old one is stale
     */
    boolean isStillWanted();

    /**
     * Settles two connections that are set up at the same time, one from each side: the one dialled by the node with the
     * greater name goes on. Names compare as atoms do, character by character.
     *
     * @param self the node that accepts, and is dialling itself
     * @param peer the node that dials it
     * @return {@link Verdict#NOK} if {@code self} is greater, otherwise {@link Verdict#OK_SIMULTANEOUS}
     * @see <a href="https://www.erlang.org/doc/apps/erts/erl_dist_protocol.html#distribution-handshake">Distribution
     *     handshake, receive status</a>
     */
    static Verdict simultaneous(NodeName self, NodeName peer) {
        // names are ASCII, so that the order of chars is that of code points
        return self.toString().compareTo(peer.toString()) > 0 ? Verdict.NOK : Verdict.OK_SIMULTANEOUS;
    }
}
