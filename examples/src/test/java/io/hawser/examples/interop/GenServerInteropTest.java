package io.hawser.examples.interop;

import static io.hawser.examples.interop.Pair.JAVA;
import static io.hawser.examples.interop.Pair.OTP;
import static io.hawser.examples.interop.Pair.SOON;
import static io.hawser.examples.interop.Pair.term;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.node.CallException;
import io.hawser.node.ErlangException;
import io.hawser.node.GenServer;
import io.hawser.node.Mailbox;
import io.hawser.term.Atom;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import io.hawser.testing.Interop;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Erlang's and Elixir's callers make of a Hawser server, and Hawser's callers of theirs. */
@Interop
class GenServerInteropTest {
    private static final Term SERVER = Tuple.of(Atom.of("server"), OTP.atom());

    @TempDir
    private static Path directory;

    private static Pair pair;

    private Mailbox server;

    @BeforeAll
    static void start() throws InterruptedException {
        pair = new Pair(Carrier.TCP, directory);
        pair.java.connect(OTP, SOON);
    }

    @AfterAll
    static void stop() {
        pair.close();
    }

    @BeforeEach
    void serve() {
        server = pair.java.register("server");
        GenServer.start(server, new Server());
    }

    @AfterEach
    void end() {
        server.close();
    }

    /** Echoes; {@code silence} gets no reply, {@code {stop, Reason}} ends it, a cast is sent on. */
    private static final class Server implements GenServer.Callbacks {
        @Override
        public void onCall(Mailbox self, GenServer.Call call) {
            if (call.request() instanceof Tuple t && t.element(0).equals(Atom.of("stop"))) {
                throw ErlangException.exit(t.element(1));
            }
            if (!call.request().equals(Atom.of("silence"))) {
                call.reply(self, call.request());
            }
        }

        @Override
        public void onCast(Mailbox self, Term request) {
            self.send(((Tuple) request).element(0), ((Tuple) request).element(1));
        }

        @Override
        public Term state() {
            return term("#{count => 1}");
        }
    }

    @Test
    void genServerStopEndsIt() {
        assertThat(pair.erl("gen_server:stop({server, $J}, {shutdown, idle}, 5000)"))
                .isEqualTo("ok");
        assertThat(server.exitReason()).contains(term("{shutdown, idle}"));
        assertThat(pair.erl("try gen_server:stop({server, $J}) catch exit:Why -> Why end"))
                .isEqualTo("noproc");
    }

    @Test
    void sysSeesItsStateAndSuspendsIt() {
        assertThat(pair.erl("sys:get_state({server, $J})")).isEqualTo("#{count => 1}");
        assertThat(pair.erl("""
                {status, Pid, {module, gen_server}, [_, running, _, _, [Header, General, State]]} =
                    sys:get_status({server, $J}),
                {node(Pid), Header, State}"""))
                .isEqualTo("{'" + JAVA + "',{header,\"Status for generic server server\"},"
                        + "{data,[{\"State\",#{count => 1}}]}}");
        assertThat(pair.erl("sys:suspend({server, $J})")).isEqualTo("ok");
        assertThat(pair.erl("try gen_server:call({server, $J}, x, 50) catch exit:{Why, _} -> Why end"))
                .isEqualTo("timeout");
        assertThat(pair.erl("sys:resume({server, $J}), gen_server:call({server, $J}, y)"))
                .isEqualTo("y");
        assertThat(pair.erl("try sys:replace_state({server, $J}, fun(S) -> S end) catch error:{Why, _} -> Why end"))
                .isEqualTo("unknown_system_msg");
    }

    @Test
    void theReasonItEndsWithIsWhatCallersSee() {
        for (String reason : List.of("normal", "shutdown", "{shutdown,idle}", "boom")) {
            assertThat(pair.erl("try gen_server:call({server, $J}, {stop, " + reason + "}) catch exit:{W, _} -> W end"))
                    .isEqualTo(reason);
            serve();
        }
        assertThat(pair.erl("try gen_server:call({missing, $J}, x) catch exit:{W, _} -> W end"))
                .isEqualTo("noproc");
    }

    @Test
    void aConnectionLostWhileCallingIsNodedown() {
        pair.erl("Me = self(), register(holding, spawn(fun() ->"
                + "  Me ! {lost, try gen_server:call({server, $J}, silence) catch exit:{W, _} -> W end} end)),"
                + "gen_server:call({server, $J}, behind_it)");
        pair.java.disconnect(OTP);
        assertThat(pair.erl("receive {lost, Why} -> Why after 15000 -> nothing end"))
                .isEqualTo("{nodedown,'" + JAVA + "'}");
        assertThat(pair.erl("net_adm:ping($J)")).isEqualTo("pong");
    }

    @Test
    void requestsAreWaitedForInEveryWay() {
        assertThat(pair.erl("gen_server:wait_response(gen_server:send_request({server, $J}, a), 5000)"))
                .isEqualTo("{reply,a}");
        assertThat(pair.erl("gen_server:receive_response(gen_server:send_request({server, $J}, b), 5000)"))
                .isEqualTo("{reply,b}");
        assertThat(pair.erl("R = gen_server:send_request({server, $J}, c),"
                        + "receive M -> gen_server:check_response(M, R) after 5000 -> nothing end"))
                .isEqualTo("{reply,c}");
        assertThat(pair.erl("""
                All = lists:foldl(fun(N, C) -> gen_server:send_request({server, $J}, N, N, C) end,
                    gen_server:reqids_new(), [1, 2]),
                {{reply, A}, A, Rest} = gen_server:receive_response(All, 5000, true),
                {{reply, B}, B, Empty} = gen_server:wait_response(Rest, 5000, true),
                {lists:sort([A, B]), gen_server:reqids_size(Empty)}""")).isEqualTo("{[1,2],0}");
        assertThat(pair.erl("gen_server:receive_response(gen_server:send_request({server, $J}, silence), 30)"))
                .isEqualTo("timeout");
        assertThat(pair.erl("{error, {Why, _}} = gen_server:receive_response("
                        + "gen_server:send_request({server, $J}, {stop, boom}), 5000), Why"))
                .isEqualTo("boom");
    }

