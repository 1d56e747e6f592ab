package io.hawser.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.cluster.Global;
import io.hawser.node.GenServer;
import io.hawser.node.Mailbox;
import io.hawser.node.Node;
import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.ListTerm;
import io.hawser.term.MapTerm;
import io.hawser.term.Pid;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

/** Two nodes that are about to exchange their global names, and a third that says something to one of them and is gone. */
class MeetingsTest {
    private static final Atom SERVER = Atom.of("global_name_server");
    private static final Duration AFTER_MANY_ATTEMPTS = Duration.ofMinutes(3);
    private static final Atom LOCK_SET = Atom.of("lock_set");
    private static final Int TAG = Int.of(17);
    private static final Atom OF_A = Atom.of("of_a");
    private static final Atom OF_B = Atom.of("of_b");

    private static void play(String test, LongConsumer scenario) {
        Seeds.play(
                "mvn -o -B test -pl simulator -am -Dsurefire.failIfNoSpecifiedTests=false -Dtest='MeetingsTest#" + test
                        + "'",
                60,
                0,
                scenario);
    }

    private static void register(Node node, Global global, Atom name) {
        Mailbox owner = node.mailbox();
        try {
            assertThat(global.registerName(name, owner.self())).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The third is killed halfway through the news that one of the two is a member: the other has not heard of it. */
    @Test
    void whoIsToldOfANodeThatIsNotToldOfItMeetsItAllTheSame() {
        play("whoIsToldOfANodeThatIsNotToldOfItMeetsItAllTheSame", seed -> {
            try (var simulation = new Simulation(seed)) {
                SplittableRandom random = simulation.random();
                simulation.latency(
                        Latency.longTailed(Duration.ofMillis(1), Duration.ofMillis(1 + random.nextInt(100))));
                Node a = simulation.start("a@host");
                Node b = simulation.start("b@host");
                Node c = simulation.start("c@host");
                Global globalA = Global.start(a);
                Global globalB = Global.start(b);
                register(a, globalA, OF_A);
                register(b, globalB, OF_B);
                Mailbox third = c.register(SERVER);
                third.onMessage(message -> {});
                var unused = c.connect(a.name());
                simulation.run(Duration.ofSeconds(1));
                Node told = random.nextBoolean() ? a : b;
                Node other = told == a ? b : a;
                var connecting = a.connect(b.name());
                simulation.run(Duration.ofMillis(random.nextInt(1500)));
                third.send(
                        Tuple.of(SERVER, told.name().atom()),
                        Tuple.of(
                                Atom.of("$gen_cast"),
                                Tuple.of(
                                        Atom.of("new_nodes"),
                                        c.name().atom(),
                                        ListTerm.EMPTY,
                                        ListTerm.EMPTY,
                                        ListTerm.of(Tuple.of(other.name().atom(), Int.of(8))),
                                        ListTerm.EMPTY)));
                simulation.run(Duration.ofMillis(random.nextInt(1000)));
                simulation.kill("c@host");
                simulation.await(
                        "both know the names of both",
                        () -> globalA.whereisName(OF_B).isPresent()
                                && globalB.whereisName(OF_A).isPresent(),
                        Duration.ofMinutes(2));
                assertThat(connecting.toCompletableFuture()).isCompleted();
            }
        });
    }

    /** How far a member goes along that says nothing then. */
    private enum Until {
        ASKED,
        LOCKED,
        LOCKED_FIRST
    }

    /** A member that lets others lock it, and takes part in an exchange of names up to some point, over and over. */
    private record SilentMember(Mailbox self, Mailbox locker, Until until) implements GenServer.Callbacks {
        @Override
        public void onCall(Mailbox server, GenServer.Call call) {
            call.reply(self, Atom.TRUE);
        }

        @Override
        public void onCast(Mailbox server, Term request) {
            if (!(request instanceof Tuple cast)) {
                return;
            }
            Term verb = cast.element(0);
            if (verb.equals(Atom.of("init_connect")) && cast.element(1) instanceof Tuple version) {
                Atom from = (Atom) cast.element(2);
                Tuple me = Tuple.of(Atom.of("locker"), Atom.of("no_longer_a_pid"), MapTerm.EMPTY, locker.self());
                cast(from, Tuple.of(Atom.of("init_connect"), Tuple.of(Int.of(8), TAG), here(), me));
                server.send(
                        Tuple.of(SERVER, from), Tuple.of(Atom.of("init_connect_ack"), here(), version.element(1), TAG));
                if (until == Until.LOCKED_FIRST) {
                    sayLocked(from, version.element(1));
                }
            } else if (verb.equals(LOCK_SET) && until == Until.LOCKED && cast.element(1) instanceof Pid asked) {
                sayLocked(asked.node(), cast.element(4));
            }
        }

        private Atom here() {
            return self.node().name().atom();
        }

        private void sayLocked(Atom to, Term hisTag) {
            cast(to, Tuple.of(LOCK_SET, locker.self(), Atom.TRUE, ListTerm.EMPTY, hisTag));
        }

        private void cast(Atom to, Tuple request) {
            GenServer.cast(self, Tuple.of(SERVER, to), request);
        }
    }

    /** OTP's locker would wait for it until it is disconnected, and nobody could register a name. */
    @Test
    void aMemberThatLocksAndSaysNothingHoldsOthersUpForAWhileOnly() {
        play("aMemberThatLocksAndSaysNothingHoldsOthersUpForAWhileOnly", seed -> {
            try (var simulation = new Simulation(seed)) {
                SplittableRandom random = simulation.random();
                Node a = simulation.start("a@host");
                Node rogue = simulation.start(random.nextBoolean() ? "0@host" : "c@host");
                Global global = Global.start(a);
                Mailbox server = rogue.register(SERVER);
                Until until = Until.values()[random.nextInt(Until.values().length)];
                GenServer.start(server, new SilentMember(server, rogue.mailbox(), until));
                var unused = a.connect(rogue.name());
                var names = new AtomicInteger();
                simulation.process("a@host", () -> {
                    for (; ; ) {
                        global.registerName(Int.of(names.get()), a.mailbox().self());
                        names.incrementAndGet();
                        simulation.sleep(Duration.ofSeconds(20));
                    }
                });
                simulation.run(Duration.ofHours(2));
                assertThat(names.get()).as(until.toString()).isGreaterThan(180); // half of those there is time for
            }
        });
    }

    /** Attempts without end are made ever more rarely, and not given up: it may come to itself. */
    @Test
    void whoBeganOverAndOverIsMetWhenItGoesOn() {
        play("whoBeganOverAndOverIsMetWhenItGoesOn", seed -> {
            try (var simulation = new Simulation(seed)) {
                SplittableRandom random = simulation.random();
                Node a = simulation.start("a@host");
                Node other = simulation.start("b@host");
                Global global = Global.start(a);
                register(a, global, OF_A);
                Mailbox server = other.register(SERVER);
                server.onMessage(message -> {});
                var unused = other.connect(a.name());
                Tuple me = Tuple.of(Atom.of("locker"), Atom.of("no_longer_a_pid"), MapTerm.EMPTY, server.self());
                int attempts = 150 + random.nextInt(100);
                for (int i = 0; i < attempts; i++) {
                    simulation.run(Duration.ofMillis(random.nextInt(50)));
                    GenServer.cast(
                            server,
                            Tuple.of(SERVER, a.name().atom()),
                            Tuple.of(
                                    Atom.of("init_connect"),
                                    Tuple.of(Int.of(8), Int.of(i)),
                                    other.name().atom(),
                                    me));
                }
                server.close();
                Global late = Global.start(other);
                simulation.await("they have met", () -> late.whereisName(OF_A).isPresent(), AFTER_MANY_ATTEMPTS);
            }
        });
    }
}
