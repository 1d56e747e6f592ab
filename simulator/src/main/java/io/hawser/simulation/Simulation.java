package io.hawser.simulation;

import io.hawser.cookie.Cookie;
import io.hawser.cookie.CookieHandshakes;
import io.hawser.node.Node;
import io.hawser.node.NodeConfig;
import io.hawser.node.SignalPolicy;
import io.hawser.transport.InMemoryLink;
import io.hawser.transport.InMemoryTransport;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * A cluster in memory whose nodes are those of production, on a network, a time and threads that a seed decides: whatever
 * happens next, a delivery, a task of a node, the passing of time, is drawn from it. One number stands for one course of
 * events and plays it again, in each JVM.
 *
 * <p>Time passes only in {@link #run}, {@link #runUntil}, {@link #await}, {@link #step}, and while the test's thread waits in
 * a mailbox or a call; days of it cost what happens in them. Code that waits, by {@code Mailbox.receive}, {@code
 * GenServer.call} and so on, waits in virtual time: on handlers, on {@linkplain #process processes} of a node, and on the
 * test's own thread, which runs the simulation meanwhile. Code that waits for anything else, as {@code Thread.sleep} or
 * {@code CompletableFuture.get}, has the simulation stand still, and it says where after two minutes: {@link #sleep} instead.
 *
 * <p>The nodes' names are what the test calls them by. All have one cookie and find each other.
 *
 * <p>Not thread-safe; used by one thread, and by what runs on the nodes.
 */
public final class Simulation implements AutoCloseable {
    private static final Cookie COOKIE = Cookie.of("only for nodes that are simulated, so anybody may know it");

    private final long seed;
    private final Engine engine;
    private final Trace trace;
    private final Network network;
    private final Traffic traffic;
    private final Map<String, Machine> machines = new LinkedHashMap<>();
    private final Map<String, SimulatedClock> clocks = new LinkedHashMap<>();
    private final List<Machine> all = new ArrayList<>();

    /** A node with what it runs on. */
    private record Machine(String name, Host host, InMemoryTransport transport, Node node) {}

    /**
     * Makes a simulation without nodes.
     *
     * @param seed decides what happens
     */
    public Simulation(long seed) {
        this.seed = seed;
        this.engine = new Engine(seed);
        this.trace = new Trace(engine.time);
        this.traffic = new Traffic(trace);
        this.network = new Network(engine, trace, traffic);
    }

    /**
     * Returns what decides.
     *
     * @return the seed it was made with
     */
    public long seed() {
        return seed;
    }

    /**
     * Returns what the test's choices are to be drawn from, so that the seed decides them too.
     *
     * @return one source for all
     */
    public SplittableRandom random() {
        return engine.random;
    }

    /**
     * Draws one of several.
     *
     * @param <T> what they are
     * @param choices at least one
     * @return one of them
     */
    public <T> T oneOf(List<T> choices) {
        return choices.get(engine.random.nextInt(choices.size()));
    }

    /**
     * Lets time pass only while there is nothing to do, so that computing takes none. When not called, time passes at any
     * moment, up to 200 ms at once: nodes are slow, and deadlines are missed.
     */
    public void timeWaits() {
        engine.timeWaits();
    }

    // ---- nodes

    /**
     * Starts a node.
     *
     * @param name its name; a node that had it must be closed, crashed or killed
     * @return the node; closed with the simulation
     */
    public Node start(String name) {
        return start(name, config -> Node.start(config.build()));
    }

    /**
     * Starts a node with settings of one's own.
     *
     * @param name its name; a node that had it must be closed, crashed or killed
     * @param starter makes the node from the configuration, in which the simulation has set transport, handshake, resolver,
     *     time, executor, surroundings and, to count, the policy
     * @return the node; closed with the simulation
     */
    public Node start(String name, Function<NodeConfig.Builder, Node> starter) {
        Machine before = machines.remove(name);
        if (before != null && before.host.isDown()) {
            before.transport.close();
            network.cut(name); // as the reborn host answers packets of connections it does not know
        }
        var host = new Host(engine);
        InMemoryTransport transport = network.transport(name);
        Node node = starter.apply(NodeConfig.builder(name)
                .transport(transport)
                .handshake(CookieHandshakes.otp(COOKIE))
                .resolver(network.resolver())
                .scheduler(host)
                .executor(host.threads())
                .surroundings(host)
                .policy(traffic.counting(name, SignalPolicy.ALLOW)));
        var machine = new Machine(name, host, transport, node);
        machines.put(name, machine);
        all.add(machine);
        network.publish(node.name(), node.address());
        trace.add("start " + name);
        return node;
    }

    /**
     * Has the host of a node lose power: it says no goodbye, and others notice by ticks, or when it is started again.
     *
     * @param name a node that runs
     */
    public void crash(String name) {
        trace.add("crash " + name);
        Machine machine = running(name);
        machine.host.goDown();
        machine.transport.vanish();
    }

    /**
     * Has the process of a node be killed: it says no goodbye, but its host does, by resetting the connections.
     *
     * @param name a node that runs
     */
    public void kill(String name) {
        crash(name);
        network.cut(name);
        running(name).transport.close();
    }

    private Machine running(String name) {
        Machine machine = machines.get(name);
        if (machine == null) {
            throw new IllegalArgumentException(name + ": was not started");
        }
        return machine;
    }

    /**
     * Returns whether a node runs.
     *
     * @param name its name
     * @return false if it was not started, or crashed or was killed since
     */
    public boolean isUp(String name) {
        Machine machine = machines.get(name);
        return machine != null && !machine.host.isDown();
    }

    /**
     * Returns the nodes that run.
     *
     * @return a snapshot, oldest first
     */
    public List<Node> nodes() {
        return machines.values().stream()
                .filter(machine -> !machine.host.isDown())
                .map(Machine::node)
                .toList();
    }

    /**
     * Returns a node that runs.
     *
     * @param name its name
     * @return empty if it was not started, or crashed or was killed since
     */
    public Optional<Node> node(String name) {
        return isUp(name) ? Optional.of(running(name).node) : Optional.empty();
    }

    /**
     * Makes a node impossible to find, or to be found again.
     *
     * @param node a node that was started
     * @param hidden whether it cannot be found
     */
    public void hide(Node node, boolean hidden) {
        if (hidden) {
            network.withdraw(node.name());
        } else {
            network.publish(node.name(), node.address());
        }
    }

    /** What a process does. */
    @FunctionalInterface
    public interface Body {
        /**
         * Runs it.
         *
         * @throws Exception what fails the simulation
         */
        void run() throws Exception;
    }

    /**
     * Runs something on a node as a thread of its own, which may wait. It ends with the node's crash, wherever it waits; what
     * it throws fails the run that is under way.
     *
     * @param name a node that runs
     * @param body what to run
     */
    public void process(String name, Body body) {
        running(name).host.start(name, () -> {
            try {
                body.run();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException("a process on " + name + " failed", e);
            }
        });
    }

    /**
     * Waits, in virtual time.
     *
     * @param time how long
     */
    public void sleep(Duration time) {
        Lanes.Lane lane = engine.crew.current() == null ? null : engine.lanes.running();
        Host host = lane == null ? null : lane.host;
        if (host == null) {
            run(time);
            return;
        }
        long end = host.nanoTime() + time.toNanos();
        while (host.nanoTime() < end) {
            host.park(this, end - host.nanoTime());
        }
    }

    // ---- the network

    /**
     * Sets the latency between all nodes.
     *
     * @param latency for each direction; {@link Latency#NONE} when not called: then messages take no time, but arrive in any
     *     order that is possible
     */
    public void latency(Latency latency) {
        network.latency(latency);
    }

    /**
     * Returns the way from one node to another, to be made slow, lossy or impassable.
     *
     * @param from a name, of a node started or not
     * @param to another name
     * @return always the same
     */
    public Path path(String from, String to) {
        return network.path(from, to);
    }

    /**
     * Parts nodes from others: nothing gets through between them, either way. Connections stand until ticks end them, and new
     * ones fail by their deadline, as when cables are cut.
     *
     * @param some names
     * @param others other names
     */
    public void partition(Collection<String> some, Collection<String> others) {
        trace.add("partition " + some + " | " + others);
        some.forEach(one -> others.forEach(other -> {
            network.path(one, other).stall();
            network.path(other, one).stall();
        }));
    }

    /**
     * Stops what goes from some nodes to others, and not the other way. New connections between them fail in both directions,
     * as they need both. On those that stand, the others' messages still arrive: what TCP has not had acknowledged is more
     * than nodes mostly send until their ticks are missed.
     *
     * @param from names
     * @param to other names
     */
    public void mute(Collection<String> from, Collection<String> to) {
        trace.add("mute " + from + " to " + to);
        from.forEach(one -> to.forEach(other -> network.path(one, other).stall()));
    }

    /** Ends all partitions: what waited arrives. Latency and loss stay. */
    public void heal() {
        trace.add("heal");
        network.heal();
    }

    /**
     * Breaks the connections of two nodes, as a reset does.
     *
     * @param one a name
     * @param other another
     */
    public void cut(String one, String other) {
        trace.add("cut " + one + " | " + other);
        network.cut(one, other);
    }

    /**
     * Returns the connections that are open or dialled, to be disturbed one by one.
     *
     * @return a snapshot, oldest first
     */
    public List<InMemoryLink> links() {
        return network.links();
    }

    // ---- time

    /**
     * Returns how much time has passed.
     *
     * @return since the simulation was made
     */
    public Duration now() {
        return Duration.ofNanos(engine.time.nanoTime());
    }

    /**
     * Returns the wall clock of a node: for code under test that takes a {@link Clock}. Nodes go by the time that cannot step.
     *
     * @param name the node, started or not
     * @return its clock; starts at the beginning of 2026
     */
    public Clock clock(String name) {
        return simulatedClock(name);
    }

    /**
     * Sets the wall clock of a node forward or back, while time goes on.
     *
     * @param name the node
     * @param by how far; negative for back
     */
    public void stepClock(String name, Duration by) {
        trace.add("step the clock of " + name + " by " + by);
        simulatedClock(name).step(by);
    }

    private SimulatedClock simulatedClock(String name) {
        return clocks.computeIfAbsent(name, key -> new SimulatedClock(engine.time));
    }

    /** Runs one task, or lets some time pass. */
    public void step() {
        engine.runOne();
    }

    /**
     * Lets time pass.
     *
     * @param time how long
     */
    public void run(Duration time) {
        engine.run(() -> false, engine.time.nanoTime() + time.toNanos());
    }

    /**
     * Lets time pass until something is the case.
     *
     * @param condition looked at before each step; must not wait
     * @param limit how long at most
     * @return whether it was the case in time
     */
    public boolean runUntil(BooleanSupplier condition, Duration limit) {
        boolean[] held = {false};
        engine.run(() -> held[0] = condition.getAsBoolean(), engine.time.nanoTime() + limit.toNanos());
        return held[0] || condition.getAsBoolean();
    }

    /**
     * Lets time pass until something is the case, which it must be in time.
     *
     * @param what what must be the case, for the message
     * @param condition looked at before each step; must not wait
     * @param limit how long at most
     * @throws AssertionError if it was not; the message names the seed and ends with the last lines of the trace
     */
    public void await(String what, BooleanSupplier condition, Duration limit) {
        if (!runUntil(condition, limit)) {
            throw new AssertionError("seed " + seed + ": not within " + limit.toSeconds() + " s of virtual time: "
                    + what + "\n" + tail());
        }
    }

    private String tail() {
        List<String> lines = trace.lines();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 50), lines.size()));
    }

    /**
     * Lets time pass until nothing but that happens for a while.
     *
     * @param quiet how long nothing may be to do
     * @param afterEach looks at what a step did
     */
    public void settle(Duration quiet, Runnable afterEach) {
        engine.afterEach(afterEach);
        try {
            engine.settle(quiet.toNanos());
        } finally {
            engine.afterEach(null);
        }
    }

    // ---- what happened

    /**
     * Returns what signals arrived.
     *
     * @return counts that go on
     */
    public Traffic traffic() {
        return traffic;
    }

    /**
     * Writes into the trace.
     *
     * @param what one line
     */
    public void note(String what) {
        trace.add(what);
    }

    /**
     * Returns what happened: starts and ends of nodes, faults, connections dialled, signals that arrived, notes.
     *
     * @return the last 10,000 lines, oldest first, each with its time
     */
    public List<String> trace() {
        return trace.lines();
    }

    /**
     * Returns a number for all that happened and when, from the beginning on: the same for the same seed and test, in each JVM.
     *
     * @return a hash of the whole trace
     */
    public long fingerprint() {
        return trace.fingerprint();
    }

    /** Closes the nodes, and ends what waits. Can be called twice. */
    @Override
    public void close() {
        all.forEach(machine -> machine.host.goDown());
        engine.crew.close();
        all.forEach(machine -> {
            machine.transport.vanish();
            machine.transport.close();
        });
        machines.clear();
        all.clear();
    }
}
