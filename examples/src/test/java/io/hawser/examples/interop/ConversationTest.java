package io.hawser.examples.interop;

import static io.hawser.examples.interop.Pair.JAVA;
import static io.hawser.examples.interop.Pair.OTP;
import static io.hawser.examples.interop.Pair.SOON;
import static io.hawser.examples.interop.Pair.next;
import static io.hawser.examples.interop.Pair.nextTerm;
import static io.hawser.examples.interop.Pair.term;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.node.CallException;
import io.hawser.node.GenServer;
import io.hawser.node.Mailbox;
import io.hawser.node.MailboxOptions;
import io.hawser.term.Atom;
import io.hawser.term.Pid;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import io.hawser.testing.Await;
import io.hawser.testing.Interop;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What a Hawser process and an Erlang process say to each other, over each carrier, whoever dialled. */
@Interop
@ParameterizedClass
@MethodSource("setups")
class ConversationTest {
    private static final Atom BOOM = Atom.of("boom");
    private static final Term SERVER = Tuple.of(Atom.of("server"), OTP.atom());
    private static final Term MISSING = Tuple.of(Atom.of("missing"), OTP.atom());

    @TempDir
    private static Path directory;

    @SuppressWarnings("NullAway.Init") // made before each invocation of the class
    private static Pair pair;

    private final Setup setup;
    private Mailbox me;

    ConversationTest(Setup setup) {
        this.setup = setup;
    }

    record Setup(Carrier carrier, boolean otpDials) {
        @Override
        public String toString() {
            return carrier + ", " + (otpDials ? "OTP" : "Hawser") + " dials";
        }
    }

    static Stream<Setup> setups() {
        return Stream.of(Carrier.values())
                .flatMap(carrier -> Stream.of(new Setup(carrier, false), new Setup(carrier, true)));
    }

    @BeforeParameterizedClassInvocation
    static void start(Setup setup) {
        pair = new Pair(setup.carrier, directory.resolve(setup.otpDials ? "otp-dials" : "java-dials"));
        Pair.startServer(pair.otp);
        GenServer.start(pair.java.register("server"), new HoldingServer());
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        pair.close();
    }

    @BeforeEach
    void connect() throws InterruptedException {
        if (setup.otpDials) {
            assertThat(pair.erl("net_kernel:connect_node($J)")).isEqualTo("true");
            Await.until(SOON, "up", () -> !pair.java.connections().isEmpty());
        } else {
            pair.java.connect(OTP, SOON);
        }
        me = pair.java.mailbox(MailboxOptions.DEFAULT.withName("me").withTrapExit(true));
    }

    @AfterEach
    void end() {
        me.close();
    }

    @Test
    void eachSideAnswersThePingOfTheOther() throws InterruptedException {
        assertThat(pair.erl("net_adm:ping($J)")).isEqualTo("pong");
        assertThat(pair.java.ping(OTP, SOON)).isTrue();
        assertThat(pair.erl("nodes()")).isEqualTo("['" + JAVA + "']");
        assertThat(pair.java.nodes()).containsExactly(OTP);
    }

    @Test
    void theCarrierIsTheOneThatWasAskedFor() {
        var info = pair.java.connections().get(0);
        assertThat(info.transport()).isEqualTo(setup.carrier == Carrier.TCP ? "tcp" : "tls");
        assertThat(info.security().map(security -> security.protocol()).orElse("none"))
                .isEqualTo(setup.carrier == Carrier.TCP ? "none" : "TLSv1.3");
    }

    @Test
    void aHawserProcessSendsToPidNameAndAliasOnErlang() throws InterruptedException {
        Tuple addresses = fromErlang("register(shell, self()), {me, $J} ! {self(), alias()}");
        me.send(addresses.element(0), term("{by_pid, 1.5}"));
        me.send("shell", OTP, term("[by_name]"));
        me.send(addresses.element(1), term("by_alias"));
        String three = "[receive M -> M after 15000 -> nothing end || _ <- [1, 2, 3]]";
        assertThat(pair.erl("Three = " + three + ", unregister(shell), Three"))
                .isEqualTo("[{by_pid,1.5},[by_name],by_alias]");
    }

