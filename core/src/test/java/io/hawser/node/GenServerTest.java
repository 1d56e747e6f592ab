package io.hawser.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.dist.ControlMessage;
import io.hawser.node.MemoryNetwork.ScriptedPeer;
import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.ListTerm;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.TermParser;
import io.hawser.term.Tuple;
import io.hawser.testing.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What callers and servers promise each other beyond a call and its reply. */
class GenServerTest {
    private static final Duration SOON = MemoryNetwork.SOON;
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Atom SERVER = Atom.of("server");
    private static final Atom BOOM = Atom.of("boom");

    private final MemoryNetwork network = new MemoryNetwork();
    private final Node here = network.start("here@host");
    private final Node there = network.start("there@host");
    private final Mailbox caller = here.mailbox();
    private final Tuple remote = Tuple.of(SERVER, there.name().atom());
    private final BlockingQueue<Term> terminated = new LinkedBlockingQueue<>();

    @AfterEach
    void stop() {
        network.close();
    }

    private static Term term(String text) {
        return TermParser.parse(text);
    }

    /** Replies to anything, {@code silence} apart; {@code {throw, Reason}} ends it. */
    private class Server implements GenServer.Callbacks {
        @Override
        public void onCall(Mailbox self, GenServer.Call call) throws Exception {
            if (call.request() instanceof Tuple ending) {
                throw ErlangException.exit(ending.element(1));
            }
            if (!call.request().equals(Atom.of("silence"))) {
                call.reply(self, call.request());
            }
        }

        @Override
        public void onTerminate(Mailbox self, Term reason) throws Exception {
            assertThat(self.isAlive()).isTrue();
            terminated.add(reason);
        }

        @Override
        public Term state() {
            return term("#{count => 1}");
        }
    }

    private Mailbox serve(GenServer.Callbacks callbacks) {
        Mailbox server = there.register(SERVER);
        GenServer.start(server, callbacks);
        return server;
    }

    private Term reasonOf(Term server, Term request, Duration timeout) throws InterruptedException {
        try {
            throw new AssertionError(GenServer.call(caller, server, request, timeout));
        } catch (CallException e) {
            return e.reason();
        }
    }

    private void assertNothingLeft() throws InterruptedException {
        assertThat(caller.receive(Duration.ZERO)).isEmpty();
        assertThat(here.kernel().processes.aliasCount()).isZero();
    }

    // ---- callers

