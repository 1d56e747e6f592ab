package io.hawser.cluster;

import static io.hawser.cluster.MemoryCluster.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.node.GenServer;
import io.hawser.node.Mailbox;
import io.hawser.node.NameTakenException;
import io.hawser.node.Node;
import io.hawser.term.Atom;
import io.hawser.term.Pid;
import io.hawser.term.Term;
import io.hawser.term.TermParser;
import io.hawser.term.Tuple;
import io.hawser.testing.Await;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Global names over nodes of this kind alone. */
class GlobalTest {
    private static final Term NAME = TermParser.parse("{service, 1}");

    private final MemoryCluster cluster = new MemoryCluster();
    private final Node a = cluster.start("a@host");
    private final Node b = cluster.start("b@host");
    private final Global globalA = Global.start(a);
    private final Global globalB = Global.start(b);

    @AfterEach
    void stop() {
        cluster.close();
    }

    private static void awaitOwner(Pid owner, Term name, Global... nodes) {
        Await.until(
                SOON,
                owner + " is known",
                () -> Arrays.stream(nodes)
                        .allMatch(each ->
                                each.whereisName(name).filter(owner::equals).isPresent()));
    }

    private static void awaitNobody(Term name, Global... nodes) {
        Await.until(
                SOON,
                "nobody has the name",
                () -> Arrays.stream(nodes)
                        .allMatch(each -> each.whereisName(name).isEmpty()));
    }

    private static Term ask(Node node, Node asked, Term request) throws InterruptedException {
        return GenServer.call(node, NameServers.at(asked.name().atom()), request, SOON);
    }

    @Test
    void aLoneNodeRegistersAndUnregisters() throws InterruptedException {
        Mailbox owner = a.mailbox();
        assertThat(globalA.registerName(NAME, owner.self())).isTrue();
        assertThat(globalA.whereisName(NAME)).contains(owner.self());
        globalA.unregisterName(NAME);
        assertThat(globalA.whereisName(NAME)).isEmpty();
        assertThat(globalA.sync(SOON)).isTrue();
    }

    @Test
    void isStartedOncePerNode() {
        assertThatThrownBy(() -> Global.start(a)).isInstanceOf(NameTakenException.class);
    }

    @Test
    void nodesThatMeetExchangeTheirNames() throws InterruptedException {
        Mailbox here = a.mailbox();
        Mailbox there = b.mailbox();
        globalA.registerName(Atom.of("of_a"), here.self());
        globalB.registerName(Atom.of("of_b"), there.self());
        MemoryCluster.connect(a, b);
        assertThat(globalA.sync(SOON)).isTrue();
        assertThat(globalB.sync(SOON)).isTrue();
        awaitOwner(here.self(), Atom.of("of_a"), globalA, globalB);
        awaitOwner(there.self(), Atom.of("of_b"), globalA, globalB);
    }

    @Test
    void aNameIsRegisteredAndUnregisteredOnAllNodes() throws InterruptedException {
        MemoryCluster.connect(a, b);
        globalA.sync(SOON);
        globalB.sync(SOON);
        Mailbox owner = b.mailbox();
        assertThat(globalB.registerName(NAME, owner.self())).isTrue();
        assertThat(globalA.whereisName(NAME)).contains(owner.self());
        assertThat(globalA.registerName(NAME, a.mailbox().self())).isFalse();
        assertThat(globalA.registerName(Atom.of("second_name"), owner.self())).isFalse();
        globalA.unregisterName(NAME);
        assertThat(globalA.whereisName(NAME)).isEmpty();
        assertThat(globalB.whereisName(NAME)).isEmpty();
    }

    @Test
    void aNameEndsWithItsProcess() throws InterruptedException {
        MemoryCluster.connect(a, b);
        globalA.sync(SOON);
        globalB.sync(SOON);
        Mailbox owner = a.mailbox();
        globalA.registerName(NAME, owner.self());
        owner.close();
        awaitNobody(NAME, globalA, globalB);
    }

    @Test
    void aNameEndsWithTheConnectionToItsNode() throws InterruptedException {
        MemoryCluster.connect(a, b);
        globalA.sync(SOON);
        globalB.sync(SOON);
        globalB.registerName(NAME, b.mailbox().self());
        b.close();
        awaitNobody(NAME, globalA);
        Await.until(
                SOON,
                "b is forgotten",
                () -> ask(a, a, Atom.of("get_known")).toString().equals("[]"));
    }

