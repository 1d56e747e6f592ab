package io.hawser.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.dist.ControlMessage;
import io.hawser.node.MemoryNetwork.Received;
import io.hawser.node.MemoryNetwork.ScriptedPeer;
import io.hawser.term.Atom;
import io.hawser.term.ImproperList;
import io.hawser.term.Int;
import io.hawser.term.ListTerm;
import io.hawser.term.Pid;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.TermParser;
import io.hawser.term.Tuple;
import io.hawser.testing.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a peer may do to a node, and what it may not. */
class InboundSignalsTest {
    private static final Atom BOOM = Atom.of("boom");
    private static final Atom NOPROC = Atom.of("noproc");
    private static final Atom NOCONNECTION = Atom.of("noconnection");

    private final MemoryNetwork network = new MemoryNetwork();
    private final CountDownLatch interrupted = new CountDownLatch(1);
    private final CountDownLatch hanging = new CountDownLatch(1);
    private final Node node = network.start(
            "a@host",
            builder -> builder.function("f", "hang", 0, args -> {
                hanging.countDown();
                try {
                    Thread.sleep(Long.MAX_VALUE);
                } catch (InterruptedException e) {
                    interrupted.countDown();
                    throw e;
                }
                return Atom.OK;
            }));
    private final ScriptedPeer peer = network.script("p@host");
    private final Mailbox mailbox =
            node.mailbox(MailboxOptions.DEFAULT.withTrapExit(true).withName("box"));
    private final Pid here = mailbox.self();
    private final Pid there = peer.pid(7);
    private final Pid foreign = new Pid(Atom.of("other@host"), 7, 0, 1);

    @AfterEach
    void stop() {
        network.close();
    }

    private void expectNothing() throws InterruptedException {
        peer.expectNothing(node);
        assertThat(mailbox.receive(Duration.ZERO)).isEmpty();
    }

    private PeerState state() {
        return Objects.requireNonNull(node.kernel().peers.get(peer.node()));
    }

    @Test
    void takesNothingFromAnotherNodesProcess() throws Exception {
        Reference alias = mailbox.alias();
        peer.say(node, new ControlMessage.Send(foreign, here), BOOM);
        peer.say(node, new ControlMessage.RegSend(foreign, Atom.of("box")), BOOM);
        peer.say(node, new ControlMessage.AliasSend(foreign, alias), BOOM);
        peer.say(node, new ControlMessage.AliasExit(foreign, alias), BOOM);
        peer.say(node, new ControlMessage.Link(foreign, here));
        peer.say(node, new ControlMessage.Exit2(foreign, here), BOOM);
        peer.say(node, new ControlMessage.Monitor(foreign, here, peer.ref(1)));
        peer.say(node, new ControlMessage.UnlinkId(1, foreign, here));
        peer.say(
                node,
                new ControlMessage.SpawnRequest(
                        peer.ref(2), foreign, there, Atom.of("f"), Atom.of("g"), 0, ListTerm.EMPTY),
                ListTerm.EMPTY);
        expectNothing();
    }

    @Test
    void takesTheOldSendWithoutASender() throws Exception {
        peer.say(node, new ControlMessage.Send(null, here), BOOM);
        assertThat(mailbox.receive(MemoryNetwork.SOON)).contains(new Message.Sent(BOOM));
    }

    @Test
    void takesADownOnlyFromTheNodeThatWasAsked() throws Exception {
        ScriptedPeer liar = network.script("liar@host");
        Reference ref = mailbox.monitor(there);
        assertThat(peer.next().signal()).isEqualTo(new ControlMessage.Monitor(here, there, ref));
        liar.say(node, new ControlMessage.MonitorExit(liar.pid(1), here, ref), BOOM);
        liar.expectNothing(node);
        expectNothing();
        peer.say(node, new ControlMessage.MonitorExit(there, here, ref), BOOM);
        peer.say(node, new ControlMessage.MonitorExit(there, here, ref), BOOM);
        assertThat(mailbox.receive(MemoryNetwork.SOON)).contains(new Message.Down(ref, there, BOOM));
        expectNothing();
    }

