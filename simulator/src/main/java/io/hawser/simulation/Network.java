package io.hawser.simulation;

import io.hawser.epmd.NodeResolver;
import io.hawser.term.NodeName;
import io.hawser.transport.InMemoryLink;
import io.hawser.transport.InMemoryNetwork;
import io.hawser.transport.InMemoryTransport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The network between the nodes, and where they are found. Not thread-safe; used by whichever thread runs the simulation. */
final class Network {
    private final Engine engine;
    private final Trace trace;
    private final Traffic traffic;
    private final InMemoryNetwork network;
    private final Map<String, Map<String, Path>> paths = new HashMap<>();
    private final Map<InetAddress, String> names = new HashMap<>();
    private final Map<NodeName, InetSocketAddress> directory = new LinkedHashMap<>();
    private Latency latency = Latency.NONE;
    private long creations = 100;

    Network(Engine engine, Trace trace, Traffic traffic) {
        this.engine = engine;
        this.trace = trace;
        this.traffic = traffic;
        this.network = InMemoryNetwork.on(engine.time, () -> engine.lanes.lane(null, false));
        network.whenDialled(this::dialled);
    }

    /** Makes the transport of a node. */
    InMemoryTransport transport(String name) {
        InMemoryTransport transport = network.transport();
        names.put(transport.source(), name);
        return transport;
    }

    private void dialled(InMemoryLink link) {
        String from = names.getOrDefault(link.from().getAddress(), "?");
        String to = link.dialled().toString();
        traffic.dial();
        trace.add(from + " dials " + to);
        path(from, to).carry(link.outward());
        path(to, from).carry(link.homeward());
    }

    Path path(String from, String to) {
        return paths.computeIfAbsent(from, name -> new HashMap<>())
                .computeIfAbsent(to, name -> new Path(engine.random, latency, () -> ways(from, to)));
    }

    private List<InMemoryLink.Way> ways(String from, String to) {
        var ways = new ArrayList<InMemoryLink.Way>();
        for (InMemoryLink link : network.links()) {
            if (isFrom(link, from) && isTo(link, to)) {
                ways.add(link.outward());
            } else if (isFrom(link, to) && isTo(link, from)) {
                ways.add(link.homeward());
            }
        }
        return ways;
    }

    /** Sets the latency of all paths. */
    void latency(Latency all) {
        latency = all;
        paths.values().forEach(from -> from.values().forEach(path -> path.latency(all)));
    }

    /** Lets everything through. */
    void heal() {
        var stalled = new ArrayList<Path>();
        paths.values()
                .forEach(from -> from.values().stream().filter(Path::isStalled).forEach(stalled::add));
        stalled.forEach(Path::resume);
    }

    List<InMemoryLink> links() {
        return network.links();
    }

    /** Breaks the connections of a node. */
    void cut(String name) {
        network.links().stream()
                .filter(link -> isFrom(link, name) || isTo(link, name))
                .forEach(InMemoryLink::cut);
    }

    void cut(String one, String other) {
        network.links().stream()
                .filter(link -> (isFrom(link, one) && isTo(link, other)) || (isFrom(link, other) && isTo(link, one)))
                .forEach(InMemoryLink::cut);
    }

    private boolean isFrom(InMemoryLink link, String name) {
        return name.equals(names.get(link.from().getAddress()));
    }

    private static boolean isTo(InMemoryLink link, String name) {
        return link.dialled().toString().equals(name);
    }

    // ---- where nodes are found

    NodeResolver resolver() {
        return new Directory();
    }

    void publish(NodeName name, InetSocketAddress address) {
        directory.put(name, address);
    }

    void withdraw(NodeName name) {
        directory.remove(name);
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
