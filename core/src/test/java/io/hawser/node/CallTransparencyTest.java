package io.hawser.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.ListTerm;
import io.hawser.term.NodeName;
import io.hawser.term.Pid;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import io.hawser.testing.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Calls of servers and functions, and spawned processes: the same, whether they are on this node or on another. */
abstract class CallTransparencyTest extends ProcessPair {
    CallTransparencyTest(NodeStarter network, boolean sameNode) {
        super(network, sameNode);
    }

    // ---- calls

    @Test
    void callsAServer() throws Exception {
        GenServer.start(nodeB.register("server"), new Doubler());
        assertThat(GenServer.call(a, name("server", nodeB), Int.of(21), SOON)).isEqualTo(Int.of(42));
        assertThat(GenServer.call(nodeA, name("server", nodeB), Int.of(4), SOON))
                .isEqualTo(Int.of(8));
        expectNothingMore(b, a);
    }

    private static final class Doubler implements GenServer.Callbacks {
        @Override
        public void onCall(Mailbox self, GenServer.Call call) {
            if (call.request() instanceof Int i) {
                call.reply(self, Int.of(2 * i.value()));
            } else if (call.request().equals(BOOM)) {
                self.exit(BOOM);
            }
        }
    }

    @Test
    void saysWhyACallGotNoReply() throws Exception {
        GenServer.start(nodeB.register("server"), new Doubler());
        assertThat(reasonOf(name("server", nodeB), Atom.of("silence"), Duration.ofMillis(20)))
                .isEqualTo(Atom.of("timeout"));
        assertThat(reasonOf(name("server", nodeB), BOOM, SOON)).isEqualTo(BOOM);
        assertThat(reasonOf(name("server", nodeB), BOOM, SOON)).isEqualTo(Atom.of("noproc"));
        assertThat(reasonOf(name("server", "nowhere@nowhere"), BOOM, SOON))
                .isEqualTo(Tuple.of(Atom.of("nodedown"), Atom.of("nowhere@nowhere")));
        assertThat(a.receive(Duration.ZERO)).isEmpty();
    }

    private static Tuple name(String name, String node) {
        return Tuple.of(Atom.of(name), Atom.of(node));
    }

    private Term reasonOf(Term server, Term request, Duration timeout) throws InterruptedException {
        try {
            throw new AssertionError(GenServer.call(a, server, request, timeout));
        } catch (CallException e) {
            return e.reason();
        }
    }

    @Test
    void dropsAReplyThatComesTooLate() throws Exception {
        nodeB.register(Atom.of("server"), b);
        assertThat(reasonOf(name("server", nodeB), Int.of(1), Duration.ofMillis(10)))
                .isEqualTo(Atom.of("timeout"));
        GenServer.Call call = GenServer.Call.parse(next(b)).orElseThrow();
        call.reply(b, Int.of(2));
        expectNothingMore(b, a);
    }

    @Test
    void casts() throws Exception {
        GenServer.cast(a, b.self(), Int.of(1));
        assertThat(next(b).toTerm()).isEqualTo(Tuple.of(Atom.of("$gen_cast"), Int.of(1)));
    }

    @Test
    void pings() throws Exception {
        assertThat(nodeA.ping(nodeB.name(), SOON)).isTrue();
        assertThat(nodeA.ping(NodeName.parse("nowhere@nowhere"), SOON)).isFalse();
    }

    // ---- erpc and rpc

    private Term erpc(String function, Term... arguments) throws InterruptedException {
        return Erpc.call(nodeA, nodeB.name().atom(), Atom.of("calc"), Atom.of(function), List.of(arguments), SOON);
    }

    @Test
    void callsAFunctionByErpc() throws Exception {
        assertThat(erpc("add", Int.of(1), Int.of(2))).isEqualTo(Int.of(3));
    }

    @Test
    void raisesWhatTheFunctionRaises() {
        assertRaises("error", "{exception,boom,[{calc,fail,1,[]}]}", () -> erpc("fail", BOOM));
        assertRaises("exit", "{exception,boom}", () -> erpc("exit", BOOM));
        assertRaises("throw", "boom", () -> erpc("throw", BOOM));
        assertRaises(
                "error", "{exception,{java_exception,'NullPointerException'},[{calc,npe,0,[]}]}", () -> erpc("npe"));
        assertRaises(
                "error",
                "{exception,{java_exception,'NoClassDefFoundError'},[{calc,error,0,[]}]}",
                () -> erpc("error"));
        assertRaises(
                "error",
                "{exception,{java_exception,'NullPointerException'},[{calc,nothing,0,[]}]}",
                () -> erpc("nothing"));
        assertRaises("error", "{exception,undef,[{calc,missing,[boom],[]}]}", () -> erpc("missing", BOOM));
    }

