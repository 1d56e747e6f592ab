package io.hawser.examples.interop;

import static io.hawser.examples.interop.HandMadePeer.packet;
import static io.hawser.examples.interop.HandMadePeer.signal;
import static io.hawser.examples.interop.Pair.OTP;
import static io.hawser.examples.interop.Pair.SOON;
import static io.hawser.examples.interop.Pair.nextTerm;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.node.Mailbox;
import io.hawser.node.Node;
import io.hawser.term.Atom;
import io.hawser.term.NodeName;
import io.hawser.term.Pid;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.TermParser;
import io.hawser.term.Tuple;
import io.hawser.testing.Interop;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a peer that was admitted may say that the protocol does not allow, said to a Hawser node and to an Erlang one: either
 * it costs that connection, or nothing. The connection between the two nodes, and their processes, go on.
 */
@Interop
class BadPacketsTest {
    /** What becomes of the connection. */
    private enum Fate {
        CLOSED,
        GOES_ON,
        /** Closed, though perhaps not before the receiver looks at its messages. */
        CLOSED_LATER,
        /** Nobody knows: the Erlang node comes down with it. */
        NOT_ASKED
    }

    /** Who says it to whom. */
    private record Talk(HandMadePeer peer, Pid to) {
        Pid me() {
            return peer.pid(1);
        }

        Reference ref() {
            return peer.ref(0x1234);
        }

        /** A control tuple in Erlang's syntax: ME, TO and REF stand for what they say; EVIL for another node's pid. */
        byte[] says(String control, Object... payload) {
            var parts = new Object[payload.length + 1];
            parts[0] = fill(TermParser.parse(control));
            System.arraycopy(payload, 0, parts, 1, payload.length);
            return signal(parts);
        }

        Term fill(Term term) {
            if (term instanceof Tuple tuple) {
                return Tuple.of(tuple.elements().stream().map(this::fill).toArray(Term[]::new));
            }
            return switch (term.toString()) {
                case "me" -> me();
                case "to" -> to;
                case "ref" -> ref();
                case "evil" -> new Pid(Atom.of("evil\n\u001b[2J@host"), 1, 0, 1);
                default -> term;
            };
        }
    }

    /** One line of the table. */
    private record Case(String what, Fate otp, Fate hawser, Function<Talk, List<byte[]>> packets) {
        @Override
        public String toString() {
            return what;
        }
    }

    private static final List<Case> CASES = new ArrayList<>();

    private static void both(Fate fate, String what, Function<Talk, byte[]> packet) {
        each(fate, fate, what, packet);
    }

    private static void each(Fate otp, Fate hawser, String what, Function<Talk, byte[]> packet) {
        CASES.add(new Case(what, otp, hawser, talk -> List.of(packet.apply(talk))));
    }

    private static void control(Fate fate, String control) {
        both(fate, control, talk -> talk.says(control));
    }

    /** What OTP overlooks; no node sends it, so there is nothing to be gained by doing the same. */
    private static void stricter(String control) {
        each(Fate.GOES_ON, Fate.CLOSED, control, talk -> talk.says(control));
    }

    /** What OTP decodes when the receiver looks at it. */
    private static void later(String control) {
        each(Fate.CLOSED_LATER, Fate.CLOSED, control, talk -> talk.says(control));
    }

    private static void withPayload(Fate fate, String control) {
        both(fate, control + " and a payload", talk -> talk.says(control, Atom.of("payload")));
    }

    private static String first(long sequence, long fragment) {
        return "8345%016x%016x00".formatted(sequence, fragment);
    }

    private static String next(long sequence, long fragment) {
        return "8346%016x%016x".formatted(sequence, fragment);
    }

    private static void fragments(Fate otp, Fate hawser, String what, Object[]... packets) {
        CASES.add(new Case(what, otp, hawser, talk -> {
            var all = new ArrayList<byte[]>();
            for (Object[] parts : packets) {
                all.add(packet(List.of(parts).stream()
                        .map(part -> part instanceof Term term ? talk.fill(term) : part)
                        .toArray()));
            }
            return all;
        }));
    }

    private static Object[] parts(Object... parts) {
        return parts;
    }

    private static final Term REG_SEND = TermParser.parse("{6,me,'',nobody}");

