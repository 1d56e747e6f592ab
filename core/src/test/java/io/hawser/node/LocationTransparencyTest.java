package io.hawser.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.Pid;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import io.hawser.testing.Await;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What two processes see of each other: the same, whether they are on one node or on two. */
abstract class LocationTransparencyTest {
    static final Duration SOON = MemoryNetwork.SOON;
    static final Atom BOOM = Atom.of("boom");

    private final NodeStarter network;
    final Node nodeA;
    final Node nodeB;
    final Mailbox a;
    final Mailbox b;

    LocationTransparencyTest(NodeStarter network, boolean sameNode) {
        this.network = network;
        nodeA = network.start("a@host", LocationTransparencyTest::functions);
        nodeB = sameNode ? nodeA : network.start("b@host", LocationTransparencyTest::functions);
        a = nodeA.mailbox();
        b = nodeB.mailbox();
    }

    static void functions(NodeConfig.Builder builder) {
        builder.function("calc", "add", 2, args -> Int.of(((Int) args.get(0)).value() + ((Int) args.get(1)).value()))
                .function("calc", "fail", 1, args -> {
                    throw ErlangException.error(args.get(0));
                })
                .function("calc", "exit", 1, args -> {
                    throw ErlangException.exit(args.get(0));
                })
                .function("calc", "throw", 1, args -> {
                    throw ErlangException.thrown(args.get(0));
                })
                .function("calc", "npe", 0, args -> {
                    throw new NullPointerException("secret");
                })
                .function("calc", "nothing", 0, LocationTransparencyTest::nothing)
                .function("calc", "error", 0, args -> {
                    throw new NoClassDefFoundError("secret");
                })
                .function("calc", "hang", 0, args -> {
                    Thread.sleep(Long.MAX_VALUE);
                    return Atom.OK;
                })
                .process("calc", "tell", 1, (self, args) -> {
                    self.onMessage(message -> {});
                    self.send(args.get(0), Tuple.of(Atom.of("hello"), self.self()));
                })
                .process("calc", "quick", 1, (self, args) -> self.exit(args.get(0)));
    }

    @SuppressWarnings("NullAway") // as a user's function might that no tool checks
    private static Term nothing(List<Term> arguments) {
        return null;
    }

    @AfterEach
    void stop() {
        network.close();
    }

    static Message next(Mailbox mailbox) throws InterruptedException {
        return mailbox.receive(SOON).orElseThrow(() -> new AssertionError("nothing came"));
    }

    /** Says that all that was sent from one mailbox to the other until now has arrived, and nothing else did. */
    static void expectNothingMore(Mailbox from, Mailbox to) throws InterruptedException {
        Reference marker = from.node().makeReference();
        from.send(to.self(), marker);
        assertThat(next(to)).isEqualTo(new Message.Sent(marker));
    }

    static Tuple name(String name, Node node) {
        return Tuple.of(Atom.of(name), node.name().atom());
    }

    void awaitEnd(Mailbox mailbox, Term reason) {
        Await.until(SOON, "the end of " + mailbox, () -> !mailbox.isAlive());
        assertThat(mailbox.exitReason()).contains(reason);
    }

    // ---- messages

    @Test
    void deliversToAPidANameAndAnAlias() throws Exception {
        nodeB.register(Atom.of("server"), b);
        a.send(b.self(), Int.of(1));
        a.send(name("server", nodeB), Int.of(2));
        a.send(b.alias(), Int.of(3));
        assertThat(List.of(next(b), next(b), next(b)))
                .containsExactly(new Message.Sent(Int.of(1)), new Message.Sent(Int.of(2)), new Message.Sent(Int.of(3)));
    }

    @Test
    void dropsWhatIsSentToNobody() throws Exception {
        Reference gone = b.alias();
        b.unalias(gone);
        Mailbox dead = nodeB.mailbox();
        dead.close();
        a.send(gone, Int.of(1));
        a.send(name("nobody", nodeB), Int.of(2));
        a.send(dead.self(), Int.of(3));
        expectNothingMore(a, b);
    }

