package io.hawser.cluster;

import static io.hawser.cluster.MemoryCluster.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.node.Mailbox;
import io.hawser.node.Message;
import io.hawser.node.Node;
import io.hawser.node.NodeKind;
import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.ListTerm;
import io.hawser.term.Pid;
import io.hawser.term.Term;
import io.hawser.term.TermParser;
import io.hawser.term.Tuple;
import io.hawser.testing.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Process groups over nodes of this kind, and one whose every word the test says. */
class ProcessGroupsTest {
    private static final Term GROUP = Atom.of("group");
    private static final Term OTHER = TermParser.parse("{other, 1}");

    private final MemoryCluster cluster = new MemoryCluster();
    private final Node a = cluster.start("a@host");
    private final Node b = cluster.start("b@host");
    private final ProcessGroups groupsA = ProcessGroups.start(a);

    @AfterEach
    void stop() {
        cluster.close();
    }

    private static void awaitMembers(ProcessGroups groups, Term group, Pid... members) {
        Await.until(SOON, "members", () -> {
            var now = groups.members(group);
            return now.size() == members.length && now.containsAll(List.of(members));
        });
    }

    private static Term next(Mailbox mailbox) throws InterruptedException {
        return mailbox.receive(SOON).map(Message::toTerm).orElseThrow(() -> new AssertionError("nothing came"));
    }

    private Tuple scopeOfA() {
        return Tuple.of(ProcessGroups.DEFAULT_SCOPE, a.name().atom());
    }

    @Test
    void aPeerThatDoesNotReadKeepsNobodyWaitingAndCatchesUp() throws InterruptedException {
        Node c = cluster.start("c@host");
        ProcessGroups groupsB = ProcessGroups.start(b);
        ProcessGroups groupsC = ProcessGroups.start(c);
        Mailbox first = a.mailbox();
        Mailbox second = a.mailbox();
        groupsA.join(GROUP, first.self());
        MemoryCluster.connect(a, b);
        MemoryCluster.connect(a, c);
        awaitMembers(groupsB, GROUP, first.self());
        cluster.stall(b, true);
        MemoryCluster.fill(a, b);
        groupsA.join(GROUP, second.self());
        groupsA.leave(GROUP, first.self());
        groupsA.join(OTHER, first.self());
        awaitMembers(groupsC, GROUP, second.self());
        awaitMembers(groupsC, OTHER, first.self());
        assertThat(groupsB.members(GROUP)).containsExactly(first.self());
        cluster.stall(b, false);
        awaitMembers(groupsB, GROUP, second.self());
        awaitMembers(groupsB, OTHER, first.self());
    }

    @Test
    void aPeerThatAsksAndDoesNotReadKeepsNobodyWaiting() throws InterruptedException {
        MemoryCluster.connect(a, b);
        cluster.deafen(b);
        MemoryCluster.fill(a, b);
        Mailbox scope = b.mailbox();
        scope.send(scopeOfA(), Tuple.of(Atoms.DISCOVER, scope.self()));
        Pid member = b.mailbox().self();
        scope.send(
                scopeOfA(),
                Tuple.of(
                        Atoms.GEN_CAST,
                        Tuple.of(Atoms.SYNC, scope.self(), ListTerm.of(Tuple.of(GROUP, ListTerm.of(member))))));
        awaitMembers(groupsA, GROUP, member);
        assertThat(groupsA.join(OTHER, a.mailbox().self())).isTrue();
    }

    @Test
    void oneNodeHasFewOfThePlacesForPeers() throws InterruptedException {
        MemoryCluster.connect(a, b);
        Mailbox mouth = b.mailbox();
        for (int i = 0; i < GroupServer.MAX_PEERS; i++) {
            mouth.send(scopeOfA(), Tuple.of(Atoms.DISCOVER, b.mailbox().self()));
        }
        Node c = cluster.start("c@host");
        ProcessGroups groupsC = ProcessGroups.start(c);
        Mailbox member = c.mailbox();
        groupsC.join(GROUP, member.self());
        MemoryCluster.connect(c, a);
        awaitMembers(groupsA, GROUP, member.self());
    }

    @Test
    void manyMembersCostNoMoreEachThanFew() throws InterruptedException {
        int many = 100_000;
        MemoryCluster.connect(a, b);
        Mailbox scope = b.mailbox();
        Pid server = a.whereis(ProcessGroups.DEFAULT_SCOPE).orElseThrow();
        scope.send(scopeOfA(), Tuple.of(Atoms.DISCOVER, scope.self()));
        for (int i = 0; i < many; i++) {
            scope.send(server, Tuple.of(Atoms.JOIN, scope.self(), GROUP, pidOfB(i)));
        }
        Await.until(SOON, "all are in", () -> groupsA.members(GROUP).size() == many);
        for (int i = 0; i < many - 1; i++) {
            scope.send(server, Tuple.of(Atoms.LEAVE, scope.self(), pidOfB(i), ListTerm.of(GROUP)));
        }
        awaitMembers(groupsA, GROUP, pidOfB(many - 1));
    }