    @Test
    void answersAMonitorOfNobody() throws Exception {
        peer.say(node, new ControlMessage.Monitor(there, Atom.of("nobody"), peer.ref(1)));
        assertThat(peer.next())
                .isEqualTo(new Received(new ControlMessage.MonitorExit(Atom.of("nobody"), there, peer.ref(1)), NOPROC));
        Pid stale = new Pid(here.node(), here.id(), 0, here.creation() + 1);
        peer.say(node, new ControlMessage.Monitor(there, stale, peer.ref(2)));
        assertThat(peer.next())
                .isEqualTo(new Received(new ControlMessage.MonitorExit(stale, there, peer.ref(2)), NOPROC));
    }

    @Test
    void endsAMonitorByNameWhenTheNameHasGoneToAnother() throws Exception {
        peer.say(node, new ControlMessage.Monitor(there, Atom.of("box"), peer.ref(1)));
        peer.expectNothing(node);
        node.unregister(Atom.of("box"));
        Mailbox next = node.register("box");
        peer.say(node, new ControlMessage.Demonitor(there, Atom.of("box"), peer.ref(1)));
        peer.expectNothing(node);
        mailbox.exit(BOOM);
        next.exit(BOOM);
        peer.expectNothing(node);
    }

    @Test
    void keepsMonitorsOfTwoWatchersWithOneReferenceApart() throws Exception {
        peer.say(node, new ControlMessage.Monitor(there, here, peer.ref(1)));
        peer.say(node, new ControlMessage.Monitor(peer.pid(8), here, peer.ref(1)));
        peer.say(node, new ControlMessage.Demonitor(peer.pid(8), here, peer.ref(1)));
        peer.expectNothing(node);
        mailbox.exit(BOOM);
        assertThat(peer.next()).isEqualTo(new Received(new ControlMessage.MonitorExit(here, there, peer.ref(1)), BOOM));
        peer.expectNothing(node);
    }

    @Test
    void dropsWhatAPeerHoldsWhenItsConnectionIsGone() throws Exception {
        peer.say(node, new ControlMessage.Monitor(there, here, peer.ref(1)));
        peer.expectNothing(node);
        PeerState state = state();
        assertThat(state.held()).isEqualTo(1);
        network.cut("a@host", "p@host");
        Await.until(MemoryNetwork.SOON, "nothing held", () -> state.held() == 0);
        mailbox.exit(BOOM);
        peer.expectNothing(node);
    }

    @Test
    void countsWhatAPeerHolds() throws Exception {
        peer.say(node, new ControlMessage.Link(there, here));
        peer.say(node, new ControlMessage.Link(there, here));
        peer.say(node, new ControlMessage.Monitor(there, here, peer.ref(1)));
        peer.say(node, new ControlMessage.Monitor(there, here, peer.ref(1)));
        peer.expectNothing(node);
        PeerState state = state();
        assertThat(state.held()).isEqualTo(2);
        peer.say(node, new ControlMessage.UnlinkId(1, there, here));
        peer.next();
        peer.say(node, new ControlMessage.Demonitor(there, here, peer.ref(1)));
        peer.expectNothing(node);
        assertThat(state.held()).isZero();
    }

    @Test
    void tellsWhoHoldsLinksAndMonitorsOnceThereIsRoom() throws Exception {
        peer.say(node, new ControlMessage.Link(there, here));
        peer.say(node, new ControlMessage.Monitor(there, here, peer.ref(1)));
        peer.say(node, new ControlMessage.Monitor(there, here, peer.ref(2)));
        peer.expectNothing(node);
        network.endpoint(node).full(true);
        mailbox.exit(BOOM);
        peer.expectNothing(node);
        assertThat(state().held()).isEqualTo(3);
        peer.say(node, new ControlMessage.Link(there, here)); // crosses the exit signal
        peer.expectNothing(node);
        network.endpoint(node).full(false);
        assertThat(peer.next()).isEqualTo(new Received(new ControlMessage.Exit(here, there), BOOM));
        for (int i = 1; i <= 2; i++) {
            var down = new ControlMessage.MonitorExit(here, there, peer.ref(i));
            assertThat(peer.next()).isEqualTo(new Received(down, BOOM));
        }
        Await.until(MemoryNetwork.SOON, "nothing held", () -> state().held() == 0);
        peer.say(node, new ControlMessage.Link(there, here));
        assertThat(peer.next().payload()).isEqualTo(NOPROC);
    }

