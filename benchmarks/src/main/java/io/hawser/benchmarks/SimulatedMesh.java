package io.hawser.benchmarks;

import io.hawser.cluster.Global;
import io.hawser.cluster.ProcessGroups;
import io.hawser.node.Mailbox;
import io.hawser.node.Node;
import io.hawser.simulation.Latency;
import io.hawser.simulation.Simulation;
import io.hawser.term.Atom;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What it takes that many nodes become one cluster: they are simulated, each with global names and a process group, and each
 * but the first is told of one other only. Counts what is sent until all are connected and all know all members of the group.
 */
public final class SimulatedMesh {
    private static final Atom GROUP = Atom.of("workers");
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration LIMIT = Duration.ofHours(12);

    private SimulatedMesh() {}

    /**
     * Measures with 200 nodes, or with as many as are given.
     *
     * @param arguments numbers of nodes
     */
    public static void main(String[] arguments) {
        List<String> sizes = arguments.length == 0 ? List.of("200") : List.of(arguments);
        for (String size : sizes) {
            run(System.out, Integer.parseInt(size), 1);
        }
    }

    private record Member(Node node, Global global, ProcessGroups groups) {}

    /** Forms a mesh. Returns whether all came together in time. */
    static boolean run(PrintStream out, int size, long seed) {
        long begun = System.nanoTime();
        try (var simulation = new Simulation(seed)) {
            simulation.timeWaits();
            simulation.latency(Latency.uniform(Duration.ofNanos(200_000), Duration.ofMillis(2)));
            List<Member> members = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                members.add(start(simulation, members, i));
            }
            Duration meshed = await(out, simulation, () -> connections(members) == size * (size - 1));
            Duration agreed = await(
                    out,
                    simulation,
                    () -> members.stream()
                            .allMatch(member -> member.groups.members(GROUP).size() == size));
            Duration named = agreed.isNegative() ? agreed : registered(simulation, members);
            report(out, simulation, size, List.of(meshed, agreed, named));
            out.printf(
                    Locale.ROOT,
                    "  took %d s of %s, heap %d MB%n",
                    Duration.ofNanos(System.nanoTime() - begun).toSeconds(),
                    System.getProperty("java.vm.name"),
                    (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) >> 20);
            return !named.isNegative();
        }
    }

    private static Member start(Simulation simulation, List<Member> before, int number) {
        Node node = simulation.start(String.format(Locale.ROOT, "n%04d@host", number));
        var member = new Member(node, Global.start(node), ProcessGroups.start(node));
        if (number > 0) {
            var unused = node.connect(
                    before.get(simulation.random().nextInt(number)).node.name());
        }
        simulation.process(node.name().toString(), () -> {
            Mailbox worker = node.mailbox();
            worker.onMessage(message -> {});
            boolean joined = member.groups.join(GROUP, worker.self());
            assert joined;
        });
        return member;
    }

    private static int connections(List<Member> members) {
        return members.stream().mapToInt(member -> member.node.nodes().size()).sum();
    }

    private static Duration await(
            PrintStream out, Simulation simulation, java.util.function.BooleanSupplier condition) {
        long lastReport = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (simulation.now().compareTo(LIMIT) > 0) {
                return Duration.ofNanos(-1);
            }
            simulation.run(LOOK);
            if (System.nanoTime() - lastReport > Duration.ofSeconds(30).toNanos()) {
                lastReport = System.nanoTime();
                out.printf(
                        Locale.ROOT,
                        "  ... %d s of virtual time, %d signals%n",
                        simulation.now().toSeconds(),
                        simulation.traffic().total());
            }
        }
        return simulation.now();
    }

    /** Registers one name and waits until all know it: what global is for. Returns how long that took. */
    private static Duration registered(Simulation simulation, List<Member> members) {
        Atom name = Atom.of("boss");
        Member first = members.get(0);
        Duration begun = simulation.now();
        simulation.process(first.node.name().toString(), () -> {
            Mailbox boss = first.node.mailbox();
            boss.onMessage(message -> {});
            boolean registered = first.global.registerName(name, boss.self());
            assert registered;
        });
        boolean known = simulation.runUntil(
                () -> members.get(members.size() - 1).global.whereisName(name).isPresent(), LIMIT);
        return known ? simulation.now().minus(begun) : Duration.ofNanos(-1);
    }

    private static void report(PrintStream out, Simulation simulation, int size, List<Duration> times) {
        out.printf(
                Locale.ROOT,
                "nodes=%d meshed-ms=%d groups-agree-ms=%d register-ms=%d dialled=%d signals=%d per-node=%d%n",
                size,
                times.get(0).toMillis(),
                times.get(1).toMillis(),
                times.get(2).toMillis(),
                simulation.traffic().dialled(),
                simulation.traffic().total(),
                simulation.traffic().total() / size);
        simulation
                .traffic()
                .byTarget()
                .forEach((kind, count) ->
                        out.printf(Locale.ROOT, "  %-32s %10d  per node %d%n", kind, count, count / size));
    }
}
