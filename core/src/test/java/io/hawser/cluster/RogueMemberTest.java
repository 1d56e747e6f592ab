package io.hawser.cluster;

import static io.hawser.cluster.MemoryCluster.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.hawser.node.Mailbox;
import io.hawser.node.Node;
import io.hawser.term.Atom;
import io.hawser.term.Binary;
import io.hawser.term.Int;
import io.hawser.term.ListTerm;
import io.hawser.term.MapTerm;
import io.hawser.term.Pid;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import io.hawser.testing.Await;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What one member that was let in cannot do to this node and to others. */
class RogueMemberTest {
    private final MemoryCluster cluster = new MemoryCluster();
    private final Node victim = cluster.start("m@host");

    @AfterEach
    void stop() {
        cluster.close();
    }

    private static Pid lockerOf(Node node) {
        return new Pid(node.name().atom(), 1, 0, node.creation());
    }

    /** A third node begins meetings in the name of another, until the two give up on each other. */
    @Test
    void forgedInitConnectsPartNobody() throws InterruptedException {
        Global global = Global.start(victim);
        Node honest = cluster.start("b@host");
        Global there = Global.start(honest);
        MemoryCluster.connect(honest, victim);
        assertThat(there.sync(SOON)).isTrue();
        var rogue = new FakeMember(cluster.start("rogue@host"), victim);
        for (int i = 0; i < 400; i++) {
            Term me = Tuple.of(Atoms.LOCKER, Atoms.NO_LONGER_A_PID, MapTerm.EMPTY, lockerOf(honest));
            rogue.cast(Tuple.of(
                    Atoms.INIT_CONNECT,
                    Tuple.of(Int.of(8), Int.of(1000 + i)),
                    honest.name().atom(),
                    me));
        }
        rogue.awaitTaken();
        rogue.node.close(); // it does not even have to stay
        Await.until(SOON, "met again", () -> global.whereisName(Atom.of("x")).isEmpty() && ask(there));
        Mailbox owner = victim.mailbox();
        assertThat(global.registerName(Atom.of("late"), owner.self())).isTrue();
        Await.until(SOON, "seen there", () -> there.whereisName(Atom.of("late")).isPresent());
    }