    @Test
    void tellsWhoHoldsMonitorsWhenTheExecutorIsBusyForGood() throws Exception {
        List<Runnable> waiting = new CopyOnWriteArrayList<>();
        Node busy = network.start("busy@host", builder -> builder.executor(waiting::add));
        Mailbox held = busy.mailbox();
        for (int i = 0; i < 1000; i++) {
            peer.say(busy, new ControlMessage.Monitor(there, held.self(), peer.ref(i)));
        }
        peer.expectNothing(busy);
        network.endpoint(busy).full(true);
        held.exit(BOOM);
        peer.expectNothing(busy);
        network.endpoint(busy).full(false);
        for (int i = 0; i < 1000; i++) {
            var down = new ControlMessage.MonitorExit(held.self(), there, peer.ref(i));
            assertThat(peer.next()).isEqualTo(new Received(down, BOOM));
        }
        assertThat(waiting).isEmpty();
    }

    @Test
    void endsWithAConnectionWhatItHoldsAndNothingElse() throws Exception {
        ScriptedPeer other = network.script("q@host");
        mailbox.monitor(other.pid(1));
        Reference first = mailbox.monitor(there);
        Reference second = mailbox.monitor(there);
        mailbox.demonitor(mailbox.monitor(there));
        mailbox.link(other.pid(2));
        mailbox.link(peer.pid(2));
        peer.say(node, new ControlMessage.Link(peer.pid(3), here));
        peer.say(node, new ControlMessage.Monitor(there, here, peer.ref(1)));
        other.say(node, new ControlMessage.Monitor(other.pid(1), here, other.ref(1)));
        network.endpoint(node).settle();
        assertThat(node.kernel().peers.relatedCount()).isEqualTo(2);
        network.cut("p@host", "a@host");
        network.endpoint(node).settle();
        var messages = new ArrayList<Message>();
        for (int i = 0; i < 4; i++) {
            messages.add(mailbox.receive(MemoryNetwork.SOON).orElseThrow());
        }
        assertThat(messages)
                .containsExactly(
                        new Message.Down(first, there, NOCONNECTION),
                        new Message.Down(second, there, NOCONNECTION),
                        new Message.Exit(peer.pid(2), NOCONNECTION),
                        new Message.Exit(peer.pid(3), NOCONNECTION));
        assertThat(mailbox.receive(Duration.ZERO)).isEmpty();
        assertThat(node.kernel().peers.relatedCount()).isEqualTo(1);
        network.cut("q@host", "a@host");
        network.endpoint(node).settle();
        assertThat(node.kernel().peers.relatedCount()).isZero();
    }

    @Test
    void disconnectsAPeerThatHoldsTooMuch() throws Exception {
        peer.say(node, new ControlMessage.Link(there, here));
        peer.expectNothing(node);
        PeerState state = state();
        while (state.hold()) {
            // as if it had set monitors
        }
        assertThat(state.held()).isEqualTo(PeerState.MAX_HELD);
        peer.say(node, new ControlMessage.Monitor(there, here, peer.ref(1)));
        Await.until(MemoryNetwork.SOON, "disconnected", () -> node.connections().isEmpty());
    }

    @Test
    void disconnectsAPeerThatHoldsTooMuchWhenTheExecutorIsBusyForGood() throws Exception {
        List<Runnable> waiting = new CopyOnWriteArrayList<>();
        Node busy = network.start("busy@host", builder -> builder.executor(waiting::add));
        Mailbox held = busy.mailbox();
        peer.say(busy, new ControlMessage.Link(there, held.self()));
        peer.expectNothing(busy);
        PeerState state = Objects.requireNonNull(busy.kernel().peers.get(peer.node()));
        while (state.hold()) {
            // as if it had set monitors
        }
        peer.say(busy, new ControlMessage.Monitor(there, held.self(), peer.ref(1)));
        Await.until(MemoryNetwork.SOON, "disconnected", () -> busy.connections().isEmpty());
        assertThat(waiting).isEmpty();
    }

