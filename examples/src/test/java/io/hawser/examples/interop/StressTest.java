package io.hawser.examples.interop;

import static io.hawser.examples.interop.Pair.JAVA;
import static io.hawser.examples.interop.Pair.OTP;
import static io.hawser.examples.interop.Pair.SOON;
import static io.hawser.examples.interop.Pair.nextTerm;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.node.Mailbox;
import io.hawser.node.MailboxOptions;
import io.hawser.node.Message;
import io.hawser.term.Atom;
import io.hawser.term.Binary;
import io.hawser.term.Int;
import io.hawser.term.ListTerm;
import io.hawser.term.Pid;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import io.hawser.testing.Await;
import io.hawser.testing.Interop;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Thousands of links, monitors and exit signals between Hawser and OTP, behind bulk data and through lost connections. */
@Interop
@ParameterizedClass(name = "hawser dials: {0}")
@ValueSource(booleans = {true, false})
class StressTest {
    private static final int MANY = 3000;
    private static final int STORM = 20_000;
    private static final int BULK_BYTES = 200_000;
    private static final Atom NOCONNECTION = Atom.of("noconnection");

    @TempDir
    private static Path directory;

    private final Pair pair = new Pair(Carrier.TCP, directory);
    private final Mailbox me =
            pair.java.mailbox(MailboxOptions.DEFAULT.withName("me").withTrapExit(true));

    StressTest(boolean hawserDials) throws InterruptedException {
        if (hawserDials) {
            pair.java.connect(OTP, SOON);
        } else {
            assertThat(pair.erl("net_adm:ping($J)")).isEqualTo("pong");
        }
    }

    @AfterEach
    void close() {
        pair.close();
    }

    private List<Pid> manyErlangProcesses() throws InterruptedException {
        pair.erl("{me, $J} ! [spawn(fun() -> receive stop -> ok end end) || _ <- lists:seq(1, %d)]".formatted(MANY));
        return ((ListTerm) nextTerm(me))
                .elements().stream().map(Pid.class::cast).toList();
    }

    /** Checks that nothing more lies in the mailbox than a message sent now. */
    private void nothingFollows() throws InterruptedException {
        me.send(me.self(), Atom.of("last"));
        assertThat(nextTerm(me)).hasToString("last");
        assertThat(me.receive(Duration.ZERO)).isEmpty();
    }

    @Test
    void eachLinkAndMonitorEndsOnceWhenTheErlangNodeIsKilled() throws InterruptedException {
        List<Pid> pids = manyErlangProcesses();
        Set<Term> expected = new HashSet<>();
        for (Pid pid : pids) {
            me.link(pid);
            expected.add(new Message.Exit(pid, NOCONNECTION).toTerm());
            expected.add(new Message.Down(me.monitor(pid), pid, NOCONNECTION).toTerm());
        }
        pair.otp.kill(); // some of what was said is still on its way
        while (!expected.isEmpty()) {
            Term next = nextTerm(me);
            assertThat(expected.remove(next)).as(next.toString()).isTrue();
        }
        nothingFollows();
    }

