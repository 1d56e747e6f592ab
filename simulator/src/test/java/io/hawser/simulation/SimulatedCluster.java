package io.hawser.simulation;

import io.hawser.cluster.Global;
import io.hawser.cluster.ProcessGroups;
import io.hawser.node.Mailbox;
import io.hawser.node.MailboxExitException;
import io.hawser.node.Node;
import io.hawser.term.Atom;
import io.hawser.term.Pid;
import io.hawser.term.Term;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Nodes that share names and groups, what was done to them, and what must be true of them once all faults are over and they
 * had time.
 */
final class SimulatedCluster implements AutoCloseable {
    private static final Duration INTRODUCTIONS = Duration.ofSeconds(10);
    private static final int MOST_PROCESSES = 30;

    /** One life of a node. */
    final class Member {
        final String name;
        final Node node;
        final Global global;
        final ProcessGroups groups;
        final Watcher watcher;

        Member(String name) {
            this.name = name;
            this.node = simulation.start(name);
            this.watcher = new Watcher(SimulatedCluster.this, node);
            this.global = Global.start(node);
            this.groups = ProcessGroups.start(node);
        }

        boolean isUp() {
            return members.get(name) == this && simulation.isUp(name);
        }
    }

    /** A process, and what it is supposed to be registered as. */
    record Worker(Member member, Mailbox mailbox, List<Term> names, List<Term> groups) {
        boolean isAlive() {
            return member.isUp() && mailbox.isAlive();
        }
    }

    final Simulation simulation;
    private final List<String> names;
    private final Map<String, Member> members = new LinkedHashMap<>();
    private final List<Worker> processes = new ArrayList<>();
    private final Set<Term> unregistered = new HashSet<>();

    SimulatedCluster(long seed, int size) {
        simulation = new Simulation(seed);
        if (simulation.random().nextBoolean()) {
            simulation.timeWaits();
        }
        var all = new ArrayList<String>();
        for (int i = 0; i < size; i++) {
            all.add((char) ('a' + i) + "@host");
        }
        names = List.copyOf(all);
        names.forEach(this::start);
    }

    private void start(String name) {
        members.put(name, new Member(name));
    }

    List<Member> up() {
        return members.values().stream().filter(Member::isUp).toList();
    }

    List<Worker> alive() {
        return processes.stream().filter(Worker::isAlive).toList();
    }

    // ---- what is done

    /** Does one thing that processes or operators do. */
    void act() {
        SplittableRandom random = simulation.random();
        List<Member> up = up();
        if (up.isEmpty()) {
            return;
        }
        Member member = simulation.oneOf(up);
        List<Worker> alive = alive();
        switch (random.nextInt(10)) {
            case 0, 1 -> connect(member, simulation.oneOf(names));
            case 2, 3 -> spawn(member);
            case 4, 5 -> register(alive);
            case 6 -> join(alive);
            case 7 -> leaveOrUnregister(alive);
            case 8 -> watch(member, alive);
            default -> end(alive);
        }
    }

    private void connect(Member member, String other) {
        simulation.note(member.name + " connects " + other);
        var unused = member.node.connect(io.hawser.term.NodeName.parse(other));
    }

    private void spawn(Member member) {
        if (processes.size() < MOST_PROCESSES) {
            Mailbox mailbox = member.node.mailbox();
            mailbox.onMessage(message -> {});
            processes.add(new Worker(member, mailbox, new ArrayList<>(), new ArrayList<>()));
        }
    }

    private void register(List<Worker> alive) {
        if (alive.isEmpty()) {
            return;
        }
        Worker process = simulation.oneOf(alive);
        Atom name = Atom.of("name" + simulation.random().nextInt(4));
        simulation.note("register " + name + " " + process.mailbox.self());
        onNodeOf(process, () -> {
            if (process.member.global.registerName(name, process.mailbox.self())) {
                process.names.add(name);
                simulation.note("registered " + name + " " + process.mailbox.self());
            }
        });
    }

    private void leaveOrUnregister(List<Worker> alive) {
        if (alive.isEmpty()) {
            return;
        }
        Worker process = simulation.oneOf(alive);
        if (!process.groups.isEmpty()) {
            Term group = process.groups.get(0);
            onNodeOf(process, () -> {
                if (process.member.groups.leave(group, process.mailbox.self())) {
                    process.groups.remove(group);
                }
            });
        } else if (!process.names.isEmpty()) {
            Term name = process.names.get(0);
            unregistered.add(name);
            simulation.note("unregister " + name + " on " + process.member.name);
            onNodeOf(process, () -> process.member.global.unregisterName(name));
        }
    }

    private void join(List<Worker> alive) {
        if (!alive.isEmpty()) {
            Worker process = simulation.oneOf(alive);
            Atom group = Atom.of("group" + simulation.random().nextInt(3));
            onNodeOf(process, () -> {
                if (process.member.groups.join(group, process.mailbox.self())) {
                    process.groups.add(group);
                }
            });
        }
    }

    private void onNodeOf(Worker process, Simulation.Body body) {
        simulation.process(process.member.name, () -> {
            try {
                body.run();
            } catch (MailboxExitException | IllegalStateException | io.hawser.node.CallException e) {
                simulation.note("gave up: " + e.getMessage()); // the process or the node ended
            }
        });
    }

    private void watch(Member member, List<Worker> alive) {
        if (!alive.isEmpty()) {
            member.watcher.watch(simulation.oneOf(alive).mailbox.self());
        }
    }