    private Pid pidOfB(int number) {
        return new Pid(b.name().atom(), number, 0, b.creation());
    }

    @Test
    void membersAreSeenOnAllNodesUntilTheyLeave() throws InterruptedException {
        ProcessGroups groupsB = ProcessGroups.start(b);
        Mailbox before = a.mailbox();
        groupsA.join(GROUP, before.self());
        MemoryCluster.connect(a, b);
        awaitMembers(groupsB, GROUP, before.self());
        Mailbox after = b.mailbox();
        groupsB.join(GROUP, after.self());
        groupsB.join(OTHER, after.self());
        awaitMembers(groupsA, GROUP, before.self(), after.self());
        assertThat(groupsA.localMembers(GROUP)).containsExactly(before.self());
        Await.until(SOON, "both groups", () -> groupsA.groups().size() == 2);
        assertThat(groupsB.leave(GROUP, after.self())).isTrue();
        assertThat(groupsB.leave(GROUP, after.self())).isFalse();
        awaitMembers(groupsA, GROUP, before.self());
        after.close();
        awaitMembers(groupsA, OTHER);
        assertThat(groupsA.groups()).containsExactly(GROUP);
    }

    @Test
    void membersAreGoneWithTheConnectionAndBackWithIt() throws InterruptedException {
        ProcessGroups groupsB = ProcessGroups.start(b);
        Mailbox member = b.mailbox();
        groupsB.join(GROUP, member.self());
        MemoryCluster.connect(a, b);
        awaitMembers(groupsA, GROUP, member.self());
        a.disconnect(b.name());
        awaitMembers(groupsA, GROUP);
        MemoryCluster.connect(a, b);
        awaitMembers(groupsA, GROUP, member.self());
        groupsB.close();
        awaitMembers(groupsA, GROUP);
    }

    @Test
    void whatIsSentOnlyIfConnectedConnectsNobody() throws InterruptedException {
        Mailbox sender = a.mailbox();
        Mailbox receiver = b.register("receiver");
        Term there = Tuple.of(Atom.of("receiver"), b.name().atom());
        assertThat(sender.trySendIfConnected(there, Atom.of("lost"))).isTrue();
        assertThat(sender.trySendIfConnected(receiver.self(), Atom.of("lost"))).isTrue();
        assertThat(a.nodes()).isEmpty();
        MemoryCluster.connect(a, b);
        assertThat(sender.trySendIfConnected(there, Atom.of("one"))).isTrue();
        assertThat(sender.trySendIfConnected(receiver.self(), Atom.of("two"))).isTrue();
        assertThat(sender.trySendIfConnected(sender.self(), Atom.of("here"))).isTrue();
        assertThat(next(receiver)).isEqualTo(Atom.of("one"));
        assertThat(next(receiver)).isEqualTo(Atom.of("two"));
        assertThat(next(sender)).isEqualTo(Atom.of("here"));
    }

    @Test
    void aHiddenNodeThatLooksItselfIsAMember() throws InterruptedException {
        Node hidden = cluster.start("hidden@host", true);
        ProcessGroups groups = ProcessGroups.start(hidden, ProcessGroups.DEFAULT_SCOPE, NodeKind.ALL);
        Mailbox member = hidden.mailbox();
        groups.join(GROUP, member.self());
        MemoryCluster.connect(hidden, a);
        awaitMembers(groupsA, GROUP, member.self());
    }

    @Test
    void aMonitorTellsWhoIsThereAndThenWhoComesAndGoes() throws InterruptedException {
        ProcessGroups groupsB = ProcessGroups.start(b);
        Pid first = a.mailbox().self();
        Mailbox second = b.mailbox();
        groupsA.join(GROUP, first);
        Mailbox watcher = a.mailbox();
        Mailbox all = a.mailbox();
        var watch = groupsA.monitor(watcher, GROUP);
        assertThat(watch.members()).containsExactly(Map.entry(GROUP, List.of(first)));
        var scope = groupsA.monitorScope(all);
        assertThat(scope.members()).containsExactly(Map.entry(GROUP, List.of(first)));
        groupsB.join(GROUP, second.self());
        groupsB.join(OTHER, second.self());
        MemoryCluster.connect(a, b);
        Term joined = Tuple.of(watch.ref(), Atoms.JOIN, GROUP, ListTerm.of(second.self()));
        assertThat(next(watcher)).isEqualTo(joined);
        assertThat(List.of(next(all), next(all)))
                .containsExactlyInAnyOrder(
                        Tuple.of(scope.ref(), Atoms.JOIN, GROUP, ListTerm.of(second.self())),
                        Tuple.of(scope.ref(), Atoms.JOIN, OTHER, ListTerm.of(second.self())));
        assertThat(groupsA.demonitor(scope)).isTrue();
        assertThat(groupsA.demonitor(scope)).isFalse();
        groupsA.leave(GROUP, first);
        assertThat(next(watcher)).isEqualTo(Tuple.of(watch.ref(), Atoms.LEAVE, GROUP, ListTerm.of(first)));
        a.disconnect(b.name());
        assertThat(next(watcher)).isEqualTo(Tuple.of(watch.ref(), Atoms.LEAVE, GROUP, ListTerm.of(second.self())));
        MemoryCluster.connect(a, b);
        assertThat(next(watcher)).isEqualTo(joined);
        second.close();
        assertThat(next(watcher)).isEqualTo(Tuple.of(watch.ref(), Atoms.LEAVE, GROUP, ListTerm.of(second.self())));
        assertThat(all.receive(Duration.ZERO)).isEmpty();
    }