    @Test
    void deliversToAnotherIncarnationOfTheNodeToNobody() throws Exception {
        Pid self = b.self();
        a.send(new Pid(self.node(), self.id(), self.serial(), self.creation() + 1), Int.of(1));
        a.send(new Pid(self.node(), self.id(), self.serial(), 0), Int.of(2));
        assertThat(next(b)).isEqualTo(new Message.Sent(Int.of(2)));
    }

    @Test
    void keepsTheOrderOfMessages() throws Exception {
        for (int i = 0; i < 2000; i++) {
            a.send(b.self(), Int.of(i));
        }
        for (int i = 0; i < 2000; i++) {
            assertThat(next(b)).isEqualTo(new Message.Sent(Int.of(i)));
        }
    }

    @Test
    void sendsNothingOnceItHasEnded() {
        a.exit(BOOM);
        assertThatThrownBy(() -> a.send(b.self(), Int.of(1)))
                .isInstanceOfSatisfying(
                        MailboxExitException.class, e -> assertThat(e.reason()).isEqualTo(BOOM));
    }

    // ---- aliases

    @Test
    void endsAReplyAliasWithTheFirstMessage() throws Exception {
        Reference alias = b.replyAlias();
        a.send(alias, Int.of(1));
        a.send(alias, Int.of(2));
        assertThat(next(b)).isEqualTo(new Message.Sent(Int.of(1)));
        expectNothingMore(a, b);
    }

    @Test
    void endsAliasAndMonitorWithTheFirstReply() throws Exception {
        Reference ref = b.monitor(a.self(), AliasMode.REPLY_DEMONITOR);
        a.send(ref, Int.of(1));
        a.send(ref, Int.of(2));
        assertThat(next(b)).isEqualTo(new Message.Sent(Int.of(1)));
        expectNothingMore(a, b);
        a.exit(BOOM);
        Mailbox other = nodeA.mailbox();
        expectNothingMore(other, b);
    }

    @Test
    void endsAnAliasWithItsMonitor() throws Exception {
        Reference ref = b.monitor(a.self(), AliasMode.DEMONITOR);
        a.send(ref, Int.of(1));
        assertThat(next(b)).isEqualTo(new Message.Sent(Int.of(1)));
        assertThat(b.demonitor(ref)).isTrue();
        a.send(ref, Int.of(2));
        expectNothingMore(a, b);
    }

    @Test
    void endsAnAliasWithTheDown() throws Exception {
        Mailbox other = nodeA.mailbox();
        Reference ref = b.monitor(a.self(), AliasMode.DEMONITOR);
        Reference kept = b.monitor(a.self(), AliasMode.EXPLICIT_UNALIAS);
        expectNothingMore(b, a);
        a.exit(BOOM);
        assertThat(List.of(next(b), next(b)))
                .containsExactlyInAnyOrder(
                        new Message.Down(ref, a.self(), BOOM), new Message.Down(kept, a.self(), BOOM));
        other.send(ref, Int.of(1));
        other.send(kept, Int.of(2));
        assertThat(next(b)).isEqualTo(new Message.Sent(Int.of(2)));
        assertThat(b.unalias(kept)).isTrue();
        assertThat(b.unalias(kept)).isFalse();
    }

    // ---- links

    @Test
    void endsBothEndsOfALink() {
        a.link(b.self());
        a.exit(BOOM);
        awaitEnd(b, BOOM);
    }

    @Test
    void endsTheLinkerWithTheLinked() throws Exception {
        a.link(b.self());
        expectNothingMore(a, b);
        b.exit(BOOM);
        awaitEnd(a, BOOM);
    }

    @Test
    void ignoresANormalEndUnlessTrapped() throws Exception {
        Mailbox trapping = nodeB.mailbox(MailboxOptions.DEFAULT.withTrapExit(true));
        a.link(b.self());
        a.link(trapping.self());
        a.close();
        assertThat(next(trapping)).isEqualTo(new Message.Exit(a.self(), Atom.of("normal")));
        expectNothingMore(nodeA.mailbox(), b);
        assertThat(b.isAlive()).isTrue();
    }