    private void end(List<Worker> alive) {
        if (!alive.isEmpty()) {
            Worker process = simulation.oneOf(alive);
            simulation.note("end " + process.mailbox.self());
            process.mailbox.exit(Atom.of("ended"));
        }
    }

    // ---- what goes wrong

    /** Does one thing that networks and hosts do. */
    void disturb() {
        SplittableRandom random = simulation.random();
        String one = simulation.oneOf(names);
        String other = simulation.oneOf(names);
        switch (random.nextInt(9)) {
            case 0 ->
                simulation.partition(
                        List.of(one),
                        names.stream().filter(name -> !name.equals(one)).toList());
            case 1 -> {
                int half = 1 + random.nextInt(names.size() - 1);
                simulation.partition(names.subList(0, half), names.subList(half, names.size()));
            }
            case 2 -> simulation.mute(List.of(one), List.of(other));
            case 3, 4 -> simulation.heal();
            case 5 -> simulation.cut(one, other);
            case 6 -> {
                simulation.path(one, other).latency(Latency.longTailed(Duration.ofMillis(1), Duration.ofMillis(50)));
                simulation.path(one, other).loss(random.nextInt(4) / 10.0);
            }
            case 7 -> simulation.stepClock(one, Duration.ofHours(random.nextInt(-50, 50)));
            default -> goDown(one);
        }
    }

    private void goDown(String name) {
        Member member = members.get(name);
        if (member == null || !member.isUp()) {
            start(name);
        } else if (simulation.random().nextInt(3) == 0) {
            simulation.note("close " + name);
            members.remove(name);
            member.node.close();
        } else if (simulation.random().nextBoolean()) {
            simulation.crash(name);
        } else {
            simulation.kill(name);
        }
    }

    // ---- what must be true in the end

    /** Ends all faults, and has each node that is not connected to the next meet it now and then, as discovery does. */
    void recover(Duration limit) {
        simulation.heal();
        for (String name : names) {
            Member member = members.get(name);
            if (member == null || !member.isUp()) {
                start(name);
            }
            names.forEach(other -> {
                simulation.path(name, other).loss(0);
                simulation.path(name, other).latency(Latency.NONE);
            });
        }
        Duration end = simulation.now().plus(limit);
        String wrong = wrong();
        while (!wrong.isEmpty() && simulation.now().compareTo(end) < 0) {
            for (int i = 1; i < names.size(); i++) {
                connect(member(names.get(i - 1)), names.get(i));
            }
            simulation.run(INTRODUCTIONS);
            wrong = wrong();
        }
        simulation.run(Duration.ofMinutes(2)); // what is well stays well
        wrong = wrong();
        if (!wrong.isEmpty()) {
            throw new AssertionError(wrong);
        }
    }

    Member member(String name) {
        Member member = members.get(name);
        if (member == null) {
            throw new AssertionError(name + ": is not up");
        }
        return member;
    }

    /** Says what is not as it should be; empty if all is. */
    private String wrong() {
        var faults = new ArrayList<String>();
        for (Member member : up()) {
            if (member.node.nodes().size() != names.size() - 1) {
                faults.add(member.name + " is connected to " + member.node.nodes() + " only");
            }
            faults.addAll(member.watcher.faults());
            member.watcher.finish(faults);
        }
        checkNames(faults);
        checkGroups(faults);
        return String.join("\n", faults);
    }

    private void checkNames(List<String> faults) {
        Set<Pid> living = new HashSet<>();
        alive().forEach(process -> living.add(process.mailbox.self()));
        for (int i = 0; i < 4; i++) {
            Atom name = Atom.of("name" + i);
            var owners = new HashMap<String, Object>();
            for (Member member : up()) {
                Object owner =
                        member.global.whereisName(name).map(Object.class::cast).orElse("nobody");
                owners.put(member.name, owner);
                if (owner instanceof Pid pid && !living.contains(pid)) {
                    faults.add(name + " is registered on " + member.name + " for " + pid + ", which has ended");
                }
            }
            if (new HashSet<>(owners.values()).size() > 1) {
                faults.add(name + " has several owners: " + owners);
            }
            if (!unregistered.contains(name) && owners.containsValue("nobody")) {
                alive().stream()
                        .filter(process -> process.names.contains(name))
                        .forEach(process -> faults.add(
                                name + " is lost, though " + process.mailbox.self() + " that registered it lives"));
            }
        }
    }

    private void checkGroups(List<String> faults) {
        for (int i = 0; i < 3; i++) {
            Atom group = Atom.of("group" + i);
            var expected = new HashMap<Pid, Integer>();
            alive().forEach(process -> process.groups.stream()
                    .filter(group::equals)
                    .forEach(in -> expected.merge(process.mailbox.self(), 1, Integer::sum)));
            for (Member member : up()) {
                var found = new HashMap<Pid, Integer>();
                member.groups.members(group).forEach(pid -> found.merge(pid, 1, Integer::sum));
                if (!found.equals(expected)) {
                    faults.add(group + " on " + member.name + ": " + found + " (expected: " + expected + ")");
                }
            }
        }
    }

    /** Whether a process of a life that is not over, or of one that is, lives. */
    boolean isAlive(Pid pid) {
        return alive().stream().anyMatch(process -> process.mailbox.self().equals(pid));
    }

    @Override
    public void close() {
        simulation.close();
    }
}
