package io.hawser.dist;

import io.hawser.handshake.DistFlag;
import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.IntegerTerm;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Makes control tuples, in the newest form that the negotiated flags allow. Immutable; thread-safe. */
final class ControlEncoder {
    private static final int UNSIGNED_SHIFT = 32;

    private final boolean sendSender;
    private final boolean exitPayload;
    private final boolean altact;

    /** @param flags the negotiated flags */
    ControlEncoder(long flags) {
        sendSender = DistFlag.DFLAG_SEND_SENDER.in(flags);
        exitPayload = DistFlag.DFLAG_EXIT_PAYLOAD.in(flags);
        altact = DistFlag.DFLAG_ALTACT_SIG.in(flags);
    }

    /** Returns whether the payload follows the tuple. When not, {@link #encode} puts it inside. */
    boolean payloadFollows(ControlMessage message) {
        if (message instanceof ControlMessage.Exit
                || message instanceof ControlMessage.Exit2
                || message instanceof ControlMessage.MonitorExit) {
            return exitPayload;
        }
        return message.hasPayload();
    }

    /**
     * Makes the tuple.
     *
     * @param payload used if it belongs inside
     * @throws IllegalArgumentException if there is no form for the message that the peer understands
     */
    Tuple encode(ControlMessage message, @Nullable Term payload) {
        // ordered by how often they are sent; a switch over types needs Java 21
        if (message instanceof ControlMessage.Send m) {
            return m.from() != null && sendSender
                    ? tuple(Op.SEND_SENDER, m.from(), m.to())
                    : tuple(Op.SEND, Atom.EMPTY, m.to());
        } else if (message instanceof ControlMessage.RegSend m) {
            return tuple(Op.REG_SEND, m.from(), Atom.EMPTY, m.to());
        } else if (message instanceof ControlMessage.AliasSend m) {
            return altact
                    ? tuple(Op.ALTACT_SIG_SEND, Int.of(AltactFlag.ALIAS), m.from(), m.to())
                    : tuple(Op.ALIAS_SEND, m.from(), m.to());
        } else if (message instanceof ControlMessage.Monitor m) {
            return tuple(Op.MONITOR_P, m.from(), m.target(), m.ref());
        } else if (message instanceof ControlMessage.Demonitor m) {
            return tuple(Op.DEMONITOR_P, m.from(), m.target(), m.ref());
        } else if (message instanceof ControlMessage.MonitorExit m) {
            return exitPayload
                    ? tuple(Op.PAYLOAD_MONITOR_P_EXIT, m.from(), m.to(), m.ref())
                    : tuple(Op.MONITOR_P_EXIT, m.from(), m.to(), m.ref(), present(payload));
        } else if (message instanceof ControlMessage.Link m) {
            return tuple(Op.LINK, m.from(), m.to());
        } else if (message instanceof ControlMessage.UnlinkId m) {
            return tuple(Op.UNLINK_ID, unsigned(m.id()), m.from(), m.to());
        } else if (message instanceof ControlMessage.UnlinkIdAck m) {
            return tuple(Op.UNLINK_ID_ACK, unsigned(m.id()), m.from(), m.to());
        } else if (message instanceof ControlMessage.Exit m) {
            return exitPayload
                    ? tuple(Op.PAYLOAD_EXIT, m.from(), m.to())
                    : tuple(Op.EXIT, m.from(), m.to(), present(payload));
        } else if (message instanceof ControlMessage.Exit2 m) {
            return exitPayload
                    ? tuple(Op.PAYLOAD_EXIT2, m.from(), m.to())
                    : tuple(Op.EXIT2, m.from(), m.to(), present(payload));
        } else if (message instanceof ControlMessage.AliasExit m) {
            return aliasExit(m);
        } else if (message instanceof ControlMessage.SpawnRequest m) {
            Tuple function = Tuple.of(m.module(), m.function(), Int.of(m.arity()));
            return tuple(Op.SPAWN_REQUEST, m.requestId(), m.from(), m.groupLeader(), function, m.options());
        } else if (message instanceof ControlMessage.SpawnReply m) {
            return tuple(Op.SPAWN_REPLY, m.requestId(), m.to(), Int.of(m.flags()), m.result());
        } else if (message instanceof ControlMessage.GroupLeader m) {
            return tuple(Op.GROUP_LEADER, m.leader(), m.to());
        } else {
            var m = (ControlMessage.Unlink) message;
            return tuple(Op.UNLINK, m.from(), m.to());
        }
    }

    private Tuple aliasExit(ControlMessage.AliasExit message) {
        if (!altact) {
            throw new IllegalArgumentException("exit to an alias: the peer does not know ALTACT_SIG_SEND");
        }
        Int flags = Int.of(AltactFlag.ALIAS | AltactFlag.EXIT);
        return tuple(Op.ALTACT_SIG_SEND, flags, message.from(), message.to());
    }

    private static Term present(@Nullable Term payload) {
        if (payload == null) {
            throw new IllegalArgumentException("payload: none (expected: the reason)");
        }
        return payload;
    }

    private static IntegerTerm unsigned(long id) {
        return id >= 0
                ? Int.of(id)
                : IntegerTerm.of(BigInteger.valueOf(id >>> UNSIGNED_SHIFT)
                        .shiftLeft(UNSIGNED_SHIFT)
                        .or(BigInteger.valueOf(id & 0xFFFF_FFFFL)));
    }

    private static Tuple tuple(int op, Term second, Term third) {
        return Tuple.of(Int.of(op), second, third);
    }

    private static Tuple tuple(int op, Term second, Term third, Term fourth) {
        return Tuple.of(Int.of(op), second, third, fourth);
    }

    private static Tuple tuple(int op, Term second, Term third, Term fourth, Term fifth) {
        return Tuple.of(Int.of(op), second, third, fourth, fifth);
    }

    private static Tuple tuple(int op, Term second, Term third, Term fourth, Term fifth, Term sixth) {
        return Tuple.of(Int.of(op), second, third, fourth, fifth, sixth);
    }
}