    @Test
    void trapsEveryExitSignalOfALinkEvenKill() throws Exception {
        b.trapExit(true);
        a.link(b.self());
        a.exit(Atom.of("kill"));
        assertThat(next(b)).isEqualTo(new Message.Exit(a.self(), Atom.of("kill")));
    }

    @Test
    void linksOnceHoweverOftenItIsAsked() throws Exception {
        b.trapExit(true);
        a.link(b.self());
        b.link(a.self());
        a.link(b.self());
        expectNothingMore(a, b);
        a.exit(BOOM);
        assertThat(next(b)).isEqualTo(new Message.Exit(a.self(), BOOM));
        expectNothingMore(nodeA.mailbox(), b);
    }

    @Test
    void sendsNoExitSignalOnceUnlinked() throws Exception {
        a.trapExit(true);
        a.link(b.self());
        a.unlink(b.self());
        expectNothingMore(a, b);
        b.exit(BOOM);
        expectNothingMore(nodeB.mailbox(), a);
    }

    @Test
    void linksAgainAfterAnUnlink() throws Exception {
        b.trapExit(true);
        for (int i = 0; i < 10; i++) {
            a.link(b.self());
            a.unlink(b.self());
        }
        a.link(b.self());
        a.exit(BOOM);
        assertThat(next(b)).isEqualTo(new Message.Exit(a.self(), BOOM));
    }

    @Test
    void signalsNoprocWhenLinkedToNobody() throws Exception {
        b.close();
        a.trapExit(true);
        a.link(b.self());
        assertThat(next(a)).isEqualTo(new Message.Exit(b.self(), Atom.of("noproc")));
        a.trapExit(false);
        a.link(b.self());
        awaitEnd(a, Atom.of("noproc"));
    }

    @Test
    void passesAnExitAlongAChain() {
        Mailbox c = nodeA.mailbox();
        a.link(b.self());
        b.link(c.self());
        a.exit(BOOM);
        awaitEnd(b, BOOM);
        awaitEnd(c, BOOM);
    }

    // ---- exit/2

    @Test
    void endsTheTargetOfAnExitSignal() {
        a.exit(b.self(), BOOM);
        awaitEnd(b, BOOM);
    }

    @Test
    void ignoresANormalExitSignal() throws Exception {
        a.exit(b.self(), Atom.of("normal"));
        expectNothingMore(a, b);
        b.trapExit(true);
        a.exit(b.self(), Atom.of("normal"));
        assertThat(next(b)).isEqualTo(new Message.Exit(a.self(), Atom.of("normal")));
    }

    @Test
    void killsEvenWhatTraps() throws Exception {
        b.trapExit(true);
        Reference ref = a.monitor(b.self());
        a.exit(b.self(), Atom.of("kill"));
        assertThat(next(a)).isEqualTo(new Message.Down(ref, b.self(), Atom.of("killed")));
        awaitEnd(b, Atom.of("killed"));
    }

    @Test
    void wakesABlockedReceiveWhenItsMailboxEnds() {
        a.exit(b.self(), BOOM);
        assertThatThrownBy(() -> b.receive())
                .isInstanceOfSatisfying(
                        MailboxExitException.class, e -> assertThat(e.reason()).isEqualTo(BOOM));
    }

    // ---- monitors

    @Test
    void tellsWhenAMonitoredProcessEnds() throws Exception {
        nodeB.register(Atom.of("server"), b);
        Reference byPid = a.monitor(b.self());
        Reference byName = a.monitor(name("server", nodeB));
        expectNothingMore(a, b);
        b.exit(BOOM);
        assertThat(List.of(next(a), next(a)))
                .containsExactlyInAnyOrder(
                        new Message.Down(byPid, b.self(), BOOM), new Message.Down(byName, name("server", nodeB), BOOM));
    }