    @Test
    void leavesRoomForPeersThatHoldLittleWhenOneHoldsAllItMay() throws Exception {
        var small = network.script("q@host");
        peer.say(node, new ControlMessage.Monitor(there, here, peer.ref(1)));
        peer.expectNothing(node);
        small.say(node, new ControlMessage.Monitor(small.pid(1), here, small.ref(1)));
        small.expectNothing(node);
        PeerState greedy = state();
        while (greedy.hold()) {
            // as if it had set monitors
        }
        PeerState modest = Objects.requireNonNull(node.kernel().peers.get(small.node()));
        while (modest.hold()) {
            // as if it had, too
        }
        assertThat(modest.held()).isEqualTo(PeerState.MANY);
        assertThat(greedy.held()).isEqualTo(PeerState.MAX_HELD - 1); // the modest one held one before
        assertThat(node.connections()).hasSize(2);
    }

    @Test
    void givesBytesBackOnceTheMessageHasLeft() throws Exception {
        peer.say(node, new ControlMessage.Send(there, here), BOOM);
        peer.say(node, new ControlMessage.RegSend(there, Atom.of("nobody")), BOOM);
        peer.expectNothing(node);
        MemoryNetwork.End end = Objects.requireNonNull(network.endpoint(node).end("p@host"));
        awaitHeld(end, MemoryNetwork.WIRE_BYTES);
        mailbox.receive();
        awaitHeld(end, 0);
        peer.say(node, new ControlMessage.Send(there, here), BOOM);
        peer.say(node, new ControlMessage.Send(there, here), BOOM);
        peer.expectNothing(node);
        assertThat(mailbox.receive(m -> false, Duration.ZERO)).isEmpty();
        awaitHeld(end, 2 * MemoryNetwork.WIRE_BYTES);
        mailbox.close();
        awaitHeld(end, 0);
    }

    @Test
    void keepsTheBytesOfExitsAndDownsUntilTheyAreReceived() throws Exception {
        mailbox.link(there);
        Reference ref = mailbox.monitor(there);
        peer.next();
        peer.next();
        peer.say(node, new ControlMessage.Exit2(there, here), BOOM);
        peer.say(node, new ControlMessage.AliasExit(there, mailbox.alias()), BOOM);
        peer.say(node, new ControlMessage.Exit(there, here), BOOM);
        peer.say(node, new ControlMessage.MonitorExit(there, here, ref), BOOM);
        peer.say(node, new ControlMessage.Exit(there, here), BOOM); // of a link that is gone
        peer.say(node, new ControlMessage.MonitorExit(there, here, ref), BOOM); // of a monitor that is gone
        peer.expectNothing(node);
        MemoryNetwork.End end = Objects.requireNonNull(network.endpoint(node).end("p@host"));
        awaitHeld(end, 4 * MemoryNetwork.WIRE_BYTES);
        for (int i = 0; i < 4; i++) {
            mailbox.receive();
        }
        awaitHeld(end, 0);
        peer.say(node, new ControlMessage.Exit2(there, here), BOOM);
        peer.say(node, new ControlMessage.Exit2(there, here), BOOM);
        peer.expectNothing(node);
        mailbox.receive(); // what one message has to give back may wait for others
        mailbox.exit(BOOM);
        awaitHeld(end, 0);
    }

    /** The probe's own bytes are given back only after its answer was sent. */
    private static void awaitHeld(MemoryNetwork.End end, long bytes) {
        Await.until(MemoryNetwork.SOON, bytes + " bytes held", () -> end.charged.get() - end.consumed.get() == bytes);
    }