    @Test
    void onlyItsOwnProcessesJoin() {
        assertThatThrownBy(() -> groupsA.join(GROUP, b.mailbox().self())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whoDiscoversIsAnsweredWithSyncAndDiscoveredOnceAndThenToldOfChanges() throws InterruptedException {
        Mailbox member = a.mailbox();
        groupsA.join(GROUP, member.self());
        groupsA.join(GROUP, member.self());
        Mailbox scope = b.mailbox();
        Pid server = a.whereis(ProcessGroups.DEFAULT_SCOPE).orElseThrow();
        Term groups = ListTerm.of(Tuple.of(GROUP, ListTerm.of(member.self(), member.self())));
        Term sync = Tuple.of(Atoms.GEN_CAST, Tuple.of(Atoms.SYNC, server, groups));
        scope.send(scopeOfA(), Tuple.of(Atoms.DISCOVER, scope.self()));
        assertThat(next(scope)).isEqualTo(sync);
        assertThat(next(scope)).isEqualTo(Tuple.of(Atoms.DISCOVER, server));
        scope.send(scopeOfA(), TermParser.parse("nonsense"));
        scope.send(scopeOfA(), Tuple.of(Atoms.DISCOVER, scope.self(), Int.of(1)));
        assertThat(next(scope)).isEqualTo(sync);
        groupsA.leave(GROUP, member.self());
        assertThat(next(scope)).isEqualTo(Tuple.of(Atoms.LEAVE, server, member.self(), ListTerm.of(GROUP)));
        groupsA.join(OTHER, member.self());
        assertThat(next(scope)).isEqualTo(Tuple.of(Atoms.JOIN, server, OTHER, member.self()));
        member.close();
        assertThat(next(scope)).isEqualTo(Tuple.of(Atoms.LEAVE, server, member.self(), ListTerm.of(GROUP, OTHER)));
    }

    @Test
    void aPeerSpeaksForItsOwnProcessesAndOnlyAfterItIsKnown() throws InterruptedException {
        Mailbox scope = b.mailbox();
        Pid member = b.mailbox().self();
        Pid foreign = a.mailbox().self();
        scope.send(scopeOfA(), Tuple.of(Atoms.JOIN, scope.self(), GROUP, member));
        Term groups = ListTerm.of(Tuple.of(OTHER, ListTerm.of(member, foreign)));
        scope.send(scopeOfA(), Tuple.of(Atoms.GEN_CAST, Tuple.of(Atoms.SYNC, scope.self(), groups)));
        awaitMembers(groupsA, OTHER, member);
        assertThat(groupsA.members(GROUP)).isEmpty();
        scope.send(scopeOfA(), Tuple.of(Atoms.JOIN, scope.self(), GROUP, ListTerm.of(member, member, foreign)));
        awaitMembers(groupsA, GROUP, member, member);
        scope.send(scopeOfA(), Tuple.of(Atoms.LEAVE, scope.self(), member, ListTerm.of(GROUP, OTHER)));
        awaitMembers(groupsA, OTHER);
        awaitMembers(groupsA, GROUP, member);
        scope.close();
        awaitMembers(groupsA, GROUP);
    }

    @Test
    void whatIsMalformedIsIgnored() throws InterruptedException {
        Mailbox scope = b.mailbox();
        for (String message : new String[] {
            "x", "{}", "{discover, x}", "{join, a, b, c}", "{leave, a, b, [c|d]}", "{'$gen_cast', {sync, a, b}}"
        }) {
            scope.send(scopeOfA(), TermParser.parse(message));
        }
        scope.send(scopeOfA(), Tuple.of(Atoms.GEN_CAST, Tuple.of(Atoms.SYNC, scope.self(), ListTerm.of(GROUP))));
        scope.send(scopeOfA(), Tuple.of(Atoms.JOIN, scope.self(), GROUP, Atom.of("not_a_pid")));
        scope.send(scopeOfA(), Tuple.of(Atoms.DISCOVER, scope.self()));
        assertThat(next(scope).toString()).contains("sync");
        assertThat(groupsA.groups()).isEmpty();
    }
}