    @Test
    void tellsOfANormalEnd() throws Exception {
        Reference ref = a.monitor(b.self());
        b.close();
        Message down = next(a);
        assertThat(down)
                .isIn(
                        new Message.Down(ref, b.self(), Atom.of("normal")),
                        new Message.Down(ref, b.self(), Atom.of("noproc")));
    }

    @Test
    void tellsAtOnceThatThereIsNobody() throws Exception {
        b.close();
        Reference byPid = a.monitor(b.self());
        Reference byName = a.monitor(name("server", nodeB));
        assertThat(List.of(next(a), next(a)))
                .containsExactly(
                        new Message.Down(byPid, b.self(), Atom.of("noproc")),
                        new Message.Down(byName, name("server", nodeB), Atom.of("noproc")));
    }

    @Test
    void tellsNothingOnceDemonitored() throws Exception {
        Reference ref = a.monitor(b.self());
        assertThat(a.demonitor(ref)).isTrue();
        assertThat(a.demonitor(ref)).isFalse();
        expectNothingMore(a, b);
        b.exit(BOOM);
        expectNothingMore(nodeB.mailbox(), a);
    }

    @Test
    void takesTheDownOutWhenAskedTo() throws Exception {
        Reference flushed = a.monitor(b.self());
        Reference kept = a.monitor(b.self());
        expectNothingMore(a, b);
        b.exit(BOOM);
        assertThat(a.receive(m -> m.equals(new Message.Down(kept, b.self(), BOOM)), SOON))
                .isPresent();
        Reference gone = a.monitor(b.self());
        assertThat(a.receive(m -> m instanceof Message.Down d && d.ref().equals(gone), SOON))
                .isPresent();
        assertThat(a.demonitor(flushed, true)).isFalse();
        expectNothingMore(nodeB.mailbox(), a);
    }

    @Test
    void monitorsTheProcessThatHadTheNameThen() throws Exception {
        Atom server = Atom.of("server");
        nodeB.register(server, b);
        Reference ref = a.monitor(name("server", nodeB));
        expectNothingMore(a, b);
        assertThat(nodeB.unregister(server)).isTrue();
        Mailbox next = nodeB.register(server);
        a.demonitor(ref);
        Reference second = a.monitor(name("server", nodeB));
        expectNothingMore(a, next);
        b.exit(BOOM);
        next.exit(Atom.of("later"));
        assertThat(next(a)).isEqualTo(new Message.Down(second, name("server", nodeB), Atom.of("later")));
    }

    @Test
    void freesTheNameBeforeTheDownArrives() throws Exception {
        nodeB.register(Atom.of("server"), b);
        a.monitor(b.self());
        expectNothingMore(a, b);
        b.exit(BOOM);
        next(a);
        assertThat(nodeB.whereis(Atom.of("server"))).isEmpty();
    }

    // ---- order of signals of all kinds

    @Test
    void deliversMessagesBeforeTheEndOfTheirSender() throws Exception {
        b.trapExit(true);
        a.link(b.self());
        Reference ref = b.monitor(a.self());
        expectNothingMore(b, a);
        for (int i = 0; i < 100; i++) {
            a.send(b.self(), Int.of(i));
        }
        a.exit(BOOM);
        for (int i = 0; i < 100; i++) {
            assertThat(next(b)).isEqualTo(new Message.Sent(Int.of(i)));
        }
        assertThat(List.of(next(b), next(b)))
                .containsExactlyInAnyOrder(new Message.Exit(a.self(), BOOM), new Message.Down(ref, a.self(), BOOM));
    }

    @Test
    void deliversAnExitSignalBeforeALaterMessage() throws Exception {
        b.trapExit(true);
        a.send(b.self(), Int.of(1));
        a.exit(b.self(), BOOM);
        a.send(b.self(), Int.of(2));
        assertThat(List.of(next(b), next(b), next(b)))
                .containsExactly(
                        new Message.Sent(Int.of(1)), new Message.Exit(a.self(), BOOM), new Message.Sent(Int.of(2)));
    }

