package io.hawser.dist;

import io.hawser.term.Atom;
import io.hawser.term.ListTerm;
import io.hawser.term.Pid;
import io.hawser.term.Reference;
import io.hawser.term.Term;

/**
 * A control message: one signal between two nodes. Trace tokens are read and dropped. Whether a payload term follows
 * is a matter of the kind: {@link Send}, {@link RegSend}, {@link AliasSend} carry the message, {@link SpawnRequest} the
 * argument list, {@link Exit}, {@link Exit2} and {@link MonitorExit} the reason. Reasons that arrive inside the tuple
 * (the old forms) are handed over as a payload all the same.
 *
 * @see <a href="https://www.erlang.org/doc/apps/erts/erl_dist_protocol.html#protocol-between-connected-nodes">Protocol
 *     between connected nodes</a>
 */
public sealed interface ControlMessage {
    /** {@code LINK}. */
    record Link(Pid from, Pid to) implements ControlMessage {}

    /** {@code SEND} and {@code SEND_SENDER}; the old form has no sender. Payload: the message. */
    record Send(@org.jspecify.annotations.Nullable Pid from, Pid to) implements ControlMessage {}

    /** {@code REG_SEND}. Payload: the message. */
    record RegSend(Pid from, Atom to) implements ControlMessage {}

    /** {@code ALIAS_SEND}, and {@code ALTACT_SIG_SEND} to an alias. Payload: the message. */
    record AliasSend(Pid from, Reference to) implements ControlMessage {}

    /** {@code EXIT} and {@code PAYLOAD_EXIT}: a link broke. Payload: the reason. */
    record Exit(Pid from, Pid to) implements ControlMessage {}

    /** {@code EXIT2} and {@code PAYLOAD_EXIT2}: {@code exit/2}. Payload: the reason. */
    record Exit2(Pid from, Pid to) implements ControlMessage {}

    /** {@code UNLINK}, the obsolete form without an id. */
    record Unlink(Pid from, Pid to) implements ControlMessage {}

    /** {@code UNLINK_ID}. The id is unsigned and not 0. */
    record UnlinkId(long id, Pid from, Pid to) implements ControlMessage {}

    /** {@code UNLINK_ID_ACK}. */
    record UnlinkIdAck(long id, Pid from, Pid to) implements ControlMessage {}

    /** {@code GROUP_LEADER}. */
    record GroupLeader(Pid leader, Pid to) implements ControlMessage {}

    /** {@code MONITOR_P}. The target is a {@link Pid} or an {@link Atom}. */
    record Monitor(Pid from, Term target, Reference ref) implements ControlMessage {}

    /** {@code DEMONITOR_P}. The target is a {@link Pid} or an {@link Atom}. */
    record Demonitor(Pid from, Term target, Reference ref) implements ControlMessage {}

    /**
     * {@code MONITOR_P_EXIT} and {@code PAYLOAD_MONITOR_P_EXIT}. From is a {@link Pid} or an {@link Atom}. Payload: the
     * reason.
     */
    record MonitorExit(Term from, Pid to, Reference ref) implements ControlMessage {}

    /** {@code SPAWN_REQUEST}. Payload: the argument list. */
    record SpawnRequest(
            Reference requestId, Pid from, Pid groupLeader, Atom module, Atom function, int arity, ListTerm options)
            implements ControlMessage {}

    /** {@code SPAWN_REPLY}. The result is a {@link Pid}, or an {@link Atom} when the spawn failed. */
    record SpawnReply(Reference requestId, Pid to, int flags, Term result) implements ControlMessage {}

    /** {@code ALTACT_SIG_SEND} that is an exit signal to an alias. Payload: the reason. */
    record AliasExit(Pid from, Reference to) implements ControlMessage {}
}