    @Test
    void multiCallAndAbcastReachIt() {
        String replies = "{[{'" + JAVA + "',x}],[nowhere@nowhere]}";
        assertThat(pair.erl("gen_server:multi_call([$J, nowhere@nowhere], server, x)"))
                .isEqualTo(replies);
        assertThat(pair.erl("gen_server:multi_call([$J, nowhere@nowhere], server, x, 5000)"))
                .isEqualTo(replies);
        assertThat(pair.erl("gen_server:multi_call([$J], server, silence, 50)")).isEqualTo("{[],['" + JAVA + "']}");
        assertThat(pair.erl("abcast = gen_server:abcast([$J], server, {self(), cast}),"
                        + "receive M -> M after 5000 -> nothing end"))
                .isEqualTo("cast");
    }

    @Test
    void genStatemSpeaksToIt() {
        assertThat(pair.erl("[gen_statem:call({server, $J}, x, T) || T <- [infinity, 5000, {dirty_timeout, 5000}]]"))
                .isEqualTo("[x,x,x]");
        assertThat(pair.erl("gen_statem:cast({server, $J}, {self(), cast}), receive M -> M after 5000 -> nothing end"))
                .isEqualTo("cast");
        assertThat(pair.erl("gen_statem:stop({server, $J})")).isEqualTo("ok");
    }

    @Test
    void elixirSpeaksToIt() {
        var elixir = new Elixir(pair.otp);
        assertThat(elixir.eval("GenServer.call({:server, $J}, %{a: [1, 2.5, \"b\"]})"))
                .isEqualTo("%{a: [1, 2.5, \"b\"]}");
        assertThat(elixir.eval(
                        "GenServer.cast({:server, $J}, {self(), :cast}); receive do m -> m after 5000 -> nil end"))
                .isEqualTo(":cast");
        assertThat(elixir.eval("GenServer.multi_call([$J], :server, :x, 5000)"))
                .isEqualTo("{[\"" + JAVA + "\": :x], []}");
        assertThat(elixir.eval(
                        "GenServer.abcast([$J], :server, {self(), :all}); receive do m -> m after 5000 -> nil end"))
                .isEqualTo(":all");
        assertThat(elixir.eval("try do GenServer.call({:server, $J}, :silence, 30) catch :exit, {why, _} -> why end"))
                .isEqualTo(":timeout");
        assertThat(elixir.eval("try do GenServer.call({:server, $J}, {:stop, :boom}) catch :exit, {why, _} -> why end"))
                .isEqualTo(":boom");
        serve();
        assertThat(elixir.eval("GenServer.stop({:server, $J}, :shutdown)")).isEqualTo(":ok");
        assertThat(server.exitReason()).contains(Atom.of("shutdown"));
    }

    @Test
    void anElixirServerAnswersAtOnceAndLater() throws Exception {
        new Elixir(pair.otp).eval("""
                defmodule Late do
                  use GenServer
                  def init(_), do: {:ok, []}
                  def handle_call(:later, from, held), do: {:noreply, [from | held]}
                  def handle_call(:release, _from, held) do
                    Enum.each(held, &GenServer.reply(&1, :released))
                    {:reply, length(held), []}
                  end
                end
                {:ok, _} = GenServer.start(Late, [], name: Late)""");
        Term late = Tuple.of(Atom.of("Elixir.Late"), OTP.atom());
        var held = GenServer.callAsync(pair.java, late, Atom.of("later"), SOON);
        while (GenServer.call(pair.java, late, Atom.of("release"), SOON)
                .toString()
                .equals("0")) {
            // the other call has not arrived yet
        }
        assertThat(held.get(15, TimeUnit.SECONDS)).hasToString("released");
        GenServer.stop(pair.java, late, Atom.of("normal"), SOON);
    }

    @Test
    void erlangServersAreStoppedAndCalledAtOnce() throws Exception {
        Pair.startServer(pair.otp);
        try (Mailbox me = pair.java.mailbox()) {
            GenServer.MultiReply replies = GenServer.multiCall(
                    me, List.of(OTP.atom(), Atom.of("nowhere@nowhere")), Atom.of("server"), term("{echo, x}"), SOON);
            assertThat(replies).hasToString("MultiReply[replies={'" + OTP + "'=x}, badNodes=[nowhere@nowhere]]");
            GenServer.abcast(
                    me, List.of(OTP.atom()), Atom.of("server"), Tuple.of(Atom.of("tell"), me.self(), Atom.of("told")));
            assertThat(Pair.next(me)).isEqualTo("told");
            var ending = GenServer.callAsync(pair.java, SERVER, term("{stop, boom}"), SOON);
            assertThatThrownBy(() -> ending.get(15, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOfSatisfying(
                            CallException.class, e -> assertThat(e.reason()).hasToString("boom"));
        }
        Pair.startServer(pair.otp);
        GenServer.stop(pair.java, SERVER, Atom.of("shutdown"), SOON);
        assertThatThrownBy(() -> GenServer.stop(pair.java, SERVER, Atom.of("shutdown"), SOON))
                .isInstanceOfSatisfying(
                        CallException.class, e -> assertThat(e.reason()).hasToString("noproc"));
    }
}