    @Test
    void ofTwoProcessesOfOneNameTheOneOnTheSmallerNodeStays() throws InterruptedException {
        Mailbox here = a.mailbox();
        Mailbox there = b.mailbox();
        globalA.registerName(NAME, here.self());
        globalB.registerName(NAME, there.self());
        MemoryCluster.connect(a, b);
        awaitOwner(here.self(), NAME, globalA, globalB);
        Await.until(SOON, "the other ends", () -> !there.isAlive());
        assertThat(there.exitReason()).contains(Atom.of("killed"));
        assertThat(here.isAlive()).isTrue();
    }

    @Test
    void theNodeOfTheOwnerIsAskedWhichOfTwoStays() throws InterruptedException {
        Node c = cluster.start("c@host");
        Node d = cluster.start("d@host");
        Global globalC = Global.start(c);
        Global globalD = Global.start(d);
        MemoryCluster.connect(a, c);
        assertThat(globalA.sync(SOON) && globalC.sync(SOON)).isTrue();
        MemoryCluster.connect(b, d);
        assertThat(globalB.sync(SOON) && globalD.sync(SOON)).isTrue();
        Mailbox lesser = c.mailbox();
        Mailbox greater = d.mailbox();
        assertThat(globalC.registerName(NAME, lesser.self())).isTrue();
        assertThat(globalD.registerName(NAME, greater.self())).isTrue();
        MemoryCluster.connect(a, b);
        awaitOwner(lesser.self(), NAME, globalA, globalB, globalC, globalD);
        Await.until(SOON, "the other ends", () -> !greater.isAlive());
        assertThat(lesser.isAlive()).isTrue();
    }

    @Test
    void aThirdNodeIsMetThroughTheSecond() throws InterruptedException {
        Node c = cluster.start("c@host");
        Global globalC = Global.start(c);
        Mailbox owner = c.mailbox();
        globalC.registerName(NAME, owner.self());
        MemoryCluster.connect(a, b);
        globalA.sync(SOON);
        globalB.sync(SOON);
        MemoryCluster.connect(b, c);
        awaitOwner(owner.self(), NAME, globalA, globalB, globalC);
        Await.until(SOON, "a and c are connected", () -> a.nodes().contains(c.name()));
        assertThat(globalA.sync(SOON)).isTrue();
        assertThat(globalC.sync(SOON)).isTrue();
    }

    @Test
    void aNodeThatStartsLaterThanItConnectsIsMetAllTheSame() throws InterruptedException {
        Node c = cluster.start("c@host");
        MemoryCluster.connect(a, c);
        Mailbox owner = a.mailbox();
        globalA.registerName(NAME, owner.self());
        Global globalC = Global.start(c);
        assertThat(globalC.sync(SOON)).isTrue();
        awaitOwner(owner.self(), NAME, globalC);
    }

    @Test
    void ofManyThatWantOneNameOneGetsIt() throws InterruptedException {
        MemoryCluster.connect(a, b);
        globalA.sync(SOON);
        globalB.sync(SOON);
        var got = new AtomicInteger();
        var done = new CountDownLatch(4);
        for (int i = 0; i < 4; i++) {
            Global global = i % 2 == 0 ? globalA : globalB;
            Mailbox owner = (i % 2 == 0 ? a : b).mailbox();
            new Thread(() -> {
                        try {
                            if (global.registerName(NAME, owner.self())) {
                                got.incrementAndGet();
                            }
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        } finally {
                            done.countDown();
                        }
                    })
                    .start();
        }
        assertThat(done.await(SOON.toSeconds() * 3, TimeUnit.SECONDS)).isTrue();
        assertThat(got).hasValue(1);
        assertThat(globalA.whereisName(NAME))
                .isEqualTo(globalB.whereisName(NAME))
                .isPresent();
    }

    @Test
    void aNodeThatAMemberLostIsAskedToLeave() throws InterruptedException {
        Node c = cluster.start("c@host");
        Global globalC = Global.start(c);
        MemoryCluster.connect(a, b);
        MemoryCluster.connect(b, c);
        Await.until(
                SOON,
                "all are connected",
                () -> a.nodes().size() == 2 && c.nodes().size() == 2);
        assertThat(globalA.sync(SOON) && globalB.sync(SOON) && globalC.sync(SOON))
                .isTrue();
        cluster.hide(a);
        cluster.hide(c);
        a.disconnect(c.name());
        Await.until(SOON, "no two of three see each other only half", () -> {
            int links = a.nodes().size() + b.nodes().size() + c.nodes().size();
            return links <= 2;
        });
    }

