package io.hawser.dist;

import io.hawser.term.Atom;
import io.hawser.term.ListTerm;
import io.hawser.term.Pid;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import org.jspecify.annotations.Nullable;

/**
 * A control message: one signal between two nodes. Trace tokens are read and dropped. Whether a payload term follows
 * is a matter of the kind: {@link Send}, {@link RegSend}, {@link AliasSend} carry the message, {@link SpawnRequest} the
 * argument list, {@link Exit}, {@link Exit2}, {@link AliasExit} and {@link MonitorExit} the reason. Reasons that arrive
 * inside the tuple (the old forms) are handed over as a payload all the same.
 *
 * @see <a href="https://www.erlang.org/doc/apps/erts/erl_dist_protocol.html#protocol-between-connected-nodes">Protocol
 *     between connected nodes</a>
 */
public sealed interface ControlMessage {
    /**
     * Returns who the message says it is from. Only where the kind says so has the reader compared it with the peer.
     *
     * @return a {@link Pid}; an {@link Atom} if a monitor was by name; null where the form names nobody
     */
    @Nullable
    Term from();

    /**
     * Returns whether a payload goes with the message.
     *
     * @return true if it does
     */
    default boolean hasPayload() {
        return false;
    }

    /** {@code LINK}. From is a pid of the peer. */
    record Link(Pid from, Pid to) implements ControlMessage {}

    /** {@code SEND} and {@code SEND_SENDER}; the old form has no sender. Payload: the message. */
    record Send(@Nullable Pid from, Pid to) implements ControlMessage {
        @Override
        public boolean hasPayload() {
            return true;
        }
    }

    /** {@code REG_SEND}. Payload: the message. */
    record RegSend(Pid from, Atom to) implements ControlMessage {
        @Override
        public boolean hasPayload() {
            return true;
        }
    }

    /** {@code ALIAS_SEND}, and {@code ALTACT_SIG_SEND} to an alias. Payload: the message. */
    record AliasSend(Pid from, Reference to) implements ControlMessage {
        @Override
        public boolean hasPayload() {
            return true;
        }
    }

    /** {@code EXIT} and {@code PAYLOAD_EXIT}: a link broke. From is a pid of the peer. Payload: the reason. */
    record Exit(Pid from, Pid to) implements ControlMessage {
        @Override
        public boolean hasPayload() {
            return true;
        }
    }

    /** {@code EXIT2} and {@code PAYLOAD_EXIT2}: {@code exit/2}. Payload: the reason. */
    record Exit2(Pid from, Pid to) implements ControlMessage {
        @Override
        public boolean hasPayload() {
            return true;
        }
    }

    /** {@code UNLINK}, the obsolete form without an id. From is a pid of the peer. */
    record Unlink(Pid from, Pid to) implements ControlMessage {}

    /** {@code UNLINK_ID}. The id is unsigned and not 0. From is a pid of the peer. */
    record UnlinkId(long id, Pid from, Pid to) implements ControlMessage {}

    /** {@code UNLINK_ID_ACK}. From is a pid of the peer. */
    record UnlinkIdAck(long id, Pid from, Pid to) implements ControlMessage {}

    /** {@code GROUP_LEADER}. */
    record GroupLeader(Pid leader, Pid to) implements ControlMessage {
        @Override
        public @Nullable Term from() {
            return null;
        }
    }

    /** {@code MONITOR_P}. From is a pid of the peer, the target a {@link Pid} or an {@link Atom}. */
    record Monitor(Pid from, Term target, Reference ref) implements ControlMessage {}

    /** {@code DEMONITOR_P}. From is a pid of the peer, the target a {@link Pid} or an {@link Atom}. */
    record Demonitor(Pid from, Term target, Reference ref) implements ControlMessage {}

    /**
     * {@code MONITOR_P_EXIT} and {@code PAYLOAD_MONITOR_P_EXIT}. From is a {@link Pid} or an {@link Atom}. Payload: the
     * reason.
     */
    record MonitorExit(Term from, Pid to, Reference ref) implements ControlMessage {
        @Override
        public boolean hasPayload() {
            return true;
        }
    }

    /** {@code SPAWN_REQUEST}. Payload: the argument list. */
    record SpawnRequest(
            Reference requestId, Pid from, Pid groupLeader, Atom module, Atom function, int arity, ListTerm options)
            implements ControlMessage {
        @Override
        public boolean hasPayload() {
            return true;
        }
    }

    /** {@code SPAWN_REPLY}. The result is a {@link Pid}, or an {@link Atom} when the spawn failed. */
    record SpawnReply(Reference requestId, Pid to, int flags, Term result) implements ControlMessage {
        @Override
        public @Nullable Term from() {
            return null;
        }
    }

    /** {@code ALTACT_SIG_SEND} that is an exit signal to an alias. Payload: the reason. */
    record AliasExit(Pid from, Reference to) implements ControlMessage {
        @Override
        public boolean hasPayload() {
            return true;
        }
    }
}