    @Test
    void anErlangProcessSendsToPidNameAndAliasOnHawser() throws InterruptedException {
        Tuple addresses = fromErlang("register(shell, self()), {me, $J} ! {self(), self()}");
        me.send(addresses.element(0), Tuple.of(me.self(), me.alias()));
        pair.erl("receive {P, A} -> P ! {by_pid, 1.5}, {me, $J} ! [by_name], A ! by_alias end, unregister(shell)");
        assertThat(next(me)).isEqualTo("{by_pid,1.5}");
        assertThat(next(me)).isEqualTo("[by_name]");
        assertThat(next(me)).isEqualTo("by_alias");
    }

    @Test
    void whatIsSentToAnAliasThatEndedIsDropped() throws InterruptedException {
        Tuple addresses = fromErlang("A = alias(), unalias(A), {me, $J} ! {self(), A}");
        me.send(addresses.element(1), term("dropped"));
        Reference ended = me.alias();
        me.unalias(ended);
        me.send(addresses.element(0), Tuple.of(me.self(), ended));
        assertThat(pair.erl("receive {P, E} -> E ! dropped, P ! last; Other -> Other after 15000 -> nothing end"))
                .isEqualTo("last");
        assertThat(next(me)).isEqualTo("last");
    }

    @Test
    void aHawserProcessCallsAnErlangGenServer() throws InterruptedException {
        assertThat(call("{echo, #{a => [1, 2.5, <<\"b\">>]}}")).isEqualTo(term("#{a => [1, 2.5, <<\"b\">>]}"));
        assertThatThrownBy(() -> GenServer.call(me, MISSING, BOOM, SOON))
                .isInstanceOfSatisfying(
                        CallException.class, e -> assertThat(e.reason()).hasToString("noproc"));
    }

    @Test
    void aHawserCallThatTimedOutGetsNoLateReply() throws InterruptedException {
        assertThatThrownBy(() -> GenServer.call(me, SERVER, term("hold"), Duration.ofMillis(30)))
                .isInstanceOfSatisfying(
                        CallException.class, e -> assertThat(e.reason()).hasToString("timeout"));
        assertThat(call("{release, late}")).hasToString("1"); // the late reply left before this one
        assertThat(me.receive(Duration.ZERO)).isEmpty();
    }

    @Test
    void anErlangProcessCallsAHawserGenServer() {
        assertThat(pair.erl("gen_server:call({server, $J}, {echo, #{a => [1, 2.5, <<\"b\">>]}})"))
                .isEqualTo("#{a => [1,2.5,<<\"b\">>]}");
        assertThat(pair.erl("try gen_server:call({missing, $J}, x) catch exit:{Why, _} -> Why end"))
                .isEqualTo("noproc");
    }

    @Test
    void aHawserGenServerRepliesLaterAndToTheRightCaller() {
        pair.erl("""
                Me = self(),
                [spawn(fun() -> Me ! {asking, N}, Me ! {N, gen_server:call({server, $J}, hold)} end) || N <- [1, 2]],
                [receive {asking, N} -> N end || N <- [1, 2]]""");
        String answers = pair.erl("""
                Release = fun Again(0) -> done; Again(Left) ->
                    Again(Left - gen_server:call({server, $J}, {release, answer})) end,
                Release(2), [receive {N, R} -> R after 15000 -> nothing end || N <- [1, 2]]""");
        assertThat(answers).isEqualTo("[answer,answer]");
    }

