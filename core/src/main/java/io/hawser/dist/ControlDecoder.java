package io.hawser.dist;

import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.IntegerTerm;
import io.hawser.term.ListTerm;
import io.hawser.term.Pid;
import io.hawser.term.Port;
import io.hawser.term.Printable;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * Reads control tuples, all forms at any time: during set-up OTP sends old forms on connections that negotiated new
 * ones. Immutable; thread-safe.
 */
final class ControlDecoder {
    private final Atom self;
    private final Atom peer;

    /**
     * @param self our node name: what is no message concerns our own processes only
     * @param peer the peer's node name: the pids it may speak for carry it
     */
    ControlDecoder(Atom self, Atom peer) {
        this.self = self;
        this.peer = peer;
    }

    /**
     * A control tuple that was read.
     *
     * @param message the control message
     * @param reason the payload of the old forms, which was inside the tuple
     */
    record Control(ControlMessage message, @Nullable Term reason) {
        /** Returns whether the payload is still to come. */
        boolean payloadFollows() {
            return reason == null && message.hasPayload();
        }
    }

    /** @throws ProtocolException if the term is not a control message */
    Control decode(Term term) {
        if (!(term instanceof Tuple tuple)) {
            throw new ProtocolException("control message: " + kind(term) + " (expected: a tuple)");
        }
        int op = operation(tuple);
        int arity = Op.arity(op);
        if (tuple.arity() != arity && (op != Op.ALTACT_SIG_SEND || tuple.arity() < arity)) {
            throw new ProtocolException(Op.name(op) + ": " + tuple.arity() + " elements (expected: " + arity + ")");
        }
        var fields = new Fields(op, tuple);
        return new Control(fields.message(), Op.hasReasonInside(op) ? fields.element(arity) : null);
    }

    private static int operation(Tuple tuple) {
        if (tuple.arity() == 0 || !(tuple.element(0) instanceof Int op)) {
            throw new ProtocolException(
                    "control message: a tuple of " + tuple.arity() + " elements (expected: an operation as the first)");
        }
        if (op.value() < 0 || op.value() > Op.ALTACT_SIG_SEND || Op.arity((int) op.value()) == 0) {
            throw new ProtocolException("control message: operation " + op.value() + " is unknown");
        }
        return (int) op.value();
    }

    private static String kind(Term term) {
        return "found " + term.getClass().getSimpleName();
    }

    /** The elements of one tuple, counted from 1 as Erlang does. */
    private final class Fields {
        private final int op;
        private final Tuple tuple;

        Fields(int op, Tuple tuple) {
            this.op = op;
            this.tuple = tuple;
        }

        ControlMessage message() {
            return switch (op) {
                case Op.LINK -> new ControlMessage.Link(peerPid(2), ownPid(3));
                case Op.SEND, Op.SEND_TT -> new ControlMessage.Send(null, pid(3));
                case Op.SEND_SENDER, Op.SEND_SENDER_TT -> new ControlMessage.Send(sender(2), pid(3));
                case Op.REG_SEND, Op.REG_SEND_TT -> new ControlMessage.RegSend(pid(2), atom(4));
                case Op.ALIAS_SEND, Op.ALIAS_SEND_TT -> new ControlMessage.AliasSend(pid(2), reference(3));
                case Op.EXIT, Op.EXIT_TT, Op.PAYLOAD_EXIT, Op.PAYLOAD_EXIT_TT ->
                    new ControlMessage.Exit(peerPid(2), ownPid(3));
                case Op.EXIT2, Op.EXIT2_TT, Op.PAYLOAD_EXIT2, Op.PAYLOAD_EXIT2_TT ->
                    new ControlMessage.Exit2(pid(2), ownPid(3));
                case Op.UNLINK -> new ControlMessage.Unlink(peerPid(2), ownPid(3));
                case Op.UNLINK_ID -> new ControlMessage.UnlinkId(unlinkId(2), peerPid(3), ownPid(4));
                case Op.UNLINK_ID_ACK -> new ControlMessage.UnlinkIdAck(unlinkId(2), peerPid(3), ownPid(4));
                case Op.GROUP_LEADER -> new ControlMessage.GroupLeader(pid(2), pid(3));
                case Op.MONITOR_P -> new ControlMessage.Monitor(peerPid(2), ownPidOrName(3), reference(4));
                case Op.DEMONITOR_P -> new ControlMessage.Demonitor(peerPid(2), ownPidOrName(3), reference(4));
                case Op.MONITOR_P_EXIT, Op.PAYLOAD_MONITOR_P_EXIT ->
                    new ControlMessage.MonitorExit(pidOrName(2), ownPid(3), reference(4));
                case Op.SPAWN_REQUEST, Op.SPAWN_REQUEST_TT -> spawnRequest();
                case Op.SPAWN_REPLY, Op.SPAWN_REPLY_TT ->
                    new ControlMessage.SpawnReply(reference(2), pid(3), integer(4), pidOrName(5));
                case Op.ALTACT_SIG_SEND -> altact();
                default -> throw new IllegalStateException("operation without a form: " + op);
            };
        }