    @Test
    void aPeerThatAsksAndDoesNotReadKeepsNobodyWaiting() throws InterruptedException {
        Node c = cluster.start("c@host");
        Node deaf = cluster.start("deaf@host");
        MemoryCluster.connect(a, deaf);
        cluster.deafen(deaf);
        MemoryCluster.fill(a, deaf);
        Mailbox mouth = deaf.mailbox();
        for (Term request : List.of(
                Atom.of("get_known"),
                TermParser.parse("{set_lock, {resource, me}}"),
                Tuple.of(Atoms.REGISTER, NAME, mouth.self(), Atom.OK))) {
            Term from = Tuple.of(mouth.self(), deaf.makeReference());
            mouth.send(NameServers.at(a.name().atom()), Tuple.of(Atoms.GEN_CALL, from, request));
        }
        awaitOwner(mouth.self(), NAME, globalA);
        globalA.unregisterName(NAME);
        MemoryCluster.connect(c, a);
        assertThat(Global.start(c).sync(SOON)).isTrue();
    }

    @Test
    void whoAsksToBeLeftIsLeftAndNobodyElse() throws InterruptedException {
        Node other = cluster.start("other@host");
        MemoryCluster.connect(a, other);
        MemoryCluster.connect(a, b);
        assertThat(globalB.sync(SOON)).isTrue();
        Mailbox mouth = other.mailbox();
        for (Node asked : new Node[] {b, other}) {
            mouth.send(
                    NameServers.at(a.name().atom()),
                    Tuple.of(Atoms.REMOVE_CONNECTION, asked.name().atom()));
        }
        Await.until(SOON, "it is left", () -> !a.nodes().contains(other.name()));
        assertThat(a.nodes()).containsExactly(b.name());
    }

    @Test
    void whatIsMalformedIsIgnored() throws InterruptedException {
        Mailbox sender = b.mailbox();
        Term server = NameServers.at(a.name().atom());
        for (String message : new String[] {
            "hello",
            "{}",
            "[]",
            "{init_connect_ack, 1, 2, 3}",
            "{cancel_connect, 'x@y', z}",
            "{lost_connection, a, b, c, d}",
            "{remove_connection, 17}",
            "{whereis, x, y}",
            "{'$gen_cast', x}",
            "{'$gen_cast', {init_connect, {8}, x, y}}",
            "{'$gen_cast', {exchange, 'b@host', [{x, y, z}], [], 1}}",
            "{'$gen_cast', {resolved, 'b@host', [{insert, x}], [z], a, b, 1}}",
            "{'$gen_cast', {new_nodes, 'b@host', [], [], [{'no node name', 8}], []}}",
            "{'$gen_cast', {lock_set, x, true, [], 1}}",
            "{'$gen_call', {a, b}, {set_lock, x}}",
            "{'DOWN', x, y, z}"
        }) {
            sender.send(server, TermParser.parse(message));
        }
        assertThat(ask(b, a, Atom.of("get_protocol_version")).toString()).isEqualTo("8");
        assertThat(globalA.sync(SOON)).isTrue();
    }

    @Test
    void aLockIsFreeWhenItsHolderEnds() throws InterruptedException {
        Mailbox first = b.mailbox();
        Mailbox second = b.mailbox();
        Term lock = TermParser.parse("{set_lock, {resource, me}}");
        Term other = TermParser.parse("{set_lock, {resource, you}}");
        Term server = NameServers.at(a.name().atom());
        assertThat(GenServer.call(first, server, lock, SOON)).isEqualTo(Atom.TRUE);
        assertThat(GenServer.call(second, server, lock, SOON)).isEqualTo(Atom.TRUE);
        assertThat(GenServer.call(b, server, other, SOON)).isEqualTo(Atom.FALSE);
        first.close();
        assertThat(GenServer.call(b, server, other, SOON)).isEqualTo(Atom.FALSE);
        second.close();
        Await.until(
                SOON,
                "the lock is free",
                () -> GenServer.call(b, server, other, SOON).equals(Atom.TRUE));
    }
}