    private static void assertRaises(String kind, String reason, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(ErlangException.class, e -> {
            assertThat(e.kind().atom()).isEqualTo(Atom.of(kind));
            assertThat(e.reason()).hasToString(reason);
        });
    }

    @Test
    void givesUpOnAFunctionThatHangs() {
        assertRaises(
                "error",
                "{erpc,timeout}",
                () -> Erpc.call(
                        nodeA,
                        nodeB.name().atom(),
                        Atom.of("calc"),
                        Atom.of("hang"),
                        List.of(),
                        Duration.ofMillis(50)));
    }

    @Test
    void callsAFunctionWithoutWaiting() throws Exception {
        assertThat(erpcAsync("add", SOON, Int.of(1), Int.of(2)).get()).isEqualTo(Int.of(3));
        assertFails("call to calc:throw/1 at " + nodeB.name() + ": throw: boom", erpcAsync("throw", SOON, BOOM));
        assertFails(
                "call to calc:hang/0 at " + nodeB.name() + ": error: {erpc,timeout}",
                erpcAsync("hang", Duration.ofMillis(30)));
        CompletableFuture<Term> given = erpcAsync("hang", SOON);
        given.cancel(true);
        assertFails(
                "call to calc:hang/0 at " + nodeB.name() + ": badrpc: timeout",
                Rpc.callAsync(
                        nodeA,
                        nodeB.name().atom(),
                        Atom.of("calc"),
                        Atom.of("hang"),
                        List.of(),
                        Duration.ofMillis(30)));
        Await.until(SOON, "no mailbox but the two is left", () -> nodeA.stats().mailboxes() <= 2);
    }

    private CompletableFuture<Term> erpcAsync(String function, Duration timeout, Term... arguments) {
        return Erpc.callAsync(
                nodeA, nodeB.name().atom(), Atom.of("calc"), Atom.of(function), List.of(arguments), timeout);
    }

    private static void assertFails(String message, CompletableFuture<Term> call) {
        assertThatThrownBy(call::get).cause().hasMessage(message);
    }

    @Test
    void callsAFunctionOnSeveralNodes() throws Exception {
        List<Atom> nodes = List.of(
                nodeB.name().atom(), Atom.of("nowhere@nowhere"), nodeA.name().atom());
        List<Erpc.Result> results =
                Erpc.multicall(nodeA, nodes, Atom.of("calc"), Atom.of("add"), List.of(Int.of(1), Int.of(2)), SOON);
        assertThat(results)
                .hasSize(3)
                .element(1)
                .isInstanceOfSatisfying(
                        Erpc.Raised.class,
                        raised -> assertThat(raised.exception())
                                .hasMessage("call to calc:add/2 at nowhere@nowhere: error: {erpc,noconnection}"));
        assertThat(List.of(results.get(0), results.get(2)))
                .containsExactly(new Erpc.Value(nodes.get(0), Int.of(3)), new Erpc.Value(nodes.get(2), Int.of(3)));
        assertThat(Rpc.multicall(nodeA, nodes, Atom.of("calc"), Atom.of("exit"), List.of(BOOM), SOON))
                .hasToString("MultiResult[results=[{badrpc,{'EXIT',boom}}, {badrpc,{'EXIT',boom}}],"
                        + " badNodes=[nowhere@nowhere]]");
        assertThat(Rpc.multicall(nodeA, nodes, Atom.of("calc"), Atom.of("hang"), List.of(), Duration.ofMillis(30)))
                .hasToString("MultiResult[results=[], badNodes=[" + nodes.get(0) + ", nowhere@nowhere, " + nodes.get(2)
                        + "]]");
    }

    @Test
    void callsAFunctionByRpc() throws Exception {
        assertThat(rpc("add", Int.of(1), Int.of(2))).isEqualTo(Int.of(3));
        assertThat(rpc("throw", BOOM)).isEqualTo(BOOM);
        assertBadRpc("{'EXIT',{boom,[{calc,fail,1,[]}]}}", () -> rpc("fail", BOOM));
        assertBadRpc("{'EXIT',boom}", () -> rpc("exit", BOOM));
        assertBadRpc("{'EXIT',{undef,[{calc,missing,[],[]}]}}", () -> rpc("missing"));
        assertBadRpc(
                "nodedown",
                () -> Rpc.call(nodeA, Atom.of("nowhere@nowhere"), Atom.of("calc"), Atom.of("add"), List.of(), SOON));
        assertBadRpc(
                "timeout",
                () -> Rpc.call(
                        nodeA,
                        nodeB.name().atom(),
                        Atom.of("calc"),
                        Atom.of("hang"),
                        List.of(),
                        Duration.ofMillis(50)));
    }