    @Test
    void ignoresGroupLeadersAndWhatIsOfNobody() throws Exception {
        peer.say(node, new ControlMessage.GroupLeader(there, here));
        peer.say(node, new ControlMessage.Exit(there, here), BOOM);
        peer.say(node, new ControlMessage.UnlinkIdAck(1, there, here));
        peer.say(node, new ControlMessage.Demonitor(there, here, peer.ref(1)));
        peer.say(node, new ControlMessage.Demonitor(there, Int.of(1), peer.ref(1)));
        peer.say(node, new ControlMessage.SpawnReply(peer.ref(1), here, 3, there));
        peer.say(node, new ControlMessage.Send(there, foreign), BOOM);
        peer.say(node, new ControlMessage.AliasSend(there, peer.ref(5)), BOOM);
        expectNothing();
    }

    @Test
    void sendsAnExitSignalThroughAnAlias() throws Exception {
        peer.say(node, new ControlMessage.AliasExit(there, mailbox.alias()), BOOM);
        assertThat(mailbox.receive(MemoryNetwork.SOON)).contains(new Message.Exit(there, BOOM));
    }

    @Test
    void pongsToNetAdmPing() throws Exception {
        Term tag = new ImproperList(List.of(Atom.of("alias")), peer.ref(4));
        Term ping = Tuple.of(Atom.of("$gen_call"), Tuple.of(there, tag), Tuple.of(Atom.of("is_auth"), peer.node()));
        peer.say(node, new ControlMessage.RegSend(there, Atom.of("net_kernel")), ping);
        Received reply = peer.next();
        assertThat(reply.payload()).isEqualTo(Tuple.of(tag, Atom.of("yes")));
        assertThat(((ControlMessage.AliasSend) reply.signal()).to()).isEqualTo(peer.ref(4));
    }

    @Test
    void answersAnotherPeerThanTheOneThatAskedOnlyIfThereIsRoom() throws Exception {
        ScriptedPeer other = network.script("q@host");
        other.expectNothing(node);
        peer.expectNothing(node);
        network.endpoint(node).full(true);
        for (ScriptedPeer named : List.of(other, peer)) {
            Term ping = Tuple.of(
                    Atom.of("$gen_call"), Tuple.of(named.pid(3), BOOM), Tuple.of(Atom.of("is_auth"), peer.node()));
            peer.say(node, new ControlMessage.RegSend(there, Atom.of("net_kernel")), ping);
        }
        assertThat(peer.next().payload()).isEqualTo(Tuple.of(BOOM, Atom.of("yes")));
        other.expectNothing(node);
    }

    @Test
    void cannotBeRobbedOfItsServices() throws Exception {
        Pid netKernel = node.whereis(Atom.of("net_kernel")).orElseThrow();
        peer.say(node, new ControlMessage.Exit2(there, netKernel), BOOM);
        peer.say(node, new ControlMessage.Exit2(there, netKernel), Atom.of("kill"));
        peer.say(node, new ControlMessage.Link(there, netKernel));
        peer.say(node, new ControlMessage.Exit(there, netKernel), BOOM);
        peer.expectNothing(node);
        assertThat(node.whereis(Atom.of("net_kernel"))).contains(netKernel);
    }

    // ---- spawn

    private void requestCall(int ref, Term... arguments) {
        peer.say(
                node,
                new ControlMessage.SpawnRequest(
                        peer.ref(ref),
                        there,
                        there,
                        Atom.of("erpc"),
                        Atom.of("execute_call"),
                        arguments.length,
                        ListTerm.of(Atom.of("monitor"))),
                ListTerm.of(arguments));
    }

    @Test
    void interruptsACallThatNobodyWaitsForAnyMore() throws Exception {
        requestCall(1, Int.of(1), Atom.of("f"), Atom.of("hang"), ListTerm.EMPTY);
        var reply = (ControlMessage.SpawnReply) peer.next().signal();
        assertThat(reply.flags()).isEqualTo(2);
        hanging.await();
        peer.say(node, new ControlMessage.Demonitor(there, reply.result(), peer.ref(1)));
        interrupted.await();
        peer.expectNothing(node);
        Await.until(MemoryNetwork.SOON, "not counted", () -> spawned() == 0);
    }

    @Test
    void interruptsACallWhoseNodeIsGone() throws Exception {
        requestCall(1, Int.of(1), Atom.of("f"), Atom.of("hang"), ListTerm.EMPTY);
        peer.next();
        hanging.await();
        network.cut("a@host", "p@host");
        interrupted.await();
    }

