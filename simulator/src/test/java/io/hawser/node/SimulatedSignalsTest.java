package io.hawser.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.node.SimulatedProcesses.Actor;
import io.hawser.simulation.Seeds;
import io.hawser.simulation.Simulation;
import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.Tuple;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * What Erlang promises about signals, over many schedules: each link and monitor ends once, nothing comes from a link or
 * monitor that was taken back, signals of one process to another keep their order whatever their kind, what a process did
 * comes before its end.
 */
class SimulatedSignalsTest {
    private static final int CALLS = 60;

    /** What a schedule does besides the calls of processes. */
    private record Faults(int percent, Consumer<SimulatedProcesses> happen) {
        static final Faults NONE = new Faults(0, world -> {});
    }

    @Test
    void everythingEndsOnceAndInOrder() {
        play("everythingEndsOnceAndInOrder", 1000, Faults.NONE);
    }

    @Test
    void aLostConnectionEndsEverythingOnce() {
        play("aLostConnectionEndsEverythingOnce", 1000, new Faults(10, SimulatedSignalsTest::loseConnection));
    }

    @Test
    void aNodeThatIsOutOfReachForATimeEndsEverythingOnce() {
        play("aNodeThatIsOutOfReachForATimeEndsEverythingOnce", 600, new Faults(15, world -> {
            if (world.simulation.random().nextInt(3) == 0) {
                loseConnection(world);
            } else {
                Node node = world.simulation.oneOf(world.nodes());
                boolean hidden = world.simulation.random().nextBoolean();
                world.note((hidden ? "hide " : "show ") + node.name());
                world.simulation.hide(node, hidden);
            }
        }));
    }

    @Test
    void theProcessesOfANodeThatIsRestartedAreGone() {
        play("theProcessesOfANodeThatIsRestartedAreGone", 600, new Faults(6, world -> {
            if (world.simulation.random().nextInt(3) == 0) {
                loseConnection(world);
            } else if (world.all().size() < 30) {
                world.restart(world.simulation.oneOf(world.nodes()), 3);
            }
        }));
    }

    @Test
    void oneSeedIsOneSchedule() {
        Faults faults = new Faults(10, SimulatedSignalsTest::loseConnection);
        assertThat(trace(77, faults)).isEqualTo(trace(77, faults)).hasSizeGreaterThan(20);
    }

    private static void play(String test, int count, Faults faults) {
        Seeds.play(
                "mvn -o -B test -pl simulator -am -Dsurefire.failIfNoSpecifiedTests=false -Dtest='SimulatedSignalsTest#"
                        + test + "'",
                count / 2,
                count / 2,
                seed -> trace(seed, faults));
    }

    private static List<String> trace(long seed, Faults faults) {
        try (var world = new SimulatedProcesses(seed, faults.percent == 0)) {
            try {
                run(world, faults);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(e.getMessage() + "\n" + String.join("\n", world.simulation.trace()), e);
            }
            return world.simulation.trace();
        }
    }

    private static void run(SimulatedProcesses world, Faults faults) {
        SplittableRandom random = world.simulation.random();
        for (String name : List.of("a@host", "b@host", "c@host")) {
            world.start(name, 1 + random.nextInt(3));
        }
        int calls = 1 + random.nextInt(CALLS);
        int pace = 2 + random.nextInt(12);
        while (calls > 0) {
            if (random.nextInt(pace) > 0) {
                world.step();
            } else if (random.nextInt(100) < faults.percent) {
                faults.happen.accept(world);
            } else {
                call(world);
                world.look();
                calls--;
            }
        }
        world.nodes().forEach(node -> world.simulation.hide(node, false));
        world.finish();
    }

    /** Has a process do something to another. */
    private static void call(SimulatedProcesses world) {
        List<Actor> alive = world.alive();
        if (alive.isEmpty()) {
            return;
        }
        SplittableRandom random = world.simulation.random();
        Actor from = world.simulation.oneOf(alive);
        Actor to = world.simulation.oneOf(world.all());
        if (to == from) {
            return;
        }
        boolean byName = random.nextInt(3) == 0;
        switch (random.nextInt(16)) {
            case 0, 1, 2 -> world.send(from, to, byName);
            case 3, 4, 5, 6 -> world.link(from, to);
            case 7, 8 -> world.unlink(from, to);
            case 9, 10 -> world.monitor(from, to, byName, null);
            case 11 -> world.monitor(from, to, byName, mode(random));
            case 12 -> world.demonitor(from);
            case 13 -> world.reply(from);
            case 14 -> world.exit2(from, to);
            default -> {
                if (random.nextInt(3) == 0) {
                    world.end(from, Tuple.of(Atom.of("ended"), Int.of(from.index)));
                }
            }
        }
    }

    private static AliasMode mode(SplittableRandom random) {
        return List.of(AliasMode.values()).get(random.nextInt(AliasMode.values().length));
    }

    private static void loseConnection(SimulatedProcesses world) {
        Simulation simulation = world.simulation;
        if (simulation.random().nextBoolean() && !simulation.links().isEmpty()) {
            world.note("cut");
            simulation.oneOf(simulation.links()).cut();
        } else {
            Node node = simulation.oneOf(world.nodes());
            Node other = simulation.oneOf(world.nodes());
            world.note(node.name() + " disconnects " + other.name());
            node.disconnect(other.name());
        }
    }
}