    @Test
    void anErlangCallThatTimedOutGetsNoLateReply() {
        assertThat(pair.erl("try gen_server:call({server, $J}, hold, 30) catch exit:{Why, _} -> Why end"))
                .isEqualTo("timeout");
        assertThat(pair.erl("gen_server:call({server, $J}, {release, late})")).isEqualTo("1");
        assertThat(pair.erl("receive M -> M after 0 -> nothing end")).isEqualTo("nothing");
    }

    @Test
    void aLinkTellsOfTheEndOnEitherSide() throws InterruptedException {
        Pid linked = (Pid) fromErlang("{me, $J} ! {spawn(fun() -> receive {die, R} -> exit(R) end end), 0}")
                .element(0);
        me.link(linked);
        me.send(linked, term("{die, boom}"));
        assertThat(nextTerm(me)).isEqualTo(Tuple.of(Atom.of("EXIT"), linked, BOOM));

        Mailbox ending = pair.java.register("ending");
        pair.erl("process_flag(trap_exit, true), {me, $J} ! ready");
        assertThat(next(me)).isEqualTo("ready");
        Tuple shell = fromErlang("{me, $J} ! {self(), 0}");
        ending.link((Pid) shell.element(0));
        ending.exit(BOOM);
        assertThat(pair.erl("receive {'EXIT', P, R} -> {node(P), R} after 15000 -> nothing end"))
                .isEqualTo("{'" + JAVA + "',boom}");

        Mailbox target = pair.java.mailbox();
        me.send(shell.element(0), target.self());
        pair.erl("receive P -> link(P), exit(P, boom) end");
        Await.until(SOON, "the mailbox ended of the exit signal", () -> !target.isAlive());
        assertThat(target.exitReason()).contains(BOOM);
        assertThat(pair.erl("receive {'EXIT', P, R} -> R after 15000 -> nothing end, process_flag(trap_exit, false)"))
                .isEqualTo("true");
    }

    @Test
    void aLinkToAProcessThatIsGoneSaysNoproc() throws InterruptedException {
        Pid gone = (Pid) fromErlang("{P, M} = spawn_monitor(fun() -> ok end), receive {'DOWN', M, _, _, _} -> ok end,"
                        + "{me, $J} ! {P, 0}")
                .element(0);
        me.link(gone);
        assertThat(nextTerm(me)).isEqualTo(Tuple.of(Atom.of("EXIT"), gone, Atom.of("noproc")));

        Mailbox ended = pair.java.mailbox();
        ended.close();
        Term shell = fromErlang("{me, $J} ! {self(), 0}").element(0);
        me.send(shell, ended.self());
        assertThat(pair.erl("""
                process_flag(trap_exit, true), receive P -> link(P) end,
                Got = receive {'EXIT', P, R} -> R after 15000 -> nothing end,
                process_flag(trap_exit, false), Got""")).isEqualTo("noproc");
    }

    @Test
    void aMonitorTellsOfTheEndOnEitherSide() throws InterruptedException {
        Pid watched = (Pid) fromErlang("{me, $J} ! {spawn(fun() -> receive {die, R} -> exit(R) end end), 0}")
                .element(0);
        Reference ref = me.monitor(watched);
        me.send(watched, term("{die, boom}"));
        assertThat(nextTerm(me)).isEqualTo(down(ref, watched, "boom"));
        Reference missing = me.monitor(MISSING);
        assertThat(nextTerm(me)).isEqualTo(down(missing, MISSING, "noproc"));

        Mailbox ending = pair.java.register("ending");
        pair.erl("monitor(process, {ending, $J}), {ending, $J} ! watched");
        assertThat(next(ending)).isEqualTo("watched");
        ending.exit(BOOM);
        assertThat(pair.erl("receive {'DOWN', _, process, O, R} -> {O, R} after 15000 -> nothing end"))
                .isEqualTo("{{ending,'" + JAVA + "'},boom}");
        assertThat(
                        pair.erl(
                                "monitor(process, {missing, $J}), receive {'DOWN', _, _, _, R} -> R after 15000 -> nothing end"))
                .isEqualTo("noproc");
    }