    private int spawned() {
        PeerState state = node.kernel().peers.get(peer.node());
        return state == null ? 0 : state.spawned.get();
    }

    @Test
    void interruptsACallByRexWhoseNodeIsGone() throws Exception {
        Term call = Tuple.of(Atom.of("call"), Atom.of("f"), Atom.of("hang"), ListTerm.EMPTY, there);
        Term gen = Tuple.of(Atom.of("$gen_call"), Tuple.of(there, peer.ref(1)), call);
        peer.say(node, new ControlMessage.RegSend(there, Atom.of("rex")), gen);
        hanging.await();
        PeerState state = state();
        assertThat(state.spawned.get()).isEqualTo(1);
        network.cut("a@host", "p@host");
        interrupted.await();
        Await.until(MemoryNetwork.SOON, "not counted", () -> state.spawned.get() == 0);
    }

    @Test
    void refusesMoreThanItsShareOfCallsByRex() throws Exception {
        peer.expectNothing(node);
        state().spawned.set(PeerState.MAX_SPAWNED);
        Term call = Tuple.of(Atom.of("call"), Atom.of("f"), Atom.of("hang"), ListTerm.EMPTY, there);
        Term gen = Tuple.of(Atom.of("$gen_call"), Tuple.of(there, peer.ref(1)), call);
        peer.say(node, new ControlMessage.RegSend(there, Atom.of("rex")), gen);
        assertThat(peer.next().payload()).isEqualTo(Tuple.of(peer.ref(1), parse("{badrpc,system_limit}")));
        assertThat(spawned()).isEqualTo(PeerState.MAX_SPAWNED);
    }

    private static Term parse(String text) {
        return TermParser.parse(text);
    }

    @Test
    void linksNothingThatASpawnDidNotAskFor() throws Exception {
        Reference ref = mailbox.spawnRequest(peer.node(), Atom.of("m"), Atom.of("f"), List.of(), SpawnOption.MONITOR);
        peer.next();
        peer.say(node, new ControlMessage.SpawnReply(ref, here, 3, there));
        peer.say(node, new ControlMessage.Exit(there, here), BOOM);
        peer.say(node, new ControlMessage.MonitorExit(there, here, ref), BOOM);
        assertThat(mailbox.receive(MemoryNetwork.SOON)).isPresent(); // the reply
        assertThat(mailbox.receive(MemoryNetwork.SOON)).contains(new Message.Down(ref, there, BOOM));
        expectNothing();
    }

    @Test
    void disconnectsAPeerThatSaysItSpawnedAProcessOfAnotherNode() throws Exception {
        Reference ref = mailbox.spawnRequest(peer.node(), Atom.of("m"), Atom.of("f"), List.of(), SpawnOption.LINK);
        assertThat(peer.next().signal()).isInstanceOf(ControlMessage.SpawnRequest.class);
        peer.say(node, new ControlMessage.SpawnReply(ref, here, 1, foreign));
        assertThat(mailbox.receive(MemoryNetwork.SOON).orElseThrow().toTerm())
                .isEqualTo(Tuple.of(Atom.of("spawn_reply"), ref, Atom.ERROR, Atom.of("noconnection")));
        assertThat(mailbox.process().links().hasActive(foreign)).isFalse();
    }

    @Test
    void refusesMoreThanItsShareOfProcesses() throws Exception {
        requestCall(1, Int.of(1), Atom.of("f"), Atom.of("hang"), ListTerm.EMPTY);
        peer.next();
        PeerState state = state();
        state.spawned.set(PeerState.MAX_SPAWNED);
        requestCall(2, Int.of(1), Atom.of("f"), Atom.of("hang"), ListTerm.EMPTY);
        assertThat(peer.next().signal())
                .isEqualTo(new ControlMessage.SpawnReply(peer.ref(2), there, 0, Atom.of("system_limit")));
    }