    static {
        // what is no control message
        both(Fate.CLOSED, "an integer", talk -> signal(TermParser.parse("1")));
        control(Fate.CLOSED, "{}");
        control(Fate.CLOSED, "{link,me,to}");
        control(Fate.CLOSED, "{1.0,me,to}");
        control(Fate.CLOSED, "{-1,me,to}");
        control(Fate.CLOSED, "{5,me,to}");
        control(Fate.CLOSED, "{99,me,to}");
        control(Fate.CLOSED, "{1180591620717411303424,me,to}");
        // links
        control(Fate.CLOSED, "{1,me}");
        control(Fate.CLOSED, "{1,me,to,extra}");
        control(Fate.CLOSED, "{1,name,to}");
        control(Fate.CLOSED, "{1,evil,to}");
        control(Fate.CLOSED, "{1,to,to}");
        stricter("{1,me,name}");
        control(Fate.CLOSED, "{1,me,evil}");
        control(Fate.CLOSED, "{35,0,me,to}");
        control(Fate.CLOSED, "{35,-1,me,to}");
        control(Fate.CLOSED, "{35,18446744073709551616,me,to}");
        control(Fate.CLOSED, "{35,name,me,to}");
        control(Fate.CLOSED, "{35,1,evil,to}");
        control(Fate.GOES_ON, "{35,18446744073709551615,me,to}");
        control(Fate.GOES_ON, "{36,7,me,to}");
        stricter("{36,0,me,to}");
        // exit signals
        withPayload(Fate.GOES_ON, "{24,me,to}");
        withPayload(Fate.CLOSED, "{24,evil,to}");
        stricter("{24,me,to}");
        control(Fate.CLOSED, "{3,me,to}");
        withPayload(Fate.CLOSED, "{26,me,name}");
        control(Fate.CLOSED, "{35,1,me,evil}");
        withPayload(Fate.CLOSED, "{24,me,evil}");
        withPayload(Fate.CLOSED, "{26,me,evil}");
        // messages
        withPayload(Fate.GOES_ON, "{22,me,evil}");
        later("{22,me,to}");
        withPayload(Fate.GOES_ON, "{22,evil,to}");
        withPayload(Fate.CLOSED, "{22,me,name}");
        withPayload(Fate.CLOSED, "{6,me,'',1}");
        withPayload(Fate.CLOSED, "{6,me,'',to}");
        withPayload(Fate.GOES_ON, "{33,me,ref}");
        withPayload(Fate.CLOSED, "{33,me,name}");
        withPayload(Fate.CLOSED, "{22,me,to,extra}");
        // monitors
        control(Fate.CLOSED, "{19,me,to}");
        control(Fate.CLOSED, "{19,me,to,name}");
        control(Fate.CLOSED, "{19,me,1,ref}");
        control(Fate.CLOSED, "{19,evil,to,ref}");
        control(Fate.CLOSED, "{19,me,evil,ref}");
        control(Fate.CLOSED, "{20,me,evil,ref}");
        withPayload(Fate.CLOSED, "{28,me,evil,ref}");
        control(Fate.CLOSED, "{36,7,me,evil}");
        control(Fate.GOES_ON, "{20,me,to,ref}");
        control(Fate.CLOSED, "{20,me,to,1}");
        withPayload(Fate.GOES_ON, "{28,me,to,ref}");
        withPayload(Fate.CLOSED, "{28,1,to,ref}");
        withPayload(Fate.CLOSED, "{28,me,name,ref}");
        // spawn
        each(Fate.CLOSED, Fate.GOES_ON, "{31,ref,to,0,me}", talk -> talk.says("{31,ref,to,0,me}")); // of no request
        control(Fate.CLOSED, "{31,1,to,0,me}");
        later("{29,ref,me,me,{m,f,0},[]}");
        both(
                Fate.CLOSED,
                "{29,...} of no function",
                talk -> talk.says("{29,ref,me,me,name,[]}", TermParser.parse("[]")));
        both(
                Fate.CLOSED,
                "{29,...} with an arity that is no number",
                talk -> talk.says("{29,ref,me,me,{m,f,x},[]}", TermParser.parse("[]")));
        both(
                Fate.GOES_ON,
                "{29,...} with arguments that are no list",
                talk -> talk.says("{29,ref,me,me,{m,f,1},[]}", Atom.of("x")));
        control(Fate.CLOSED, "{7,name,to}");
        // the newest form, which OTP 25 does not know
        each(Fate.CLOSED, Fate.GOES_ON, "{37,0,me,to} and a payload", talk -> talk.says("{37,0,me,to}", Atom.of("x")));
        withPayload(Fate.CLOSED, "{37,12,me,ref}");
        withPayload(Fate.CLOSED, "{37,-1,me,to}");
        withPayload(Fate.CLOSED, "{37,24,me,name}");
        withPayload(Fate.CLOSED, "{37,2,me,to}");
        // terms and what is around them
        each(Fate.CLOSED_LATER, Fate.CLOSED, "a payload cut short", talk -> talk.says("{22,me,to}", "6d 00000010 01"));
        each(Fate.CLOSED_LATER, Fate.CLOSED, "a payload of an unknown tag", talk -> talk.says("{22,me,to}", "79"));
        both(Fate.CLOSED, "a tuple longer than the packet", talk -> signal("69 7fffffff"));
        each(
                Fate.GOES_ON,
                Fate.CLOSED,
                "bytes after the payload",
                talk -> talk.says("{22,me,to}", Atom.of("x"), "0102"));
        each(
                Fate.GOES_ON,
                Fate.CLOSED,
                "bytes after a control message without payload",
                talk -> talk.says("{20,me,to,ref}", "0102"));
        both(Fate.CLOSED, "a packet that does not begin with 131", talk -> packet("82 44 00 61 01"));
        both(Fate.CLOSED, "a packet of one byte", talk -> packet("83"));
        both(Fate.CLOSED, "a packet of an unknown kind", talk -> packet("83 47 00"));
        both(
                Fate.CLOSED,
                "a packet of the oldest form",
                talk -> packet("70 83", talk.fill(TermParser.parse("{22,me,to}")), "83", Atom.of("x")));
        both(Fate.CLOSED, "a header longer than the packet", talk -> packet("83 44 ff 00"));
        both(Fate.CLOSED, "a header without its number of atoms", talk -> packet("83 44"));
        both(Fate.CLOSED, "an atom of an empty cache slot", talk -> packet("83 44 01 00 07 68 03 61 06 52 00 61 01"));
        both(Fate.CLOSED, "an atom beyond those of the header", talk -> signal("68 02 61 01 52 05"));
        // fragments
        fragments(Fate.CLOSED, Fate.CLOSED, "a fragment of nothing", parts(next(5, 1), "61 01"));
        fragments(
                Fate.CLOSED,
                Fate.CLOSED,
                "fragments out of order",
                parts(first(5, 3), REG_SEND, "6d 00000003 01"),
                parts(next(5, 1), "02"));
        fragments(
                Fate.CLOSED,
                Fate.CLOSED,
                "a fragment that comes twice",
                parts(first(5, 3), REG_SEND, "6d 00000003 01"),
                parts(next(5, 2), "02"),
                parts(next(5, 2), "02"));
        fragments(
                Fate.CLOSED,
                Fate.CLOSED,
                "a sequence that begins twice",
                parts(first(5, 3), REG_SEND, "6d 00000003 01"),
                parts(first(5, 3), REG_SEND, "6d 00000003 01"));
        fragments(Fate.NOT_ASKED, Fate.CLOSED, "no fragments at all", parts(first(5, 0), REG_SEND, "61 01"));
        fragments(Fate.CLOSED, Fate.CLOSED, "a control message cut in two", parts(first(5, 2), "68 04 61 06"));
        fragments(Fate.CLOSED, Fate.CLOSED, "fragments cut short within their ids", parts("8345 00000000 00"));
        fragments(
                Fate.NOT_ASKED, Fate.CLOSED, "more fragments than anybody sends", parts(first(5, 1L << 40), REG_SEND));
        fragments(
                Fate.CLOSED_LATER, // nobody is there to look at it
                Fate.CLOSED,
                "fragments that make no term",
                parts(first(5, 2), REG_SEND, "6d 00000003 01"),
                parts(next(5, 1), "02"));
        fragments(
                Fate.GOES_ON,
                Fate.CLOSED,
                "fragments of what has no payload",
                parts(first(5, 2), TermParser.parse("{1,me,to}"), ""),
                parts(next(5, 1), ""));
        fragments(
                Fate.GOES_ON,
                Fate.GOES_ON,
                "a message that never ends",
                parts(first(5, 3), REG_SEND, "6d 00000003 01"));
        fragments(
                Fate.GOES_ON,
                Fate.GOES_ON,
                "sequences that overlap, and one fragment alone",
                parts(first(5, 2), REG_SEND, "6d 00000002 01"),
                parts(first(6, 2), REG_SEND, "6d 00000002 01"),
                parts(first(7, 1), REG_SEND, "61 01"),
                parts(next(6, 1), "02"),
                parts(next(5, 1), "02"));
    }