        Term element(int position) {
            return tuple.element(position - 1);
        }

        // {29, ReqId, From, GroupLeader, {Module, Function, Arity}, Options}
        private ControlMessage spawnRequest() {
            if (!(element(5) instanceof Tuple function)
                    || function.arity() != 3
                    || !(function.element(0) instanceof Atom module)
                    || !(function.element(1) instanceof Atom name)
                    || !(function.element(2) instanceof Int arity)
                    || arity.value() < 0
                    || arity.value() > Integer.MAX_VALUE) {
                throw unexpected(5, "module, function and arity");
            }
            if (!(element(6) instanceof ListTerm options)) {
                throw unexpected(6, "a list");
            }
            return new ControlMessage.SpawnRequest(
                    reference(2), pid(3), pid(4), module, name, (int) arity.value(), options);
        }

        // {37, Flags, From, To}, and a token if TOKEN is set; further elements are for later versions
        private ControlMessage altact() {
            if (!(element(2) instanceof IntegerTerm flags)
                    || flags.bigIntegerValue().signum() < 0) {
                throw unexpected(2, "flags");
            }
            int bits = flags.bigIntegerValue().intValue();
            boolean exit = (bits & AltactFlag.EXIT) != 0;
            if ((bits & AltactFlag.TOKEN) != 0 && tuple.arity() < 5) {
                throw new ProtocolException(Op.name(op) + ": 4 elements (expected: a token as the fifth)");
            }
            return switch (bits & (AltactFlag.ALIAS | AltactFlag.NAME)) {
                case 0 ->
                    exit ? new ControlMessage.Exit2(pid(3), ownPid(4)) : new ControlMessage.Send(sender(3), pid(4));
                case AltactFlag.ALIAS ->
                    exit
                            ? new ControlMessage.AliasExit(pid(3), reference(4))
                            : new ControlMessage.AliasSend(pid(3), reference(4));
                case AltactFlag.NAME -> {
                    if (exit) {
                        throw new ProtocolException(
                                Op.name(op) + ": exit signal to a name (expected: to a pid or alias)");
                    }
                    yield new ControlMessage.RegSend(pid(3), atom(4));
                }
                default ->
                    throw new ProtocolException(Op.name(op) + ": to an alias and a name (expected: one of them)");
            };
        }

        private Pid pid(int position) {
            if (element(position) instanceof Pid pid) {
                return pid;
            }
            throw unexpected(position, "a pid");
        }

        /** Returns a pid that the peer may speak for. */
        private Pid peerPid(int position) {
            return pidOf(peer, "from", position);
        }

        /** Returns a pid of ours, of whatever incarnation. */
        private Pid ownPid(int position) {
            return pidOf(self, "to", position);
        }

        private Pid pidOf(Atom node, String direction, int position) {
            Pid pid = pid(position);
            if (!pid.node().equals(node)) {
                throw new ProtocolException(Op.name(op) + ": " + direction + " a process of "
                        + Printable.of(pid.node().text()) + " (expected: of " + Printable.of(node.text()) + ")");
            }
            return pid;
        }

        private Term ownPidOrName(int position) {
            Term term = pidOrName(position);
            return term instanceof Atom ? term : ownPid(position);
        }

        /** Returns who sent a message; ports may too, and stand for nobody here. */
        private @Nullable Pid sender(int position) {
            return element(position) instanceof Port ? null : pid(position);
        }

        private Atom atom(int position) {
            if (element(position) instanceof Atom atom) {
                return atom;
            }
            throw unexpected(position, "an atom");
        }

        private Reference reference(int position) {
            if (element(position) instanceof Reference reference) {
                return reference;
            }
            throw unexpected(position, "a reference");
        }

        private Term pidOrName(int position) {
            Term term = element(position);
            if (term instanceof Pid || term instanceof Atom) {
                return term;
            }
            throw unexpected(position, "a pid or an atom");
        }

        private int integer(int position) {
            if (element(position) instanceof Int integer && integer.value() == (int) integer.value()) {
                return (int) integer.value();
            }
            throw unexpected(position, "an integer of 32 bits");
        }

        private long unlinkId(int position) {
            if (element(position) instanceof IntegerTerm id) {
                BigInteger value = id.bigIntegerValue();
                if (value.signum() > 0 && value.bitLength() <= Long.SIZE) {
                    return value.longValue();
                }
            }
            throw unexpected(position, "an id of 64 bits, not 0");
        }

        private ProtocolException unexpected(int position, String expected) {
            return new ProtocolException(Op.name(op) + ": element " + position + ", " + kind(element(position))
                    + " (expected: " + expected + ")");
        }
    }
}