    @Test
    void answersMalformedCallsAndOptions() throws Exception {
        requestCall(1, Int.of(1), Int.of(2), Atom.of("hang"), ListTerm.EMPTY);
        Pid pid = (Pid) ((ControlMessage.SpawnReply) peer.next().signal()).result();
        Received down = peer.next();
        assertThat(down.signal()).isEqualTo(new ControlMessage.MonitorExit(pid, there, peer.ref(1)));
        assertThat(down.payload()).hasToString("{1,error,{erpc,badarg}}");
        peer.say(
                node,
                new ControlMessage.SpawnRequest(
                        peer.ref(2), there, there, Atom.of("f"), Atom.of("g"), 1, ListTerm.of(Int.of(1))),
                ListTerm.of(BOOM));
        assertThat(peer.next().signal())
                .isEqualTo(new ControlMessage.SpawnReply(peer.ref(2), there, 0, Atom.of("badopt")));
        peer.say(
                node,
                new ControlMessage.SpawnRequest(
                        peer.ref(3), there, there, Atom.of("f"), Atom.of("g"), 2, ListTerm.EMPTY),
                ListTerm.of(BOOM));
        assertThat(peer.next().signal())
                .isEqualTo(new ControlMessage.SpawnReply(peer.ref(3), there, 0, Atom.of("badopt")));
    }

    @Test
    void supportsNoSpawnWhenNothingIsRegistered() throws Exception {
        Node bare = network.start("bare@host");
        peer.say(
                bare,
                new ControlMessage.SpawnRequest(
                        peer.ref(1), there, there, Atom.of("f"), Atom.of("g"), 0, ListTerm.EMPTY),
                ListTerm.EMPTY);
        assertThat(peer.next().signal())
                .isEqualTo(new ControlMessage.SpawnReply(peer.ref(1), there, 0, Atom.of("notsup")));
    }

    // ---- policy

    @Test
    void asksThePolicyForEverythingThatHasAnEffect() throws Exception {
        Node strict = network.start(
                "strict@host",
                builder -> builder.policy((asker, operation, target) -> {
                            assertThat(asker.node()).hasToString("p@host");
                            if (operation == SignalPolicy.Operation.EXIT) {
                                throw new IllegalStateException("refuses by failing");
                            }
                            return false;
                        })
                        .function("f", "g", 0, args -> Atom.OK)
                        .process("f", "p", 0, (self, args) -> {}));
        Mailbox box = strict.mailbox(MailboxOptions.DEFAULT.withName("box"));
        peer.say(strict, new ControlMessage.Send(there, box.self()), BOOM);
        peer.say(strict, new ControlMessage.RegSend(there, Atom.of("box")), BOOM);
        peer.say(strict, new ControlMessage.AliasSend(there, box.alias()), BOOM);
        peer.say(strict, new ControlMessage.Exit2(there, box.self()), BOOM);
        peer.say(strict, new ControlMessage.Link(there, box.self()));
        assertThat(peer.next()).isEqualTo(new Received(new ControlMessage.Exit(box.self(), there), NOPROC));
        peer.say(strict, new ControlMessage.Monitor(there, box.self(), peer.ref(1)));
        assertThat(peer.next())
                .isEqualTo(new Received(new ControlMessage.MonitorExit(box.self(), there, peer.ref(1)), NOPROC));
        peer.say(
                strict,
                new ControlMessage.SpawnRequest(
                        peer.ref(2), there, there, Atom.of("f"), Atom.of("p"), 0, ListTerm.EMPTY),
                ListTerm.EMPTY);
        assertThat(peer.next().signal())
                .isEqualTo(new ControlMessage.SpawnReply(peer.ref(2), there, 0, Atom.of("notsup")));
        peer.say(
                strict,
                new ControlMessage.SpawnRequest(
                        peer.ref(3),
                        there,
                        there,
                        Atom.of("erpc"),
                        Atom.of("execute_call"),
                        4,
                        ListTerm.of(Atom.of("monitor"))),
                ListTerm.of(Int.of(1), Atom.of("f"), Atom.of("g"), ListTerm.EMPTY));
        peer.next();
        assertThat(peer.next().payload()).hasToString("{1,error,undef,[{f,g,[],[]}]}");
        assertThat(box.isAlive()).isTrue();
        assertThat(box.receive(Duration.ZERO)).isEmpty();
    }
}
