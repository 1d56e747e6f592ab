package io.hawser.dist;

import static io.hawser.dist.Packets.FROM;
import static io.hawser.dist.Packets.NAME;
import static io.hawser.dist.Packets.REASON;
import static io.hawser.dist.Packets.REF;
import static io.hawser.dist.Packets.STRANGER;
import static io.hawser.dist.Packets.TO;
import static io.hawser.dist.Packets.TOKEN;
import static io.hawser.dist.Packets.control;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.handshake.DistFlag;
import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.IntegerTerm;
import io.hawser.term.ListTerm;
import io.hawser.term.Port;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.math.BigInteger;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ControlMessageTest {
    private static final long ALL_FLAGS = -1;
    private static final Atom NO_COOKIE = Atom.EMPTY;
    private static final Tuple FUNCTION = Tuple.of(Atom.of("m"), Atom.of("f"), Int.of(2));
    private static final ListTerm OPTIONS = ListTerm.of(Atom.of("link"));
    private static final IntegerTerm BIG_ID =
            IntegerTerm.of(BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE));

    private final ControlDecoder decoder = new ControlDecoder(TO.node(), Packets.PEER);

    static Stream<Arguments> forms() {
        var spawn = new ControlMessage.SpawnRequest(REF, FROM, TO, Atom.of("m"), Atom.of("f"), 2, OPTIONS);
        var spawned = new ControlMessage.SpawnReply(REF, TO, 3, FROM);
        return Stream.of(
                Arguments.of(control(1, FROM, TO), new ControlMessage.Link(FROM, TO)),
                Arguments.of(control(2, NO_COOKIE, TO), new ControlMessage.Send(null, TO)),
                Arguments.of(control(4, FROM, TO), new ControlMessage.Unlink(FROM, TO)),
                Arguments.of(control(6, FROM, NO_COOKIE, NAME), new ControlMessage.RegSend(FROM, NAME)),
                Arguments.of(control(7, FROM, TO), new ControlMessage.GroupLeader(FROM, TO)),
                Arguments.of(control(12, NO_COOKIE, TO, TOKEN), new ControlMessage.Send(null, TO)),
                Arguments.of(control(16, FROM, NO_COOKIE, NAME, TOKEN), new ControlMessage.RegSend(FROM, NAME)),
                Arguments.of(control(19, FROM, TO, REF), new ControlMessage.Monitor(FROM, TO, REF)),
                Arguments.of(control(19, FROM, NAME, REF), new ControlMessage.Monitor(FROM, NAME, REF)),
                Arguments.of(control(20, FROM, NAME, REF), new ControlMessage.Demonitor(FROM, NAME, REF)),
                Arguments.of(control(22, STRANGER, TO), new ControlMessage.Send(STRANGER, TO)),
                Arguments.of(control(22, new Port(NAME, 1, 1), TO), new ControlMessage.Send(null, TO)),
                Arguments.of(control(23, FROM, TO, TOKEN), new ControlMessage.Send(FROM, TO)),
                Arguments.of(control(24, FROM, TO), new ControlMessage.Exit(FROM, TO)),
                Arguments.of(control(25, FROM, TO, TOKEN), new ControlMessage.Exit(FROM, TO)),
                Arguments.of(control(26, FROM, TO), new ControlMessage.Exit2(FROM, TO)),
                Arguments.of(control(27, FROM, TO, TOKEN), new ControlMessage.Exit2(FROM, TO)),
                Arguments.of(control(28, NAME, TO, REF), new ControlMessage.MonitorExit(NAME, TO, REF)),
                Arguments.of(control(29, REF, FROM, TO, FUNCTION, OPTIONS), spawn),
                Arguments.of(control(30, REF, FROM, TO, FUNCTION, OPTIONS, TOKEN), spawn),
                Arguments.of(control(31, REF, TO, Int.of(3), FROM), spawned),
                Arguments.of(control(32, REF, TO, Int.of(3), FROM, TOKEN), spawned),
                Arguments.of(control(33, FROM, REF), new ControlMessage.AliasSend(FROM, REF)),
                Arguments.of(control(34, FROM, REF, TOKEN), new ControlMessage.AliasSend(FROM, REF)),
                Arguments.of(control(35, Int.of(1), FROM, TO), new ControlMessage.UnlinkId(1, FROM, TO)),
                Arguments.of(control(36, BIG_ID, FROM, TO), new ControlMessage.UnlinkIdAck(-1, FROM, TO)),
                Arguments.of(control(37, Int.of(0), FROM, TO), new ControlMessage.Send(FROM, TO)),
                Arguments.of(control(37, Int.of(1), FROM, TO), new ControlMessage.Send(FROM, TO)),
                Arguments.of(control(37, Int.of(2), FROM, TO, TOKEN), new ControlMessage.Send(FROM, TO)),
                Arguments.of(control(37, Int.of(4), FROM, REF), new ControlMessage.AliasSend(FROM, REF)),
                Arguments.of(control(37, Int.of(8), FROM, NAME), new ControlMessage.RegSend(FROM, NAME)),
                Arguments.of(control(37, Int.of(16), FROM, TO), new ControlMessage.Exit2(FROM, TO)),
                Arguments.of(control(37, Int.of(23), FROM, REF, TOKEN), new ControlMessage.AliasExit(FROM, REF)),
                Arguments.of(control(37, Int.of(32), FROM, TO, TOKEN, NAME), new ControlMessage.Send(FROM, TO)),
                Arguments.of(
                        control(37, IntegerTerm.of(BigInteger.ONE.shiftLeft(80)), FROM, TO),
                        new ControlMessage.Send(FROM, TO)));
    }

    static Stream<Arguments> formsWithReason() {
        return Stream.of(
                Arguments.of(control(3, FROM, TO, REASON), new ControlMessage.Exit(FROM, TO)),
                Arguments.of(control(8, FROM, TO, REASON), new ControlMessage.Exit2(FROM, TO)),
                Arguments.of(control(13, FROM, TO, TOKEN, REASON), new ControlMessage.Exit(FROM, TO)),
                Arguments.of(control(18, FROM, TO, TOKEN, REASON), new ControlMessage.Exit2(FROM, TO)),
                Arguments.of(control(21, FROM, TO, REF, REASON), new ControlMessage.MonitorExit(FROM, TO, REF)));
    }

    static Stream<Arguments> malformed() {
        String unknown = "control message: operation %d is unknown";
        return Stream.of(
                Arguments.of(NAME, "control message: found Atom (expected: a tuple)"),
                Arguments.of(
                        Tuple.EMPTY, "control message: a tuple of 0 elements (expected: an operation as the first)"),
                Arguments.of(
                        Tuple.of(NAME), "control message: a tuple of 1 elements (expected: an operation as the first)"),
                Arguments.of(control(0, FROM, TO), String.format(unknown, 0)),
                Arguments.of(control(5, FROM, TO), String.format(unknown, 5)),
                Arguments.of(control(38, FROM, TO), String.format(unknown, 38)),
                Arguments.of(control(-1, FROM, TO), String.format(unknown, -1)),
                Arguments.of(
                        Tuple.of(Int.of(1L << 32 | 1), FROM, TO), "control message: operation 4294967297 is unknown"),
                Arguments.of(control(1, FROM), "LINK: 2 elements (expected: 3)"),
                Arguments.of(control(1, FROM, TO, TO), "LINK: 4 elements (expected: 3)"),
                Arguments.of(control(37, Int.of(0), FROM), "ALTACT_SIG_SEND: 3 elements (expected: 4)"),
                Arguments.of(control(1, NAME, TO), "LINK: element 2, found Atom (expected: a pid)"),
                Arguments.of(control(1, FROM, NAME), "LINK: element 3, found Atom (expected: a pid)"),
                Arguments.of(control(6, FROM, NAME, TO), "REG_SEND: element 4, found Pid (expected: an atom)"),
                Arguments.of(
                        control(19, FROM, REF, REF),
                        "MONITOR_P: element 3, found Reference (expected: a pid or an atom)"),
                Arguments.of(control(19, FROM, TO, TO), "MONITOR_P: element 4, found Pid (expected: a reference)"),
                Arguments.of(
                        control(29, REF, FROM, TO, NAME, OPTIONS),
                        "SPAWN_REQUEST: element 5, found Atom (expected: module, function and arity)"),
                Arguments.of(
                        control(29, REF, FROM, TO, Tuple.of(NAME, NAME, Int.of(-1)), OPTIONS),
                        "SPAWN_REQUEST: element 5, found Tuple (expected: module, function and arity)"),
                Arguments.of(
                        control(29, REF, FROM, TO, FUNCTION, NAME),
                        "SPAWN_REQUEST: element 6, found Atom (expected: a list)"),
                Arguments.of(
                        control(31, REF, TO, NAME, FROM),
                        "SPAWN_REPLY: element 4, found Atom (expected: an integer of 32 bits)"),
                Arguments.of(
                        control(35, Int.of(0), FROM, TO),
                        "UNLINK_ID: element 2, found Int (expected: an id of 64 bits, not 0)"),
                Arguments.of(
                        control(35, IntegerTerm.of(BigInteger.ONE.shiftLeft(64)), FROM, TO),
                        "UNLINK_ID: element 2, found BigInt (expected: an id of 64 bits, not 0)"),
                Arguments.of(
                        control(37, Int.of(-1), FROM, TO), "ALTACT_SIG_SEND: element 2, found Int (expected: flags)"),
                Arguments.of(
                        control(37, Int.of(2), FROM, TO),
                        "ALTACT_SIG_SEND: 4 elements (expected: a token as the fifth)"),
                Arguments.of(
                        control(37, Int.of(12), FROM, REF),
                        "ALTACT_SIG_SEND: to an alias and a name (expected: one of them)"),
                Arguments.of(
                        control(37, Int.of(24), FROM, NAME),
                        "ALTACT_SIG_SEND: exit signal to a name (expected: to a pid or alias)"),
                Arguments.of(
                        control(37, Int.of(4), FROM, TO),
                        "ALTACT_SIG_SEND: element 4, found Pid (expected: a reference)"));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void readsEveryForm(Tuple tuple, ControlMessage message) {
        assertThat(decoder.decode(tuple)).isEqualTo(new ControlDecoder.Control(message, null));
        assertThat(decoder.decode(tuple).payloadFollows()).isEqualTo(message.hasPayload());
    }

    @ParameterizedTest
    @MethodSource("formsWithReason")
    void handsOverReasonsInsideTheTupleAsPayload(Tuple tuple, ControlMessage message) {
        assertThat(decoder.decode(tuple)).isEqualTo(new ControlDecoder.Control(message, REASON));
        assertThat(decoder.decode(tuple).payloadFollows()).isFalse();
        assertThat(message.hasPayload()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("forms")
    void readsWhatItWrites(Tuple tuple, ControlMessage message) {
        for (long flags : List.of(ALL_FLAGS, DistFlag.DFLAG_ALTACT_SIG.mask())) {
            var encoder = new ControlEncoder(flags);
            Tuple written = encoder.encode(message, REASON);
            var read = decoder.decode(written);
            assertThat(read.payloadFollows()).isEqualTo(encoder.payloadFollows(message));
            if (flags == ALL_FLAGS) {
                assertThat(read.message()).isEqualTo(message);
                assertThat(read.reason()).isNull();
            } else {
                assertThat(read.message()).isInstanceOf(message.getClass());
            }
        }
    }

    @Test
    void writesTheNewestFormNegotiated() {
        var newest = new ControlEncoder(DistFlag.RECOMMENDED_HIDDEN);
        assertThat(newest.encode(new ControlMessage.Send(FROM, TO), null)).isEqualTo(control(22, FROM, TO));
        assertThat(newest.encode(new ControlMessage.Send(null, TO), null)).isEqualTo(control(2, NO_COOKIE, TO));
        assertThat(newest.encode(new ControlMessage.Exit(FROM, TO), REASON)).isEqualTo(control(24, FROM, TO));
        assertThat(newest.encode(new ControlMessage.AliasSend(FROM, REF), null)).isEqualTo(control(33, FROM, REF));
        var oldest = new ControlEncoder(DistFlag.MANDATORY);
        assertThat(oldest.encode(new ControlMessage.Send(FROM, TO), null)).isEqualTo(control(2, NO_COOKIE, TO));
        assertThat(oldest.encode(new ControlMessage.Exit(FROM, TO), REASON)).isEqualTo(control(3, FROM, TO, REASON));
        assertThat(oldest.encode(new ControlMessage.Exit2(FROM, TO), REASON)).isEqualTo(control(8, FROM, TO, REASON));
        assertThat(oldest.encode(new ControlMessage.MonitorExit(NAME, TO, REF), REASON))
                .isEqualTo(control(21, NAME, TO, REF, REASON));
        assertThatThrownBy(() -> oldest.encode(new ControlMessage.AliasExit(FROM, REF), REASON))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void rejectsWhatNoOperationAllows(Term term, String message) {
        assertThatThrownBy(() -> decoder.decode(term))
                .isInstanceOf(ProtocolException.class)
                .hasMessage(message);
    }

    @Test
    void letsAPeerSpeakForItsOwnProcessesOnly() {
        for (Tuple tuple : List.of(
                control(1, STRANGER, TO),
                control(3, STRANGER, TO, REASON),
                control(4, STRANGER, TO),
                control(13, STRANGER, TO, TOKEN, REASON),
                control(19, STRANGER, TO, REF),
                control(20, STRANGER, TO, REF),
                control(24, STRANGER, TO),
                control(25, STRANGER, TO, TOKEN),
                control(35, Int.of(1), STRANGER, TO),
                control(36, Int.of(1), STRANGER, TO))) {
            assertThatThrownBy(() -> decoder.decode(tuple))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageEndingWith(": from a process of other@host (expected: of peer@host)");
        }
    }

    @Test
    void letsAPeerReachOurOwnProcessesOnlyExceptByMessages() {
        for (Tuple tuple : List.of(
                control(1, FROM, STRANGER),
                control(3, FROM, STRANGER, REASON),
                control(4, FROM, STRANGER),
                control(8, FROM, STRANGER, REASON),
                control(19, FROM, STRANGER, REF),
                control(20, FROM, STRANGER, REF),
                control(21, FROM, STRANGER, REF, REASON),
                control(24, FROM, STRANGER),
                control(26, FROM, STRANGER),
                control(28, FROM, STRANGER, REF),
                control(35, Int.of(1), FROM, STRANGER),
                control(36, Int.of(1), FROM, STRANGER))) {
            assertThatThrownBy(() -> decoder.decode(tuple))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageEndingWith(": to a process of other@host (expected: of self@host)");
        }
        assertThat(decoder.decode(control(22, FROM, STRANGER)).message())
                .isEqualTo(new ControlMessage.Send(FROM, STRANGER));
    }
}