    @Test
    void eachLinkAndMonitorEndsOnceAtAnErlangProcessWhenHawserHangsUp() throws InterruptedException {
        pair.erl("""
                register(watcher, spawn(fun() ->
                    process_flag(trap_exit, true),
                    receive {watch, Pids} ->
                        Refs = [begin link(P), monitor(process, P) end || P <- Pids],
                        {me, $J} ! watching,
                        receive go -> ok end,
                        Exits = [receive {'EXIT', P, R} -> R end || P <- Pids],
                        Downs = [receive {'DOWN', Ref, _, _, R} -> R end || Ref <- Refs],
                        Left = receive {'EXIT', _, _} -> more; {'DOWN', _, _, _, _} -> more after 0 -> none end,
                        receive {tell, To} -> To ! {lists:usort(Exits), lists:usort(Downs), Left} end
                    end end))""");
        var mailboxes = new ArrayList<Mailbox>();
        for (int i = 0; i < MANY; i++) {
            mailboxes.add(pair.java.mailbox());
        }
        Term pids = ListTerm.of(mailboxes.stream().map(Mailbox::self).toArray(Term[]::new));
        me.send("watcher", OTP, Tuple.of(Atom.of("watch"), pids));
        assertThat(nextTerm(me)).hasToString("watching");
        assertThat(pair.java.disconnect(OTP)).isTrue();
        pair.awaitDisconnected();
        Await.until(SOON, "the links end both ends", () -> mailboxes.stream().noneMatch(Mailbox::isAlive));
        assertThat(pair.erl("""
                watcher ! go, watcher ! {tell, self()},
                receive T -> T after 15000 -> nothing end""")).isEqualTo("{[noconnection],[noconnection],none}");
    }

    @Test
    void exitSignalsAndLinksPassBehindBulkDataInOrder() throws InterruptedException {
        int rounds = 200;
        pair.erl("register(sink, spawn(fun() -> F = fun F() -> receive _ -> F() end end, F() end))");
        pair.erl("""
                register(order, spawn(fun() ->
                    process_flag(trap_exit, true),
                    F = fun F(N) when N > %1$d -> ok;
                            F(N) -> receive N -> ok; O -> {me, $J} ! {O, instead_of, N} end,
                                    receive {'EXIT', _, N} -> ok; P -> {me, $J} ! {P, instead_of_exit, N} end,
                                    F(N + 1) end,
                    F(1),
                    {me, $J} ! {in_order, element(2, process_info(self(), links))},
                    receive never -> ok end end))""".formatted(rounds));
        pair.erl("{me, $J} ! whereis(order)");
        Pid order = (Pid) nextTerm(me);
        Term bulk = Binary.copyOf(new byte[BULK_BYTES]);
        Thread flood = new Thread(() -> {
            Mailbox other = pair.java.mailbox();
            for (int i = 0; i < rounds; i++) {
                other.send("sink", OTP, bulk);
            }
        });
        flood.start();
        for (int i = 1; i <= rounds; i++) {
            me.send(order, Int.of(i));
            me.exit(order, Int.of(i));
            me.link(order);
            me.unlink(order);
        }
        me.link(order);
        flood.join();
        assertThat(nextTerm(me)).isEqualTo(Tuple.of(Atom.of("in_order"), ListTerm.of(me.self())));
        pair.erl("exit(whereis(order), kill)");
        assertThat(nextTerm(me)).isEqualTo(new Message.Exit(order, Atom.of("killed")).toTerm());
        nothingFollows();
    }

    @Test
    void exitSignalsOfErlangPassBehindItsBulkDataInOrder() throws InterruptedException {
        int rounds = 200;
        Mailbox sink = pair.java.register("sink");
        sink.onMessage(bulk -> {});
        pair.erl("""
                Bulk = binary:copy(<<0>>, %d),
                spawn(fun() -> [{sink, $J} ! Bulk || _ <- lists:seq(1, %2$d)] end),
                register(order, spawn(fun() ->
                    receive To -> [begin To ! N, exit(To, N), link(To), unlink(To) end || N <- lists:seq(1, %2$d)],
                                  link(To), exit(over) end end))""".formatted(BULK_BYTES, rounds));
        me.send("order", OTP, me.self());
        for (int i = 1; i <= rounds; i++) {
            assertThat(nextTerm(me)).isEqualTo(Int.of(i));
            assertThat(((Message.Exit) me.receive(SOON).orElseThrow()).reason()).isEqualTo(Int.of(i));
        }
        assertThat(((Message.Exit) me.receive(SOON).orElseThrow()).reason()).hasToString("over");
        nothingFollows();
    }