    @Test
    void endsEachMonitorAndLinkOnceWhenEverythingHappensAtOnce() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        var random = new Random(seed);
        for (int round = 0; round < 100; round++) {
            Mailbox watcher = nodeA.mailbox(MailboxOptions.DEFAULT.withTrapExit(true));
            Mailbox target = nodeB.mailbox(MailboxOptions.DEFAULT.withTrapExit(true));
            Thread end = new Thread(() -> target.exit(BOOM));
            boolean early = random.nextBoolean();
            if (early) {
                end.start();
            }
            Reference ref = watcher.monitor(target.self());
            watcher.link(target.self());
            if (!early) {
                end.start();
            }
            var messages = List.of(next(watcher), next(watcher));
            assertThat(messages).hasAtLeastOneElementOfType(Message.Down.class);
            assertThat(messages).hasAtLeastOneElementOfType(Message.Exit.class);
            assertThat(messages)
                    .anyMatch(m -> m instanceof Message.Down down && down.ref().equals(ref));
            end.join();
            expectNothingMore(nodeB.mailbox(), watcher);
            watcher.close();
        }
    }

    @Test
    void agreesOnALinkHoweverBothEndsLinkAndUnlink() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        for (int round = 0; round < 50; round++) {
            Mailbox left = nodeA.mailbox(MailboxOptions.DEFAULT.withTrapExit(true));
            Mailbox right = nodeB.mailbox(MailboxOptions.DEFAULT.withTrapExit(true));
            Thread other = new Thread(() -> churn(right, left.self(), new Random(seed + 1)));
            other.start();
            churn(left, right.self(), new Random(seed));
            other.join();
            settle(left, right);
            int links = linkCount(left, right.self());
            assertThat(linkCount(right, left.self())).isEqualTo(links);
            left.exit(BOOM);
            if (links == 1) {
                assertThat(next(right)).isEqualTo(new Message.Exit(left.self(), BOOM));
            }
            expectNothingMore(nodeA.mailbox(), right);
            right.close();
        }
    }

    private static void churn(Mailbox mailbox, Pid other, Random random) {
        for (int i = 0; i < 50; i++) {
            if (random.nextBoolean()) {
                mailbox.link(other);
            } else {
                mailbox.unlink(other);
            }
        }
    }

    private static void settle(Mailbox left, Mailbox right) throws InterruptedException {
        for (int i = 0; i < 2; i++) { // acknowledgements of acknowledgements there are none
            expectNothingMore(left, right);
            expectNothingMore(right, left);
        }
    }

    private static int linkCount(Mailbox mailbox, Pid other) {
        return mailbox.process().links.hasActive(other) ? 1 : 0;
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
        assertThat(nodeA.ping(io.hawser.term.NodeName.parse("nowhere@nowhere"), SOON))
                .isFalse();
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

    private static void assertRaises(
            String kind, String reason, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
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
        assertFails("throw: boom", erpcAsync("throw", SOON, BOOM));
        assertFails("error: {erpc,timeout}", erpcAsync("hang", Duration.ofMillis(30)));
        CompletableFuture<Term> given = erpcAsync("hang", SOON);
        given.cancel(true);
        assertFails(
                "badrpc: timeout",
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
                        raised -> assertThat(raised.exception()).hasMessage("error: {erpc,noconnection}"));
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

    private static void assertBadRpc(String reason, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        RpcException.class, e -> assertThat(e.reason()).hasToString(reason));
    }

    @Test
    void answersTheOldFormOfRpc() throws Exception {
        Term request = Tuple.of(
                Atom.of("call"),
                Atom.of("calc"),
                Atom.of("add"),
                io.hawser.term.ListTerm.of(Int.of(2), Int.of(3)),
                a.self());
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
                                io.hawser.term.ListTerm.of(Tuple.of(
                                        Atom.of("calc"),
                                        Atom.of("missing"),
                                        io.hawser.term.ListTerm.of(BOOM),
                                        io.hawser.term.ListTerm.EMPTY)))));
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