    private static boolean ask(Global there) {
        try {
            return there.sync(SOON);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void onePeerDoesNotTakeAllNames() throws InterruptedException {
        Global global = Global.start(victim);
        var rogue = new FakeMember(cluster.start("rogue@host"), victim);
        rogue.cast(newNames(rogue, Int::of, GlobalNames.MAX_NAMES));
        rogue.awaitTaken();
        assertThat(global.registerName(Atom.of("ours"), victim.mailbox().self()))
                .isTrue();
    }

    @Test
    void collidingNamesDoNotFreezeTheNameServer() throws InterruptedException {
        Global.start(victim);
        var rogue = new FakeMember(cluster.start("rogue@host"), victim);
        rogue.cast(newNames(rogue, RogueMemberTest::colliding, GlobalNames.MAX_NAMES));
        rogue.awaitTaken();
    }

    private static Tuple newNames(FakeMember rogue, IntFunction<Term> name, int count) {
        return Tuple.of(
                Atoms.NEW_NODES,
                rogue.name(),
                new ListTerm(IntStream.range(0, count)
                        .<Term>mapToObj(
                                i -> Tuple.of(Atoms.INSERT, Tuple.of(name.apply(i), rogue.mouth.self(), Atom.OK)))
                        .toList()),
                ListTerm.EMPTY,
                ListTerm.EMPTY,
                ListTerm.EMPTY);
    }

    /** All have the hash 0. */
    private static Term colliding(int i) {
        return Int.of(((long) i << 32) | i);
    }

    /** A peer has the answers to what it asks go to another, which is slow just now: that one is disconnected for it. */
    @Test
    void answersThatAPeerHasSentToAnotherDoNotPartUsFromThat() throws InterruptedException {
        Global.start(victim);
        Node honest = cluster.start("c@host");
        MemoryCluster.connect(victim, honest);
        var rogue = new FakeMember(cluster.start("rogue@host"), victim);
        cluster.stall(honest, true);
        Pid asked = honest.mailbox().self();
        for (int i = 0; i < 80; i++) {
            rogue.say(Tuple.of(Atom.of("whereis"), Atom.OK, Tuple.of(asked, Binary.copyOf(new byte[1_000_000]))));
        }
        rogue.awaitTaken();
        cluster.stall(honest, false);
        MemoryCluster.connect(rogue.node, honest);
        assertThat(victim.nodes()).contains(honest.name());
    }

    /** It holds the lock of all names while it waits for an answer. */
    @Test
    void whoLocksForAnAttemptThatIsOverIsRefused() throws InterruptedException {
        Global.start(victim);
        var member = new FakeMember(cluster.start("b@host"), victim);
        member.meet();
        member.cast(Tuple.of(Atoms.LOCK_SET, member.mouth.self(), Atom.TRUE, ListTerm.EMPTY, Int.of(1)));
        assertThat(member.mouth.receive(SOON).orElseThrow().toTerm()).isInstanceOfSatisfying(Tuple.class, refusal -> {
            assertThat(refusal.arity()).isEqualTo(4);
            assertThat(refusal.element(0)).isEqualTo(Atoms.LOCK_SET);
            assertThat(refusal.element(2)).isEqualTo(Atom.FALSE);
        });
    }

    // ---- pg

    private void report(Mailbox scope, Tuple groups) {
        scope.send(
                Tuple.of(ProcessGroups.DEFAULT_SCOPE, victim.name().atom()),
                Tuple.of(Atom.of("$gen_cast"), Tuple.of(Atoms.SYNC, scope.self(), groups.element(0))));
    }

    private static Tuple groups(Mailbox member, IntFunction<Term> name, int count) {
        return Tuple.of(new ListTerm(IntStream.range(0, count)
                .<Term>mapToObj(i -> Tuple.of(name.apply(i), ListTerm.of(member.self())))
                .toList()));
    }

    private Mailbox rogueScope() throws InterruptedException {
        Node rogue = cluster.start("rogue@host");
        MemoryCluster.connect(rogue, victim);
        return rogue.mailbox();
    }

    @Test
    void onePeerDoesNotTakeAllGroups() throws InterruptedException {
        ProcessGroups groups = ProcessGroups.start(victim);
        Mailbox scope = rogueScope();
        report(scope, groups(scope, Int::of, GroupTable.MAX_GROUPS));
        Await.until(SOON, "begun", () -> !groups.members(Int.of(0)).isEmpty());
        assertThat(groups.join(Atom.of("ours"), victim.mailbox().self())).isTrue();
    }

    @Test
    void collidingGroupsDoNotFreezeTheScope() throws InterruptedException {
        ProcessGroups groups = ProcessGroups.start(victim);
        Mailbox scope = rogueScope();
        report(scope, groups(scope, RogueMemberTest::colliding, 30_000));
        Await.until(SOON, "begun", () -> !groups.members(colliding(0)).isEmpty());
        assertTimeoutPreemptively(
                SOON, () -> groups.join(Atom.of("ours"), victim.mailbox().self()));
    }

    @Test
    void theGroupsOfOnePeerAreBoundInBytes() throws InterruptedException {
        ProcessGroups groups = ProcessGroups.start(victim);
        Mailbox scope = rogueScope();
        Term server = Tuple.of(ProcessGroups.DEFAULT_SCOPE, victim.name().atom());
        scope.send(server, Tuple.of(Atoms.DISCOVER, scope.self()));
        int count = 150;
        var large = Binary.copyOf(new byte[1 << 20]);
        for (int i = 0; i < count; i++) {
            scope.send(server, Tuple.of(Atoms.JOIN, scope.self(), Tuple.of(Int.of(i), large), scope.self()));
        }
        scope.send(server, Tuple.of(Atoms.JOIN, scope.self(), Atom.of("last"), scope.self()));
        Await.until(SOON, "all told", () -> !groups.members(Atom.of("last")).isEmpty());
        long kept = IntStream.range(0, count)
                .filter(i -> !groups.members(Tuple.of(Int.of(i), large)).isEmpty())
                .count();
        assertThat(kept).isLessThanOrEqualTo(48); // MiB: 768 / 16
    }
}
