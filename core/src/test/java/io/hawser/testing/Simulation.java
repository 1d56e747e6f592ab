package io.hawser.testing;

import io.hawser.epmd.NodeResolver;
import io.hawser.node.Node;
import io.hawser.node.NodeConfig;
import io.hawser.peer.FakeHandshakes;
import io.hawser.term.NodeName;
import io.hawser.transport.InMemoryLink;
import io.hawser.transport.InMemoryNetwork;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Nodes in memory without a thread of their own: whatever happens next, a delivery, a task of a node, the passing of time,
 * is chosen by a seed, so that one number stands for one schedule and plays it again.
 *
 * <p>Each end of a connection has an event loop, each direction a wire, and each task of a node's executor a thread, as it
 * were; {@link #step()} runs one task of one of them. Tasks of one loop or wire keep their order. A test says what the
 * processes do between the steps; what it draws from {@link #random()} belongs to the schedule too.
 *
 * <p>Not thread-safe; used by one thread.
 */
public final class Simulation implements AutoCloseable {
    private static final Duration LONGEST_WAIT = Duration.ofMillis(200);
    private static final int MAX_STEPS = 1_000_000;

    private final SplittableRandom random;
    private final ManualScheduler time = new ManualScheduler();
    private final List<Lane> ready = new ArrayList<>();
    private final int skew;
    private final InMemoryNetwork network = InMemoryNetwork.on(time, Lane::new);
    private final Map<NodeName, InetSocketAddress> directory = new HashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private final List<String> trace = new ArrayList<>();
    private boolean timeWaits;
    private long creations = 100;

    /**
     * Makes a simulation without nodes.
     *
     * @param seed chooses the schedule
     */
    public Simulation(long seed) {
        random = new SplittableRandom(seed);
        skew = random.nextInt(8); // from all lanes alike to some a hundred times slower than others
    }

    /** Tasks that run one after the other. */
    private final class Lane implements Executor {
        private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
        private final int weight = 1 << random.nextInt(skew + 1);

        @Override
        public void execute(Runnable task) {
            if (tasks.isEmpty()) {
                ready.add(this);
            }
            tasks.add(task);
        }
    }

    /**
     * Returns what choices are drawn from.
     *
     * @return one source for the whole schedule
     */
    public SplittableRandom random() {
        return random;
    }

    /**
     * Draws one of several.
     *
     * @param choices at least one
     * @return one of them
     */
    public <T> T oneOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** Lets time pass only while there is nothing to do: no deadline is ever missed. It passes at any time when not called. */
    public void timeWaits() {
        timeWaits = true;
    }

    /**
     * Starts a node.
     *
     * @param name its name; another node of that name must be closed before
     * @return the node; closed with the simulation
     */
    public Node start(String name) {
        return start(name, Node::start);
    }

    /**
     * Starts a node.
     *
     * @param name its name; another node of that name must be closed before
     * @param starter makes the node
     * @return the node; closed with the simulation
     */
    public Node start(String name, Function<NodeConfig, Node> starter) {
        NodeConfig config = NodeConfig.builder(name)
                .transport(network.transport())
                .handshake(new FakeHandshakes("secret"))
                .resolver(new Directory())
                .scheduler(time)
                .executor(task -> new Lane().execute(task))
                .tickTime(Duration.ofHours(1))
                .build();
        Node node = starter.apply(config);
        directory.put(node.name(), node.address());
        nodes.add(node);
        return node;
    }

    /**
     * Makes a node impossible to find, or to be found again.
     *
     * @param node a node that was started
     * @param hidden whether it cannot be found
     */
    public void hide(Node node, boolean hidden) {
        if (hidden) {
            directory.remove(node.name());
        } else {
            directory.put(node.name(), node.address());
        }
    }

    /**
     * Returns the connections that are open, to be cut or stalled.
     *
     * @return a snapshot, oldest first
     */
    public List<InMemoryLink> links() {
        return network.links();
    }

    /** Runs one task, or lets some time pass. */
    public void step() {
        if (ready.isEmpty() || (!timeWaits && random.nextInt(64) == 0)) {
            time.advance(Duration.ofNanos(1 + random.nextLong(LONGEST_WAIT.toNanos())));
        } else {
            runNext();
        }
    }

    private void runNext() {
        int total = 0;
        for (Lane lane : ready) {
            total += lane.weight;
        }
        int drawn = random.nextInt(total);
        int index = 0;
        while (drawn >= ready.get(index).weight) {
            drawn -= ready.get(index++).weight;
        }
        Lane lane = ready.get(index);
        Runnable task = lane.tasks.remove();
        if (lane.tasks.isEmpty()) {
            ready.remove(index);
        }
        task.run();
    }

    /**
     * Steps until nothing is to be done for a time.
     *
     * @param quiet how long nothing but the passing of time may happen
     * @param afterEach looks at what a step did
     */
    public void settle(Duration quiet, Runnable afterEach) {
        long end = time.nanoTime() + quiet.toNanos();
        for (int steps = 0; !ready.isEmpty() || time.nanoTime() < end; steps++) {
            if (steps > MAX_STEPS) {
                throw new IllegalStateException(MAX_STEPS + " steps were made and more is to do (expected: an end)");
            }
            if (!ready.isEmpty()) {
                end = time.nanoTime() + quiet.toNanos();
            }
            step();
            afterEach.run();
        }
    }

    /**
     * Writes down what happens, for the one who has to understand a failure.
     *
     * @param what one line
     */
    public void note(String what) {
        trace.add(what);
    }

    /**
     * Returns what was written down.
     *
     * @return the lines, oldest first
     */
    public List<String> trace() {
        return List.copyOf(trace);
    }

    @Override
    public void close() {
        nodes.forEach(Node::close);
        while (!ready.isEmpty()) {
            runNext();
        }
    }

    /** Knows the nodes that were started and not hidden. */
    private final class Directory implements NodeResolver {
        @Override
        public Optional<InetSocketAddress> resolve(NodeName name, Duration timeout) {
            return Optional.ofNullable(directory.get(name));
        }

        @Override
        public Optional<Long> publish(NodeName name, int port, Duration timeout) {
            return Optional.of(++creations);
        }

        @Override
        public void close() {}
    }
}
