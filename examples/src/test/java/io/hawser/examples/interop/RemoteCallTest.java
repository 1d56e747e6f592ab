package io.hawser.examples.interop;

import static io.hawser.examples.interop.Pair.JAVA;
import static io.hawser.examples.interop.Pair.OTP;
import static io.hawser.examples.interop.Pair.SOON;
import static io.hawser.examples.interop.Pair.term;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.node.ErlangException;
import io.hawser.node.Erpc;
import io.hawser.node.Node;
import io.hawser.node.Rpc;
import io.hawser.node.RpcException;
import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.ListTerm;
import io.hawser.term.Term;
import io.hawser.testing.Await;
import io.hawser.testing.Interop;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls by rpc and erpc, from Hawser to Erlang and back: what each side gives the other for a result. */
@Interop
class RemoteCallTest {
    private static final Semaphore interrupted = new Semaphore(0);
    private static final Semaphore hanging = new Semaphore(0);

    @TempDir
    private static Path directory;

    private static Network network;
    private static Node java;
    private static io.hawser.testing.OtpNode otp;

    @BeforeAll
    static void start() throws InterruptedException {
        network = new Network(Carrier.TCP, directory);
        java = network.java(
                JAVA.toString(),
                config -> config.function("calc", "add", 2, a -> Int.of(number(a.get(0)) + number(a.get(1))))
                        .function("calc", "fail", 2, a -> {
                            throw new ErlangException(ErlangException.Kind.valueOf(((Atom) a.get(0)).text()), a.get(1));
                        })
                        .function("calc", "bug", 0, a -> {
                            throw new IllegalStateException("secret");
                        })
                        .function("calc", "hang", 0, a -> hang()));
        otp = network.otp(OTP.toString());
        java.connect(OTP, SOON);
    }

    private static long number(Term term) {
        return ((Int) term).value();
    }

    private static Term hang() throws InterruptedException {
        hanging.release();
        try {
            Thread.sleep(Long.MAX_VALUE);
        } catch (InterruptedException e) {
            interrupted.release();
            throw e;
        }
        return Atom.OK;
    }

    @AfterAll
    static void stop() {
        network.close();
    }

    private static Term erpc(String module, String function, String arguments) throws InterruptedException {
        return Erpc.call(java, OTP.atom(), Atom.of(module), Atom.of(function), list(arguments), SOON);
    }

    private static Term rpc(String module, String function, String arguments) throws InterruptedException {
        return Rpc.call(java, OTP.atom(), Atom.of(module), Atom.of(function), list(arguments), SOON);
    }

    private static List<Term> list(String arguments) {
        return ((ListTerm) term(arguments)).elements();
    }

    private static void assertRaises(String start, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(ErlangException.class)
                .hasMessageMatching("call to .* at " + OTP + ": " + Pattern.quote(start) + ".*");
    }

    private static void assertBadRpc(String start, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(RpcException.class)
                .hasMessageMatching("call to .* at " + OTP + ": " + Pattern.quote("badrpc: " + start) + ".*");
    }

    private static String erl(String expressions) {
        return otp.eval(Pair.inErlang(expressions));
    }

    // ---- from Hawser

    @Test
    void hawserGetsEveryKindOfResult() throws InterruptedException {
        assertThat(erpc("erlang", "+", "[40, 2]")).hasToString("42");
        assertRaises("throw: boom", () -> erpc("erlang", "throw", "[boom]"));
        assertRaises("exit: {exception,boom}", () -> erpc("erlang", "exit", "[boom]"));
        assertRaises("error: {exception,boom,[", () -> erpc("erlang", "error", "[boom]"));
        assertRaises("error: {exception,undef,[{nothing,nowhere,[1],[]}", () -> erpc("nothing", "nowhere", "[1]"));
        assertRaises(
                "error: {erpc,timeout}",
                () -> Erpc.call(
                        java,
                        OTP.atom(),
                        Atom.of("timer"),
                        Atom.of("sleep"),
                        list("[infinity]"),
                        Duration.ofMillis(50)));
        assertThat(rpc("erlang", "throw", "[boom]")).hasToString("boom");
        assertBadRpc("{'EXIT',boom}", () -> rpc("erlang", "exit", "[boom]"));
        assertBadRpc("{'EXIT',{boom,[", () -> rpc("erlang", "error", "[boom]"));
    }

    @Test
    void hawserIsToldThatTheConnectionWasLostWhileCalling() throws Exception {
        var lost = Erpc.callAsync(
                java, OTP.atom(), Atom.of("erlang"), Atom.of("disconnect_node"), List.of(JAVA.atom()), SOON);
        assertThatThrownBy(() -> lost.get(15, TimeUnit.SECONDS))
                .cause()
                .hasMessage("call to erlang:disconnect_node/1 at " + OTP + ": error: {erpc,noconnection}");
        var later = Rpc.callAsync(
                java, OTP.atom(), Atom.of("erlang"), Atom.of("disconnect_node"), List.of(JAVA.atom()), SOON);
        assertThatThrownBy(() -> later.get(15, TimeUnit.SECONDS))
                .cause()
                .hasMessage("call to erlang:disconnect_node/1 at " + OTP + ": badrpc: nodedown");
    }