    private Term rpc(String function, Term... arguments) throws InterruptedException {
        return Rpc.call(nodeA, nodeB.name().atom(), Atom.of("calc"), Atom.of(function), List.of(arguments), SOON);
    }

    private static void assertBadRpc(String reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        RpcException.class, e -> assertThat(e.reason()).hasToString(reason));
    }

    @Test
    void answersTheOldFormOfRpc() throws Exception {
        Term request =
                Tuple.of(Atom.of("call"), Atom.of("calc"), Atom.of("add"), ListTerm.of(Int.of(2), Int.of(3)), a.self());
        assertThat(GenServer.call(a, name("rex", nodeB), request, SOON)).isEqualTo(Int.of(5));
        assertThat(GenServer.call(a, name("rex", nodeB), Atom.of("what"), SOON))
                .hasToString("{badrpc,{'EXIT',{undef,[{rex,what,[],[]}]}}}");
        a.send(name("rex", nodeB), Tuple.of(a.self(), Atom.of("features_request")));
        assertThat(next(a).toTerm()).hasToString("{features_reply," + nodeB.name() + ",[]}");
    }

    // ---- spawn

    private Reference spawn(String function, Term argument, SpawnOption... options) {
        return a.spawnRequest(nodeB.name().atom(), Atom.of("calc"), Atom.of(function), List.of(argument), options);
    }

    private Pid spawned(Reference ref) throws InterruptedException {
        Tuple reply = (Tuple) next(a).toTerm();
        assertThat(reply.elements().subList(0, 3)).containsExactly(Atom.of("spawn_reply"), ref, Atom.OK);
        return (Pid) reply.element(3);
    }

    @Test
    void spawnsAProcessThatWasRegistered() throws Exception {
        Pid pid = spawned(spawn("tell", a.self()));
        assertThat(next(a).toTerm()).isEqualTo(Tuple.of(Atom.of("hello"), pid));
    }

    @Test
    void linksAndMonitorsWhatItSpawns() throws Exception {
        a.trapExit(true);
        Reference ref = spawn("tell", a.self(), SpawnOption.LINK, SpawnOption.MONITOR);
        Pid pid = spawned(ref);
        next(a);
        a.exit(pid, BOOM);
        assertThat(List.of(next(a), next(a)))
                .containsExactly(new Message.Exit(pid, BOOM), new Message.Down(ref, pid, BOOM));
    }

    @Test
    void answersASpawnBeforeTheProcessEnds() throws Exception {
        a.trapExit(true);
        for (int i = 0; i < 50; i++) {
            Reference ref = spawn("quick", BOOM, SpawnOption.LINK, SpawnOption.MONITOR);
            Pid pid = spawned(ref);
            assertThat(List.of(next(a), next(a)))
                    .containsExactly(new Message.Exit(pid, BOOM), new Message.Down(ref, pid, BOOM));
        }
    }

    @Test
    void endsAProcessOfAnUndefinedFunctionAtOnce() throws Exception {
        Reference ref = spawn("missing", BOOM, SpawnOption.MONITOR);
        Pid pid = spawned(ref);
        assertThat(next(a).toTerm())
                .isEqualTo(Tuple.of(
                        Atom.of("DOWN"),
                        ref,
                        Atom.of("process"),
                        pid,
                        Tuple.of(
                                Atom.of("undef"),
                                ListTerm.of(Tuple.of(
                                        Atom.of("calc"), Atom.of("missing"), ListTerm.of(BOOM), ListTerm.EMPTY)))));
    }

    @Test
    void endsWhatWasSpawnedWithALinkToAProcessThatHasEnded() throws Exception {
        Mailbox other = nodeA.mailbox();
        expectNothingMore(other, b);
        int before = nodeB.stats().mailboxes() - (nodeA == nodeB ? 1 : 0);
        spawn("tell", other.self(), SpawnOption.LINK);
        a.exit(BOOM);
        expectNothingMore(other, b); // the request has arrived
        Await.until(SOON, "the end of the spawned process", () -> nodeB.stats().mailboxes() == before);
    }

    @Test
    void saysThatANodeCannotBeReachedToSpawnOn() throws Exception {
        Reference ref = a.spawnRequest(Atom.of("nowhere@nowhere"), Atom.of("calc"), Atom.of("tell"), List.of(a.self()));
        assertThat(next(a).toTerm())
                .isEqualTo(Tuple.of(Atom.of("spawn_reply"), ref, Atom.ERROR, Atom.of("noconnection")));
    }
}