    @Test
    void ofManyMonitorsThoseNotTakenBackGoDownOnce() throws InterruptedException {
        pair.erl("register(watched, spawn(fun() -> receive stop -> ok end end))");
        pair.erl("{me, $J} ! whereis(watched)");
        Pid watched = (Pid) nextTerm(me);
        var open = new HashSet<Reference>();
        for (int i = 0; i < STORM; i++) {
            Reference ref = i % 3 == 0 ? me.monitor(Tuple.of(Atom.of("watched"), OTP.atom())) : me.monitor(watched);
            if (i % 2 == 0) {
                assertThat(me.demonitor(ref)).isTrue();
            } else {
                open.add(ref);
            }
        }
        me.send(watched, Atom.of("stop"));
        while (!open.isEmpty()) {
            Message.Down down = (Message.Down) me.receive(SOON).orElseThrow();
            assertThat(open.remove(down.ref())).as(down.toString()).isTrue();
            assertThat(down.reason()).hasToString("normal");
        }
        nothingFollows();
    }

    @Test
    void ofManyMonitorsThatErlangSetsThoseNotTakenBackGoDownOnce() throws InterruptedException {
        Mailbox watched = pair.java.register("watched");
        pair.erl("""
                register(watcher, spawn(fun() ->
                    receive Pid ->
                        All = [{N, monitor(process, case N rem 3 of 0 -> {watched, $J}; _ -> Pid end)}
                               || N <- lists:seq(1, %d)],
                        [demonitor(R) || {N, R} <- All, N rem 2 =:= 0],
                        Pid ! stop,
                        Downs = [receive {'DOWN', R, process, _, Why} -> Why end || {N, R} <- All, N rem 2 =:= 1],
                        Left = receive {'DOWN', _, _, _, _} -> more after 0 -> none end,
                        {me, $J} ! {length(Downs), lists:usort(Downs), Left}
                    end end))""".formatted(STORM));
        me.send("watcher", OTP, watched.self());
        assertThat(watched.receive(SOON).orElseThrow().toTerm()).hasToString("stop");
        watched.exit(Atom.of("stopped"));
        assertThat(nextTerm(me)).hasToString("{%d,[stopped],none}".formatted(STORM / 2));
        assertThat(pair.java.connections()).hasSize(1);
    }

    @Test
    void aNameThatWandersGetsEachMessageOnceAtMost() throws InterruptedException {
        int messages = 20_000;
        Atom name = Atom.of("wanderer");
        var got = new ConcurrentLinkedQueue<Term>();
        Mailbox first = pair.java.mailbox();
        Mailbox second = pair.java.mailbox();
        first.onMessage(message -> got.add(Tuple.of(Atom.of("first"), message.toTerm())));
        second.onMessage(message -> got.add(Tuple.of(Atom.of("second"), message.toTerm())));
        pair.erl("spawn(fun() -> [{wanderer, $J} ! N || N <- lists:seq(1, %d)], {me, $J} ! sent end)"
                .formatted(messages));
        boolean done = false;
        while (!done) {
            pair.java.register(name, first);
            pair.java.unregister(name);
            pair.java.register(name, second);
            pair.java.unregister(name);
            done = me.receive(Duration.ZERO).isPresent();
        }
        pair.java.register(name, first);
        pair.erl("{wanderer, $J} ! %d".formatted(messages + 1));
        Await.until(SOON, "the last one came", () -> got.contains(Tuple.of(Atom.of("first"), Int.of(messages + 1))));
        for (String which : List.of("first", "second")) {
            assertThat(got.stream()
                            .map(Tuple.class::cast)
                            .filter(t -> t.element(0).toString().equals(which))
                            .map(t -> ((Int) t.element(1)).value()))
                    .as(which)
                    .isSorted()
                    .doesNotHaveDuplicates();
        }
        assertThat(got.stream().map(t -> ((Tuple) t).element(1))).doesNotHaveDuplicates();
        assertThat(JAVA).isEqualTo(pair.java.name());
    }
}