    @Test
    void hawserCallsSeveralNodesAtOnce() throws InterruptedException {
        List<Atom> nodes = List.of(OTP.atom(), Atom.of("nowhere@nowhere"), JAVA.atom());
        assertThat(Rpc.multicall(java, nodes, Atom.of("erlang"), Atom.of("node"), List.of(), SOON))
                .hasToString("MultiResult[results=['" + OTP + "', {badrpc,{'EXIT',{undef,[{erlang,node,[],[]}]}}}],"
                        + " badNodes=[nowhere@nowhere]]");
    }

    @Test
    void whatItCallsMayPrintAndRead() throws InterruptedException {
        assertThat(erpc("io", "format", "[\"dropped ~p~n\", [1]]")).hasToString("ok");
        assertThat(erpc("io", "put_chars", "[[\"dropped\", 10]]")).hasToString("ok");
        assertThat(erpc("io", "requests", "[[{put_chars, unicode, \"a\"}, nl]]"))
                .hasToString("ok");
        assertThat(erpc("io", "get_line", "[\"prompt\"]")).hasToString("eof");
        assertThat(erpc("io", "fread", "[\"prompt\", \"~d\"]")).hasToString("eof");
        assertThat(erpc("io", "read", "[\"prompt\"]")).hasToString("eof");
        assertThat(erpc("io", "getopts", "[]")).hasToString("{error,enotsup}");
        assertThat(erpc("io", "setopts", "[[binary]]")).hasToString("{error,enotsup}");
        assertThat(erpc("io", "columns", "[]")).hasToString("{error,enotsup}");
        assertThat(erpc("logger", "error", "[\"dropped\"]")).hasToString("ok");
    }

    // ---- from Erlang

    @Test
    void erlangGetsEveryKindOfResult() {
        assertThat(erl("erpc:call($J, calc, add, [40, 2])")).isEqualTo("42");
        String kinds =
                "[try erpc:call($J, calc, fail, [K, boom]) catch C:R -> {C, R} end || K <- ['THROW','EXIT','ERROR']]";
        assertThat(erl(kinds))
                .isEqualTo("[{throw,boom},{exit,{exception,boom}},{error,{exception,boom,[{calc,fail,2,[]}]}}]");
        assertThat(erl("try erpc:call($J, calc, bug, []) catch C:R -> {C, R} end"))
                .isEqualTo("{error,{exception,{java_exception,'IllegalStateException'},[{calc,bug,0,[]}]}}");
        assertThat(erl("try erpc:call($J, os, cmd, [\"id\"]) catch C:R -> {C, R} end"))
                .isEqualTo("{error,{exception,undef,[{os,cmd,[\"id\"],[]}]}}");
        assertThat(erl("[rpc:call($J, calc, fail, [K, boom]) || K <- ['THROW','EXIT','ERROR']]"))
                .isEqualTo("[boom,{badrpc,{'EXIT',boom}},{badrpc,{'EXIT',{boom,[{calc,fail,2,[]}]}}}]");
        assertThat(erl("rpc:call($J, calc, add, [1])")).isEqualTo("{badrpc,{'EXIT',{undef,[{calc,add,[1],[]}]}}}");
    }

    @Test
    void erlangCallsInEveryWay() {
        assertThat(erl("erpc:multicall([$J, nowhere@nowhere], calc, add, [1, 2])"))
                .isEqualTo("[{ok,3},{error,{erpc,noconnection}}]");
        assertThat(erl("rpc:multicall([$J, nowhere@nowhere], calc, add, [1, 2])"))
                .isEqualTo("{[3],[nowhere@nowhere]}");
        assertThat(erl("erpc:receive_response(erpc:send_request($J, calc, add, [1, 2]), 5000)"))
                .isEqualTo("3");
        assertThat(erl("rpc:yield(rpc:async_call($J, calc, add, [1, 2]))")).isEqualTo("3");
        assertThat(erl("rpc:block_call($J, calc, add, [1, 2])")).isEqualTo("3");
        assertThat(erl("rpc:block_call($J, os, cmd, [\"id\"])"))
                .isEqualTo("{badrpc,{'EXIT',{undef,[{os,cmd,[\"id\"],[]}]}}}");
        assertThat(erl("{rpc:cast($J, calc, add, [1, 2]), erpc:cast($J, calc, add, [1, 2])}"))
                .isEqualTo("{true,ok}");
    }

    @Test
    void whatErlangGivesUpIsInterrupted() throws InterruptedException {
        assertThat(erl("rpc:call($J, calc, hang, [], 50)")).isEqualTo("{badrpc,timeout}");
        assertInterrupted();
        erl("register(caller, spawn(fun() -> erpc:call($J, calc, hang, []) end))");
        assertThat(hanging.tryAcquire(15, TimeUnit.SECONDS)).isTrue();
        erl("exit(whereis(caller), kill)");
        assertThat(interrupted.tryAcquire(15, TimeUnit.SECONDS)).isTrue();
        Await.until(SOON, "no process is left", () -> java.stats().mailboxes() == 0);
    }

    private static void assertInterrupted() throws InterruptedException {
        assertThat(hanging.tryAcquire(15, TimeUnit.SECONDS)).isTrue();
        assertThat(interrupted.tryAcquire(15, TimeUnit.SECONDS)).isTrue();
    }
}