    @TempDir
    private static Path directory;

    @SuppressWarnings("NullAway.Init") // made before the tests
    private static Pair pair;

    @SuppressWarnings("NullAway.Init")
    private static Mailbox mailbox;

    @SuppressWarnings("NullAway.Init")
    private static Pid echo;

    @SuppressWarnings("NullAway.Init")
    private static InetSocketAddress otpAddress;

    private static int peers;

    @BeforeAll
    static void start() throws InterruptedException {
        pair = new Pair(Carrier.TCP, directory);
        mailbox = pair.java.register("me");
        pair.java.connect(OTP, SOON);
        pair.erl("""
                {me, $J} ! spawn(fun() ->
                    process_flag(trap_exit, true),
                    Echo = fun Echo() -> receive {From, Term} -> From ! Term; _ -> ok end, Echo() end,
                    Echo() end)""");
        echo = (Pid) nextTerm(mailbox);
        otpAddress = pair.network.resolver().resolve(OTP, SOON).orElseThrow();
    }

    @AfterAll
    static void stop() {
        pair.close();
    }

    static List<Case> cases() {
        return CASES;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void costsOneConnectionAtMost(Case bad) throws Exception {
        assertThat(fate(bad, Pair.JAVA, pair.java.address(), mailbox.self()))
                .as("Hawser")
                .isEqualTo(bad.hawser);
        if (bad.otp != Fate.NOT_ASKED) {
            Fate otp = fate(bad, OTP, otpAddress, echo);
            assertThat(otp == bad.otp || bad.otp == Fate.CLOSED_LATER)
                    .as("OTP: %s", otp)
                    .isTrue();
        }
        theTwoNodesTalk();
    }

    private static Fate fate(Case bad, NodeName node, InetSocketAddress address, Pid to) throws Exception {
        try (HandMadePeer peer = HandMadePeer.connect("bad" + ++peers + "@bad.orga.test", node, address)) {
            for (byte[] packet : bad.packets.apply(new Talk(peer, to))) {
                peer.say(packet);
            }
            return peer.isAnswered() ? Fate.GOES_ON : Fate.CLOSED;
        }
    }

    private static void theTwoNodesTalk() throws InterruptedException {
        while (mailbox.receive(java.time.Duration.ZERO).isPresent()) {} // what a bad peer was allowed to say
        Reference ref = pair.java.makeReference();
        mailbox.send(echo, Tuple.of(mailbox.self(), ref));
        assertThat(nextTerm(mailbox)).isEqualTo(ref);
    }

    @Test
    void isLoggedInOneLineWithoutTheControlCharactersOfThePeer() throws Exception {
        NodeName name = NodeName.parse("other@other.orga.test");
        Node other = pair.network.java(name.toString()); // whose log is not full yet
        try (CapturedLog log = CapturedLog.start();
                HandMadePeer peer = HandMadePeer.connect("evil@bad.orga.test", name, other.address())) {
            peer.say(new Talk(peer, mailbox.self()).says("{1,evil,to}"));
            assertThat(peer.isAnswered()).isFalse();
            assertThat(log.await("LINK: from a process of "))
                    .contains("evil@bad.orga.test: LINK: from a process of evil")
                    .contains("[2J@host (expected: of evil@bad.orga.test)")
                    .doesNotContain("\u001b", "\n");
        }
        theTwoNodesTalk();
    }
}
