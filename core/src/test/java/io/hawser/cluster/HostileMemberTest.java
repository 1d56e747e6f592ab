package io.hawser.cluster;

import static io.hawser.cluster.MemoryCluster.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.node.GenServer;
import io.hawser.node.Mailbox;
import io.hawser.node.Node;
import io.hawser.term.Atom;
import io.hawser.term.Binary;
import io.hawser.term.Int;
import io.hawser.term.ListTerm;
import io.hawser.term.Pid;
import io.hawser.term.Term;
import io.hawser.term.TermParser;
import io.hawser.term.Tuple;
import io.hawser.testing.Await;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An admitted peer that would end the services of a cluster, or keep others from them. */
class HostileMemberTest {
    private static final Atom METHOD = Atom.of("method");
    private static final Atom NAME = Atom.of("name");
    private static final Pid NOWHERE = new Pid(Atom.of("nowhere"), 1, 0, 7);

    private final MemoryCluster cluster = new MemoryCluster();
    private final Node victim = cluster.start("m@host");
    private Global global;
    private ProcessGroups groups;
    private FakeMember rogue;

    @BeforeEach
    void start() throws InterruptedException {
        global = Global.start(victim);
        groups = ProcessGroups.start(victim);
        rogue = new FakeMember(cluster.start("rogue@host"), victim);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    /** Names are registered here, and exchanged with a node that comes. */
    private void assertServes() throws InterruptedException {
        Mailbox owner = victim.mailbox();
        assertThat(global.registerName(Atom.of("still"), owner.self())).isTrue();
        assertThat(groups.join(NAME, owner.self())).isTrue();
        Node honest = cluster.start("honest@host");
        Global there = Global.start(honest);
        MemoryCluster.connect(honest, victim);
        assertThat(there.sync(SOON)).isTrue();
        assertThat(there.whereisName(Atom.of("still"))).contains(owner.self());
    }

    private static Term nameOf(Pid owner) {
        return Tuple.of(NAME, owner, METHOD);
    }

    // ---- processes of what is no node

    @Test
    void aNameOfWhatIsNoNodeCostsTheMessage() throws InterruptedException {
        FakeMember.Meeting meeting = rogue.meetAndLock();
        rogue.exchange(meeting, nameOf(NOWHERE));
        rogue.cast(Tuple.of(
                Atoms.RESOLVED,
                rogue.name(),
                ListTerm.of(Tuple.of(Atoms.INSERT, nameOf(NOWHERE))),
                ListTerm.EMPTY,
                Atoms.UNUSED,
                ListTerm.EMPTY,
                meeting.tag()));
        rogue.askAs(rogue.mouth.self(), Tuple.of(Atoms.REGISTER, NAME, NOWHERE, METHOD));
        rogue.next(Atoms.CANCEL_CONNECT); // and the attempt, with its lock
        rogue.awaitTaken();
        assertThat(global.whereisName(NAME)).isEmpty();
        assertServes();
    }

    @Test
    void aConflictThatCannotBeDecidedCostsTheAttempt() throws InterruptedException {
        Mailbox owner = victim.mailbox();
        assertThat(global.registerName(NAME, owner.self())).isTrue();
        FakeMember.Meeting meeting = rogue.meetAndLock();
        rogue.exchange(meeting, nameOf(NOWHERE));
        rogue.next(Atoms.CANCEL_CONNECT);
        assertThat(global.whereisName(NAME)).contains(owner.self());
        assertServes();
    }

    // ---- ending and suspending

    @Test
    void exitSignalsEndNoService() throws InterruptedException {
        for (String reason : List.of("kill", "killed", "shutdown", "normal", "boom")) {
            rogue.endAll(Atom.of(reason));
        }
        FakeMember.Meeting meeting = rogue.meet();
        rogue.mouth.link(meeting.locker());
        rogue.mouth.exit(Atom.of("boom"));
        assertServes();
    }

    @Test
    void aLockIsKeptThoughAPeerWouldEndItsHolder() throws InterruptedException {
        FakeMember.Meeting meeting = rogue.meetAndLock();
        rogue.endAll(Atoms.KILL); // the holder of the lock among all others
        rogue.exchange(meeting);
        rogue.next(Atoms.RESOLVED);
        rogue.node.close();
        assertServes();
    }

    @Test
    void systemMessagesAreRefused() throws InterruptedException {
        for (Term service : List.<Term>of(Atoms.GLOBAL_NAME_SERVER, ProcessGroups.DEFAULT_SCOPE)) {
            for (String request : List.of("suspend", "{terminate, bye}", "get_state", "get_status", "no_debug")) {
                Term asked = TermParser.parse(request);
                Term tag = rogue.node.makeReference();
                rogue.mouth.send(
                        Tuple.of(service, victim.name().atom()),
                        Tuple.of(Atom.of("system"), Tuple.of(rogue.mouth.self(), tag), asked));
                assertThat(rogue.mouth.receive(SOON).orElseThrow().toTerm())
                        .isEqualTo(Tuple.of(tag, Tuple.of(Atom.ERROR, Tuple.of(Atom.of("unknown_system_msg"), asked))));
            }
        }
        rogue.say(Tuple.of(
                Atom.of("system"),
                Tuple.of(new Pid(Atom.of("x@made-up"), 1, 0, 7), Atom.of("tag")),
                Atom.of("suspend")));
        assertServes();
        assertThat(cluster.lookUps("m@host")).isEmpty();
    }

    // ---- locks of others

    @Test
    void nobodySetsOrReleasesALockForAProcessOfAnotherNode() throws InterruptedException {
        Node honest = cluster.start("honest@host");
        MemoryCluster.connect(honest, victim);
        Mailbox holder = honest.mailbox();
        Term server = NameServers.at(victim.name().atom());
        Term set = TermParser.parse("{set_lock, {resource, me}}");
        Term delete = TermParser.parse("{del_lock, {resource, me}}");
        Term other = TermParser.parse("{set_lock, {resource, you}}");

        rogue.askAs(holder.self(), other);
        rogue.awaitTaken();
        assertThat(GenServer.call(holder, server, set, SOON)).isEqualTo(Atom.TRUE);

        rogue.askAs(holder.self(), delete);
        rogue.askAs(victim.mailbox().self(), delete);
        rogue.awaitTaken();
        assertThat(rogue.ask(other)).isEqualTo(Atom.FALSE);

        rogue.askAs(holder.self(), Tuple.of(Atoms.REGISTER, NAME, holder.self(), METHOD));
        rogue.awaitTaken();
        assertThat(global.whereisName(NAME)).isEmpty();

        assertThat(GenServer.call(holder, server, delete, SOON)).isEqualTo(Atom.TRUE);
        assertThat(rogue.ask(other)).isEqualTo(Atom.TRUE);
    }

    // ---- reports of lost connections

    private static Tuple report(int i, Term creation) {
        return Tuple.of(
                Atoms.LOST_CONNECTION, Atom.of("a" + i + "@there"), creation, Int.of(1), Atom.of("b" + i + "@there"));
    }

    @Test
    void aReportIsPassedOnOnceHoweverManyGoRound() throws InterruptedException {
        var witness = new FakeMember(cluster.start("witness@host"), victim);
        witness.meet();
        rogue.meet();
        int reports = 6000;
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < reports; i++) {
                rogue.say(report(i, Int.of(7)));
            }
            rogue.awaitTaken();
        }
        List<Tuple> came = witness.all(Atoms.LOST_CONNECTION);
        assertThat(came.size()).isGreaterThan(4096).isEqualTo(Set.copyOf(came).size()); // not the reports themselves
    }

    @Test
    void aReportThatCarriesMoreThanANumberIsIgnored() throws InterruptedException {
        var witness = new FakeMember(cluster.start("witness@host"), victim);
        witness.meet();
        rogue.meet();
        rogue.say(report(1, TermParser.parse("<<1, 2, 3>>")));
        rogue.say(TermParser.parse("{lost_connection, a, 1, 1, 'b@there'}"));
        rogue.awaitTaken();
        assertThat(witness.all(Atoms.LOST_CONNECTION)).isEmpty();
    }

    @Test
    void whoIsNoMemberReportsNothing() throws InterruptedException {
        var witness = new FakeMember(cluster.start("witness@host"), victim);
        witness.meet();
        Node hidden = cluster.start("hidden@host", true);
        MemoryCluster.connect(hidden, victim);
        hidden.mailbox().send(NameServers.at(victim.name().atom()), report(1, Int.of(7)));
        GenServer.call(hidden, NameServers.at(victim.name().atom()), Atom.of("get_protocol_version"), SOON);
        rogue.say(report(2, Int.of(7))); // connected, and has not begun to take part
        rogue.awaitTaken();
        assertThat(witness.all(Atoms.LOST_CONNECTION)).isEmpty();
    }

    @Test
    void nobodyReportsInTheNameOfThisNode() throws InterruptedException {
        var witness = new FakeMember(cluster.start("witness@host"), victim);
        witness.meet();
        rogue.meet();
        rogue.say(lost(victim.name().atom(), witness.name()));
        rogue.awaitTaken();
        assertThat(witness.all(Atoms.LOST_CONNECTION)).isEmpty();
    }

    private static Tuple lost(Atom reporter, Atom lost) {
        return Tuple.of(Atoms.LOST_CONNECTION, reporter, Int.of(7), Int.of(1), lost);
    }

    /** OTP's global waits for room, in a process of its own. */
    @Test
    void reportsAreNotDroppedWhereMuchIsOnItsWay() throws InterruptedException {
        Node slow = cluster.start("slow@host");
        MemoryCluster.connect(victim, slow);
        slow.disconnect(victim.name());
        Await.until(SOON, "gone", () -> !victim.nodes().contains(slow.name()));
        global.close();
        MemoryCluster.connect(victim, slow);
        var witness = new FakeMember(slow, victim);
        Global.start(victim);
        witness.meet();
        rogue.meet();
        cluster.deafen(slow);
        MemoryCluster.fill(victim, slow);
        rogue.say(lost(rogue.name(), Atom.of("x@there")));
        rogue.awaitTaken();
        cluster.stall(slow, false);
        witness.next(Atoms.LOST_CONNECTION);
    }

    // ---- what is kept for a peer

    @Test
    void onePeerDoesNotTakeAllPlacesOfThoseThatWaitForOthers() throws InterruptedException {
        Node mute = cluster.start("mute@host");
        MemoryCluster.connect(mute, victim);
        rogue.meet();
        for (int i = 0; i < 1100; i++) {
            rogue.askAs(
                    rogue.mouth.self(),
                    Tuple.of(Atoms.SYNC, ListTerm.of(mute.name().atom())));
        }
        rogue.awaitTaken();
        Node honest = cluster.start("honest@host");
        MemoryCluster.connect(honest, victim);
        Mailbox asker = honest.mailbox();
        var server = NameServers.at(victim.name().atom());
        var sync = Tuple.of(Atoms.SYNC, ListTerm.of(mute.name().atom()));
        asker.send(server, Tuple.of(Atoms.GEN_CALL, Tuple.of(asker.self(), Atom.of("tag")), sync));
        GenServer.call(honest, server, Atom.of("get_protocol_version"), SOON);
        mute.close();
        assertThat(asker.receive(SOON).orElseThrow().toTerm()).isEqualTo(Tuple.of(Atom.of("tag"), Atom.OK));
    }

    @Test
    void theNamesOfOnePeerTakeNoMoreThanItsShare() throws InterruptedException {
        var large = Binary.copyOf(new byte[256 * 1024]);
        int names = 160;
        Term method = Atom.OK;
        for (int i = 0; i < names; i++) {
            Term name = Tuple.of(Int.of(i), large);
            rogue.askAs(rogue.mouth.self(), Tuple.of(Atoms.REGISTER, name, rogue.mouth.self(), method));
        }
        rogue.awaitTaken();
        long kept = IntStream.range(0, names)
                .filter(i -> global.whereisName(Tuple.of(Int.of(i), large)).isPresent())
                .count();
        assertThat(kept * large.size()).isBetween(1L, 24L * 1024 * 1024);
        assertServes();

        rogue.mouth.close();
        Await.until(
                SOON,
                "its names are gone",
                () -> global.whereisName(Tuple.of(Int.of(0), large)).isEmpty());
        Mailbox other = rogue.node.mailbox();
        Term again = Tuple.of(Atoms.REGISTER, Tuple.of(Int.of(0), large), other.self(), method);
        GenServer.call(other, NameServers.at(victim.name().atom()), again, SOON);
        assertThat(global.whereisName(Tuple.of(Int.of(0), large))).contains(other.self());
    }

    @Test
    void onePeerLocksNoMoreThanItsShare() throws InterruptedException {
        int refused = 0;
        for (int i = 0; i < 2000; i++) {
            refused += rogue.ask(lock(Tuple.of(Int.of(i)), Atom.of("me"))).equals(Atom.FALSE) ? 1 : 0;
        }
        assertThat(refused).isPositive();
        var huge = Binary.copyOf(new byte[128 * 1024]);
        assertThat(rogue.ask(lock(Atoms.GLOBAL, huge))).isEqualTo(Atom.FALSE);

        Node honest = cluster.start("second@host");
        MemoryCluster.connect(honest, victim);
        Term server = NameServers.at(victim.name().atom());
        assertThat(GenServer.call(honest, server, lock(NAME, NAME), SOON)).isEqualTo(Atom.TRUE);
        assertServes();
    }

    private static Term lock(Term resource, Term requester) {
        return Tuple.of(Atoms.SET_LOCK, Tuple.of(resource, requester));
    }
}