    @Test
    void leavesNoMonitorBehindWhenTheRequestCannotBeSent() throws Exception {
        serve(new Server());
        network.endpoint(here).failSends(new IllegalStateException("output: too long"));
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> GenServer.call(caller, remote, BOOM, SOON))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("output: too long");
        }
        assertNothingLeft();
        network.endpoint(here).failSends(null);
        assertThat(GenServer.call(caller, remote, BOOM, SOON)).isEqualTo(BOOM);
        assertNothingLeft();
    }

    @Test
    void understandsAReplyToThePidAndDropsALateOne() throws Exception {
        ScriptedPeer old = network.script("old@host"); // knows no aliases
        Tuple server = Tuple.of(SERVER, old.node());
        assertThat(reasonOf(server, BOOM, SHORT)).isEqualTo(Atom.of("timeout"));
        Term late = tagAt(old);
        old.say(here, new ControlMessage.Send(old.pid(1), caller.self()), Tuple.of(late, BOOM));
        CompletableFuture<Term> inTime = CompletableFuture.supplyAsync(() -> call(server));
        Term tag = tagAt(old);
        old.say(here, new ControlMessage.Send(old.pid(1), caller.self()), Tuple.of(tag, Int.of(1)));
        assertThat(inTime.get(5, TimeUnit.SECONDS)).isEqualTo(Int.of(1));
        assertNothingLeft();
    }

    private Term call(Term server) {
        try {
            return GenServer.call(caller, server, BOOM, SOON);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Term tagAt(ScriptedPeer peer) throws InterruptedException {
        for (; ; ) {
            Term payload = peer.next().payload();
            if (payload != null) {
                return GenServer.Call.parse(payload).orElseThrow().tag();
            }
        }
    }

    @Test
    void forgetsTheOldestOfMoreLateRepliesThanItKeeps() {
        var late = new LateReplies();
        Reference first = here.makeReference();
        late.add(first);
        Reference last = first;
        for (int i = 0; i < LateReplies.MAX; i++) {
            last = here.makeReference();
            late.add(last);
        }
        assertThat(late.takes(reply(first))).isFalse();
        assertThat(late.takes(reply(last))).isTrue();
        assertThat(late.takes(reply(last))).isFalse();
    }

    private static Message reply(Reference call) {
        return new Message.Sent(Tuple.of(new io.hawser.term.ImproperList(List.of(Atom.of("alias")), call), BOOM));
    }

    @Test
    void doesNotCallItself() throws Exception {
        here.register(SERVER, caller);
        Atom callingSelf = Atom.of("calling_self");
        assertThat(reasonOf(caller.self(), BOOM, SOON)).isEqualTo(callingSelf);
        assertThat(reasonOf(SERVER, BOOM, SOON)).isEqualTo(callingSelf);
        assertThat(reasonOf(Tuple.of(SERVER, here.name().atom()), BOOM, SOON)).isEqualTo(callingSelf);
        assertNothingLeft();
    }

    @Test
    void leavesNothingBehindWhenInterrupted() throws Exception {
        serve(new Server());
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> GenServer.call(caller, remote, Atom.of("silence"), SOON))
                .isInstanceOf(InterruptedException.class);
        assertNothingLeft();
    }

    @Test
    void callsTheServersOfSeveralNodes() throws Exception {
        serve(new Server());
        GenServer.start(here.register(SERVER), new Server());
        Atom nowhere = Atom.of("nowhere@nowhere");
        List<Atom> nodes = List.of(there.name().atom(), nowhere, here.name().atom(), nowhere);
        GenServer.MultiReply reply = GenServer.multiCall(caller, nodes, SERVER, BOOM, SOON);
        assertThat(reply.replies()).containsOnlyKeys(nodes.get(0), nodes.get(2)).containsValue(BOOM);
        assertThat(reply.badNodes()).containsExactly(nowhere);
        reply = GenServer.multiCall(caller, nodes.subList(0, 1), SERVER, Atom.of("silence"), SHORT);
        assertThat(reply.badNodes()).containsExactly(nodes.get(0));
        assertNothingLeft();
    }

    @Test
    void castsFromNoProcessInParticular() throws Exception {
        Mailbox server = there.register(SERVER);
        GenServer.cast(here, Tuple.of(SERVER, there.name().atom()), BOOM);
        assertThat(server.receive(SOON).orElseThrow().toTerm()).hasToString("{'$gen_cast',boom}");
    }

    @Test
    void castsToTheServersOfSeveralNodes() throws Exception {
        Mailbox server = there.register(SERVER);
        GenServer.abcast(caller, List.of(there.name().atom(), Atom.of("nowhere@nowhere")), SERVER, BOOM);
        assertThat(server.receive(SOON).orElseThrow().toTerm()).hasToString("{'$gen_cast',boom}");
    }

    @Test
    void callsWithoutWaiting() throws Exception {
        serve(new Server());
        assertThat(async(BOOM, SOON).get(5, TimeUnit.SECONDS)).isEqualTo(BOOM);
        assertFails("timeout", async(Atom.of("silence"), SHORT));
        CompletableFuture<Term> cancelled = async(Atom.of("silence"), SOON);
        cancelled.cancel(false);
        assertFails("boom", async(term("{throw, boom}"), SOON));
        assertFails("noproc", async(BOOM, SOON));
        Await.until(SOON, "only the caller is left", () -> here.stats().mailboxes() == 1);
        assertNothingLeft();
    }

    private CompletableFuture<Term> async(Term request, Duration timeout) {
        return GenServer.callAsync(here, remote, request, timeout);
    }

    private static void assertFails(String reason, CompletableFuture<Term> call) {
        assertThatThrownBy(() -> call.get(5, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(
                        CallException.class, e -> assertThat(e.reason()).hasToString(reason));
    }

    @Test
    void failsWhatWaitsWhenItsNodeIsClosed() {
        serve(new Server());
        CompletableFuture<Term> call = async(Atom.of("silence"), SOON);
        here.close();
        assertThatThrownBy(() -> call.get(5, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(
                        MailboxExitException.class, e -> assertThat(e.reason()).hasToString("shutdown"));
    }

    // ---- servers

    @Test
    void endsWithTheReasonThatACallbackThrows() throws Exception {
        for (String reason : List.of("normal", "shutdown", "{shutdown,idle}", "boom")) {
            Mailbox server = serve(new Server());
            caller.trapExit(true);
            caller.link(server.self());
            assertThat(reasonOf(remote, Tuple.of(Atom.of("throw"), term(reason)), SOON))
                    .isEqualTo(term(reason));
            assertThat(caller.receive(SOON)).contains(new Message.Exit(server.self(), term(reason)));
            assertThat(terminated.take()).isEqualTo(term(reason));
        }
        assertThat(terminated).isEmpty();
    }

    /** As OTP 25 says of {@code handle_call(From, _, S) -> {reply, gen_server:call(Server, hello, 20), S}}. */
    @Test
    void endsAsInErlangWhenACallOfItsOwnFails() throws Exception {
        Mailbox silent = there.mailbox();
        Mailbox gone = there.mailbox();
        gone.close();
        for (Mailbox asked : List.of(silent, gone)) {
            serve(new Server() {
                @Override
                public void onCall(Mailbox self, GenServer.Call call) throws Exception {
                    call.reply(self, GenServer.call(self, asked.self(), call.request(), SHORT));
                }
            });
            Tuple failure = (Tuple) reasonOf(remote, Atom.of("hello"), SOON);
            assertThat(failure.element(0)).isEqualTo(asked == silent ? Atom.of("timeout") : Atom.of("noproc"));
            assertThat(failure.element(1))
                    .hasToString("{gen_server,call,[" + asked.self() + ",hello," + SHORT.toMillis() + "]}");
            assertThat(terminated.take()).isEqualTo(failure);
        }
    }

    @Test
    void endsAsInErlangWhenAStopOfItsOwnFails() throws Exception {
        serve(new Server() {
            @Override
            public void onCall(Mailbox self, GenServer.Call call) throws Exception {
                GenServer.stop(there, Atom.of("nobody"), BOOM, SOON);
            }
        });
        assertThat(reasonOf(remote, BOOM, SOON)).isEqualTo(Atom.of("noproc"));
    }

    @Test
    void endsWithWhatItsCleanUpThrows() throws Exception {
        serve(new Server() {
            @Override
            public void onTerminate(Mailbox self, Term reason) {
                throw new IllegalStateException("while cleaning up after " + reason);
            }
        });
        assertThat(reasonOf(remote, term("{throw, normal}"), SOON))
                .hasToString("{{java_exception,'IllegalStateException'},[]}");
    }

    @Test
    void endsTheMailboxForAnErrorToo() throws Exception {
        Mailbox server = there.register(SERVER);
        CompletableFuture<Term> end = CompletableFuture.supplyAsync(() -> {
            try {
                return GenServer.run(server, (self, call) -> {
                    throw new NoClassDefFoundError("secret");
                });
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        Term reason = term("{{java_exception,'NoClassDefFoundError'},[]}");
        assertThat(reasonOf(remote, BOOM, SOON)).isEqualTo(reason);
        assertThat(end.get(5, TimeUnit.SECONDS)).isEqualTo(reason);
    }

    @Test
    void repliesFromAnyThreadAndEvenAfterItsEnd() throws Exception {
        Mailbox server = there.mailbox();
        CompletableFuture<Term> first = GenServer.callAsync(here, server.self(), BOOM, SOON);
        GenServer.Call call = GenServer.Call.parse(server.receive()).orElseThrow();
        CompletableFuture.runAsync(() -> call.reply(server, Int.of(1))).get(5, TimeUnit.SECONDS);
        assertThat(first.get(5, TimeUnit.SECONDS)).isEqualTo(Int.of(1));
        Reference alias = caller.alias();
        server.close();
        new GenServer.Call(caller.self(), new io.hawser.term.ImproperList(List.of(Atom.of("alias")), alias), BOOM)
                .reply(there, Int.of(2));
        assertThat(((Tuple) caller.receive(SOON).orElseThrow().toTerm()).element(1))
                .isEqualTo(Int.of(2));
    }

    @Test
    void servesOthersWhileOneCallersNodeDoesNotRead() throws Exception {
        Mailbox server = there.mailbox();
        CompletableFuture<Term> waiting = GenServer.callAsync(here, server.self(), BOOM, SOON);
        GenServer.Call call = GenServer.Call.parse(server.receive()).orElseThrow();
        network.endpoint(there).full(true);
        assertThat(call.tryReply(server, Int.of(1))).isFalse();
        CompletableFuture<Term> other = GenServer.callAsync(there, server.self(), BOOM, SOON);
        GenServer.Call ofOther = GenServer.Call.parse(server.receive()).orElseThrow();
        assertThat(ofOther.tryReply(server, Int.of(2))).isTrue();
        assertThat(other.get(5, TimeUnit.SECONDS)).isEqualTo(Int.of(2));
        network.endpoint(there).full(false);
        assertThat(call.tryReply(server, Int.of(1))).isTrue();
        assertThat(waiting.get(5, TimeUnit.SECONDS)).isEqualTo(Int.of(1));
    }

    // ---- sys

    private Term system(String request) throws InterruptedException {
        return GenRequest.send(caller, Atom.of("system"), remote, term(request)).await(SOON);
    }

    @Test
    void stopsWhenAskedTo() throws Exception {
        Mailbox server = serve(new Server());
        GenServer.stop(here, remote, BOOM, SOON);
        assertThat(server.exitReason()).contains(BOOM);
        assertThat(terminated.take()).isEqualTo(BOOM);
        assertThatThrownBy(() -> GenServer.stop(here, remote, BOOM, SOON))
                .isInstanceOf(CallException.class)
                .hasMessage("call to {server,there@host}: no reply: noproc");
    }

    @Test
    void showsItsState() throws Exception {
        Mailbox server = serve(new Server());
        assertThat(system("get_state")).isEqualTo(term("#{count => 1}"));
        assertThat(system("get_status").toString())
                .startsWith("{status," + server.self() + ",{module,gen_server},[[],running,")
                .endsWith("{data,[{" + ListTerm.ofString("State") + ",#{count => 1}}]}]]}");
        assertThat(system("{replace_state, no_fun}"))
                .hasToString("{error,{unknown_system_msg,{replace_state,no_fun}}}");
        assertThat(system("{debug, no_debug}")).isEqualTo(Atom.OK);
    }

    @Test
    void livesOnWhenItsStateCannotBeShown() throws Exception {
        serve(new Server() {
            @Override
            public Term state() {
                throw new IllegalStateException("secret");
            }
        });
        assertThat(system("get_state"))
                .hasToString(
                        "{error,{callback_failed,{gen_server,state},{error,{java_exception,'IllegalStateException'}}}}");
        assertThat(GenServer.call(caller, remote, BOOM, SOON)).isEqualTo(BOOM);
    }

    @Test
    void waitsWhileItIsSuspended() throws Exception {
        serve(new Server());
        assertThat(system("suspend")).isEqualTo(Atom.OK);
        assertThat(reasonOf(remote, BOOM, SHORT)).isEqualTo(Atom.of("timeout"));
        CompletableFuture<Term> later = async(BOOM, SOON);
        assertThat(system("get_status").toString()).contains(",suspended,");
        assertThat(later).isNotDone();
        assertThat(system("resume")).isEqualTo(Atom.OK);
        assertThat(later.get(5, TimeUnit.SECONDS)).isEqualTo(BOOM);
        system("suspend");
        GenServer.stop(here, remote, Atom.of("normal"), SOON);
        assertNothingLeft();
    }

    @Test
    void refusesWhatItsOwnerDoesNotAllow() throws Exception {
        serve(new Server() {
            @Override
            public boolean allowsSystem(Term request) {
                return request.equals(Atom.of("get_state"));
            }
        });
        assertThatThrownBy(() -> GenServer.stop(here, remote, BOOM, SOON))
                .hasMessage("call to {server,there@host}: no reply: {error,{unknown_system_msg,{terminate,boom}}}");
        assertThat(system("get_state")).isEqualTo(term("#{count => 1}"));
        assertThat(GenServer.call(caller, remote, BOOM, SOON)).isEqualTo(BOOM);
    }
}