    @Test
    void aMonitorThatWasTakenBackTellsNothing() throws InterruptedException {
        Pid watched = (Pid) fromErlang("{me, $J} ! {spawn(fun() -> receive {die, M} -> {me, $J} ! M end end), 0}")
                .element(0);
        assertThat(me.demonitor(me.monitor(watched))).isTrue();
        Reference second = me.monitor(watched);
        me.send(watched, term("{die, dying}"));
        assertThat(next(me)).isEqualTo("dying");
        assertThat(nextTerm(me)).isEqualTo(down(second, watched, "normal"));
        assertThat(me.receive(Duration.ZERO)).isEmpty();
    }

    @Test
    void aDisconnectByHawserIsToldToBothSides() throws InterruptedException {
        bothAreToldOf(() -> assertThat(pair.java.disconnect(OTP)).isTrue());
    }

    @Test
    void aDisconnectByErlangIsToldToBothSides() throws InterruptedException {
        bothAreToldOf(() -> pair.erl("true = erlang:disconnect_node($J)"));
    }

    private void bothAreToldOf(Runnable disconnect) throws InterruptedException {
        Mailbox linked = pair.java.register("linked");
        Term shell = fromErlang("process_flag(trap_exit, true), {me, $J} ! {self(), 0}")
                .element(0);
        Reference ref = me.monitor(SERVER);
        me.link((Pid) shell);
        me.monitorNodes(true);
        me.send(shell, linked.self());
        pair.erl("receive P -> link(P), monitor(process, P), P ! go end, net_kernel:monitor_nodes(true)");
        assertThat(next(linked)).isEqualTo("go"); // behind the link and the monitor
        disconnect.run();
        assertThat(Stream.of(next(me), next(me), next(me)))
                .containsExactlyInAnyOrder(
                        down(ref, SERVER, "noconnection").toString(),
                        Tuple.of(Atom.of("EXIT"), shell, Atom.of("noconnection"))
                                .toString(),
                        "{nodedown,'" + OTP + "'}");
        Await.until(SOON, "the linked mailbox ended", () -> !linked.isAlive());
        assertThat(linked.exitReason()).contains(Atom.of("noconnection"));
        assertThat(pair.erl("""
                [receive {'EXIT', _, R} -> R after 15000 -> nothing end || _ <- [me, linked]]
                ++ [receive {'DOWN', _, process, _, R} -> R after 15000 -> nothing end]
                ++ [receive {nodedown, N} -> N after 15000 -> nothing end]""")).isEqualTo("[noconnection,noconnection,noconnection,'" + JAVA + "']");
        pair.awaitDisconnected();
        connectAgain();
        assertThat(next(me)).isEqualTo("{nodeup,'" + OTP + "'}");
        assertThat(pair.erl("Up = receive {nodeup, N} -> N after 15000 -> nothing end,"
                        + "net_kernel:monitor_nodes(false), process_flag(trap_exit, false), Up"))
                .isEqualTo("'" + JAVA + "'");
    }

    private void connectAgain() throws InterruptedException {
        if (setup.otpDials) {
            assertThat(pair.erl("net_adm:ping($J)")).isEqualTo("pong");
        } else {
            assertThat(pair.java.ping(OTP, SOON)).isTrue();
        }
    }

    /** Evaluates what sends a tuple to {@code me}, and receives it. */
    private Tuple fromErlang(String expressions) throws InterruptedException {
        pair.erl(expressions);
        return (Tuple) nextTerm(me);
    }

    private Term call(String request) throws InterruptedException {
        return GenServer.call(me, SERVER, term(request), SOON);
    }

    private static Term down(Reference ref, Term object, String reason) {
        return Tuple.of(Atom.of("DOWN"), ref, Atom.of("process"), object, Atom.of(reason));
    }
}
