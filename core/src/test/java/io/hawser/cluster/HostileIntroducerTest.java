package io.hawser.cluster;

import static io.hawser.cluster.MemoryCluster.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.node.GenServer;
import io.hawser.node.Mailbox;
import io.hawser.node.Node;
import io.hawser.node.Rpc;
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
import io.hawser.transport.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An admitted peer that would have a node dial whatever it names, in every way the services of a cluster take names. */
class HostileIntroducerTest {
    private static final int BUDGET = 100;

    private final MemoryCluster cluster = new MemoryCluster();
    private final Node victim = cluster.start("m@host");
    private final Node rogue = cluster.start("rogue@host");
    private Global global;
    private Mailbox mouth;
    private Term server;

    @BeforeEach
    void start() throws InterruptedException {
        global = Global.start(victim);
        ProcessGroups.start(victim);
        mouth = rogue.mailbox();
        server = NameServers.at(victim.name().atom());
        MemoryCluster.connect(rogue, victim);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private long lookUpsOf(String part) {
        return cluster.lookUps("m@host").stream()
                .filter(name -> name.toString().contains(part))
                .count();
    }

    private static ListTerm list(int size, IntFunction<Term> element) {
        return new ListTerm(IntStream.range(0, size).mapToObj(element).toList());
    }

    private static Pid pidAt(String node) {
        return new Pid(Atom.of(node), 1, 0, 7);
    }

    private void newNodes(Atom teller, ListTerm operations, ListTerm nodes) {
        GenServer.cast(
                mouth, server, Tuple.of(Atoms.NEW_NODES, teller, operations, ListTerm.EMPTY, nodes, ListTerm.EMPTY));
    }

    private static Term member(String node) {
        return Tuple.of(Atom.of(node), Int.of(8));
    }

    /** Waits until the name server has taken all that was said, and does what it does. */
    private void awaitTaken() throws InterruptedException {
        GenServer.call(mouth, server, Atom.of("get_protocol_version"), SOON);
    }

    @Test
    void nodesItNamesAreDialledWithinItsBudgetWhomeverItSpeaksFor() throws InterruptedException {
        for (int round = 0; round < 5; round++) {
            String made = "@made-up-" + round;
            newNodes(Atom.of("n" + round + "@honest"), ListTerm.EMPTY, list(3000, i -> member("x" + i + made)));
        }
        awaitTaken();
        Await.until(SOON, "the budget is spent", () -> lookUpsOf("made-up") >= BUDGET);
        assertThat(global.registerName(Atom.of("name"), victim.mailbox().self()))
                .isTrue();
        assertThat(global.registerName(Atom.of("other"), victim.mailbox().self()))
                .isTrue();
        Await.until(
                SOON,
                "nobody is known any more",
                () -> GenServer.call(mouth, server, Atom.of("get_known"), SOON).equals(ListTerm.EMPTY));
        assertThat(lookUpsOf("made-up")).isLessThan(BUDGET + 10);

        Node first = cluster.start("a@host");
        Node second = cluster.start("z@host");
        Global atFirst = Global.start(first);
        Global atSecond = Global.start(second);
        MemoryCluster.connect(first, second);
        assertThat(atFirst.sync(SOON) && atSecond.sync(SOON)).isTrue();
        MemoryCluster.connect(first, victim);
        Await.until(
                SOON, "the honest introduce each other", () -> victim.nodes().contains(second.name()));
        assertThat(atSecond.sync(SOON)).isTrue();
        assertThat(atSecond.whereisName(Atom.of("name"))).isPresent();
    }

    @Test
    void namesOfProcessesElsewhereAreDialledForWithinItsBudget() throws InterruptedException {
        var inserts = list(
                3000, i -> Tuple.of(Atoms.INSERT, Tuple.of(Int.of(i), pidAt("x" + i + "@made-up"), Atom.of("method"))));
        newNodes(rogue.name().atom(), inserts, ListTerm.EMPTY);
        for (int i = 0; i < 500; i++) {
            mouth.send(
                    server,
                    call(
                            mouth.self(),
                            Tuple.of(Atoms.REGISTER, Atom.of("n" + i), pidAt("y" + i + "@made-up"), Atom.OK)));
        }
        awaitTaken();
        Await.until(SOON, "the budget is spent", () -> lookUpsOf("made-up") >= BUDGET);
        Await.until(
                SOON,
                "no name is left",
                () -> IntStream.range(0, 3000)
                        .allMatch(i -> global.whereisName(Int.of(i)).isEmpty()));
        assertThat(lookUpsOf("made-up")).isLessThan(BUDGET + 10);
    }

    @Test
    void aNodeThatAnHonestPeerNamesTooIsConnectedTo() throws InterruptedException {
        cluster.holdLookUps("made-up");
        Node last = cluster.start("z@host");
        Node honest = cluster.start("honest@host");
        MemoryCluster.connect(honest, victim);
        int many = 3000;
        newNodes(
                rogue.name().atom(),
                ListTerm.EMPTY,
                list(many, i -> member(i + 1 < many ? "x" + i + "@made-up" : "z@host")));
        awaitTaken();
        Await.until(SOON, "dials hang", () -> lookUpsOf("made-up") > 0);
        mouth = honest.mailbox();
        newNodes(honest.name().atom(), ListTerm.EMPTY, list(1, i -> member("z@host")));
        awaitTaken();
        cluster.releaseLookUps();
        Await.until(SOON, "it is connected", () -> victim.nodes().contains(last.name()));
        assertThat(lookUpsOf("made-up")).isLessThan(BUDGET + 10);
    }

    @Test
    void whoHasAConflictDecidedPaysForTheDialsOfThat() throws Exception {
        Node honest = cluster.start("honest@host");
        MemoryCluster.connect(honest, victim);
        Pid owner = victim.mailbox().self();
        assertThat(global.registerName(Atom.of("name"), owner)).isTrue();
        for (int i = 0; i < 200; i++) {
            resolve(rogue, pidAt("x" + i + "@made-up"), owner);
        }
        Await.until(SOON, "the budget is spent", () -> lookUpsOf("made-up") >= BUDGET);
        assertThat(resolve(rogue, pidAt("late@made-up"), owner)).isEqualTo(owner);
        resolve(honest, pidAt("y@elsewhere"), owner);
        Await.until(SOON, "the honest may have it dialled", () -> lookUpsOf("elsewhere") > 0);
        assertThat(lookUpsOf("made-up")).isLessThan(BUDGET + 10);
    }

    private Term resolve(Node caller, Pid theirs, Pid ours) throws InterruptedException {
        return Rpc.call(
                caller,
                victim.name().atom(),
                Atoms.GLOBAL,
                Atoms.RESOLVE_IT,
                List.of(Atom.of("method"), Atom.of("name"), theirs, ours),
                SOON);
    }

    @Test
    void nodesThatCanBeNoPeersAreNoLossThatOthersHearOf() throws InterruptedException {
        Node other = cluster.start("witness@host");
        Mailbox witness = other.register(Atoms.GLOBAL_NAME_SERVER);
        MemoryCluster.connect(other, victim);
        newNodes(rogue.name().atom(), ListTerm.EMPTY, list(1, i -> member("witness@host")));
        newNodes(rogue.name().atom(), ListTerm.EMPTY, list(3000, i -> member("x" + i + "@long.name.test")));
        awaitTaken();
        mouth = other.mailbox();
        newNodes(other.name().atom(), ListTerm.EMPTY, list(1, i -> member("gone@host")));
        Tuple lost = (Tuple) witness.receive(message -> isLoss(message.toTerm()), SOON)
                .orElseThrow()
                .toTerm();
        assertThat(lost.element(4)).isEqualTo(Atom.of("gone@host"));
    }

    private static boolean isLoss(Term message) {
        return message instanceof Tuple tuple && tuple.element(0).equals(Atoms.LOST_CONNECTION);
    }

    /** Runs tasks, but for a while. */
    private static final class Gate implements Executor {
        private final ExecutorService threads = Executors.newCachedThreadPool();
        private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();
        private volatile boolean isOpen = true;

        @Override
        public void execute(Runnable task) {
            if (isOpen) {
                threads.execute(task);
            } else {
                held.add(task);
            }
        }

        void open() {
            isOpen = true;
            held.forEach(threads::execute);
        }
    }

    @Test
    void whoHasLeftBeforeItIsHeardIsNotDialledToBeWatchedOrAnswered() throws InterruptedException {
        var gate = new Gate();
        Node other = cluster.start("other@host", config -> config.executor(gate));
        Global names = Global.start(other);
        ProcessGroups groups = ProcessGroups.start(other);
        MemoryCluster.connect(rogue, other);
        server = NameServers.at(other.name().atom());
        awaitTaken();
        gate.isOpen = false;
        long before = other.stats().messagesIn();
        Term scope = Tuple.of(ProcessGroups.DEFAULT_SCOPE, other.name().atom());
        mouth.send(scope, Tuple.of(Atoms.DISCOVER, mouth.self()));
        mouth.send(server, call(mouth.self(), TermParser.parse("{set_lock, {resource, me}}")));
        mouth.send(
                server, call(mouth.self(), Tuple.of(Atoms.REGISTER, Atom.of("name"), mouth.self(), Atom.of("method"))));
        Await.until(SOON, "all has arrived", () -> other.stats().messagesIn() >= before + 3);
        rogue.disconnect(other.name());
        Await.until(SOON, "it has left", () -> other.nodes().isEmpty());
        gate.open();
        Mailbox local = other.mailbox();
        assertThat(groups.join(Atom.of("group"), local.self())).isTrue();
        Await.until(
                SOON,
                "it holds nothing",
                () -> names.whereisName(Atom.of("name")).isEmpty());
        assertThat(names.registerName(Atom.of("name"), local.self())).isTrue();
        assertThat(cluster.lookUps("other@host")).isEmpty();
        gate.threads.shutdown();
    }

    /** Counts the times that something is done after two seconds. */
    private record Counted(Scheduler scheduler, AtomicInteger count) implements Scheduler {
        @Override
        public long nanoTime() {
            return scheduler.nanoTime();
        }

        @Override
        public Cancellable schedule(Duration delay, Runnable task) {
            if (delay.equals(Duration.ofSeconds(2))) {
                count.incrementAndGet();
            }
            return scheduler.schedule(delay, task);
        }
    }

    @Test
    void whoBeginsToMeetAgainAndAgainIsWaitedForOnce() throws InterruptedException {
        var timers = new Counted(victim.scheduler(), new AtomicInteger());
        Node other = cluster.start("other@host", config -> config.scheduler(timers));
        Global.start(other);
        MemoryCluster.connect(rogue, other);
        server = NameServers.at(other.name().atom());
        newNodes(rogue.name().atom(), ListTerm.EMPTY, list(1, i -> member("rogue@host")));
        GenServer.cast(mouth, server, Tuple.of(Atoms.IN_SYNC, rogue.name().atom(), Atom.TRUE));
        for (int i = 0; i < 1000; i++) {
            Term locker = Tuple.of(Atoms.LOCKER, Atom.OK, Atom.OK, mouth.self());
            Term version = Tuple.of(Int.of(8), Int.of(i));
            GenServer.cast(
                    mouth,
                    server,
                    Tuple.of(Atoms.INIT_CONNECT, version, rogue.name().atom(), locker));
        }
        awaitTaken();
        assertThat(timers.count).hasValueLessThanOrEqualTo(2); // a second, if the first is over
    }

    private Term call(Pid from, Term request) {
        return Tuple.of(Atoms.GEN_CALL, Tuple.of(from, rogue.makeReference()), request);
    }

    @Test
    void nobodyIsDialledToAnswerOrToWatchWhoHasNotAsked() throws InterruptedException {
        Pid elsewhere = pidAt("someone@victim");
        var alias = new Reference(Atom.of("someone@victim"), 7, 1, 2, 3);
        for (Term message : List.of(
                call(elsewhere, Atom.of("get_known")),
                call(elsewhere, TermParser.parse("{set_lock, {resource, me}}")),
                call(elsewhere, TermParser.parse("{sync, ['rogue@host']}")),
                Tuple.of(
                        Atoms.GEN_CALL,
                        Tuple.of(mouth.self(), new ImproperList(List.of(Atoms.ALIAS), alias)),
                        Atom.of("get_known")),
                Tuple.of(Atom.of("whereis"), Atom.of("name"), elsewhere),
                TermParser.parse("{lost_connection, 'a@victim', 1, 2, 'b@victim'}"),
                TermParser.parse("{remove_connection, 'a@victim'}"),
                TermParser.parse("{init_connect_ack, 'a@victim', 1, 2}"),
                TermParser.parse("{cancel_connect, 'a@victim', 1}"))) {
            mouth.send(server, message);
        }
        Term scope = Tuple.of(ProcessGroups.DEFAULT_SCOPE, victim.name().atom());
        mouth.send(scope, Tuple.of(Atoms.DISCOVER, elsewhere));
        mouth.send(scope, Tuple.of(Atoms.GEN_CAST, Tuple.of(Atoms.SYNC, elsewhere, ListTerm.EMPTY)));
        awaitTaken();
        mouth.send(scope, Tuple.of(Atoms.DISCOVER, mouth.self()));
        assertThat(mouth.receive(SOON)).isPresent(); // the scope has taken what came before
        assertThat(cluster.lookUps("m@host")).isEmpty();
        assertThat(victim.nodes()).containsExactly(rogue.name());
    }
}
