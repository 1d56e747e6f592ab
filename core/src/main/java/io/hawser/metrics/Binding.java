package io.hawser.metrics;

import io.hawser.node.ConnectionInfo;
import io.hawser.node.Node;
import io.hawser.node.NodeEvent;
import io.hawser.node.NodeStats;
import io.hawser.node.NodeWatch;
import io.hawser.term.NodeName;
import io.hawser.transport.RefusalCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** One node in one registry. Thread-safe: one lock around which meters there are. */
final class Binding {
    private final Node node;
    private final MeterRegistry registry;
    private final Tags tags;
    private final int maxPeers;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<Meter> ofNode = new LinkedHashSet<>();
    private final Map<NodeName, List<Meter>> ofPeers = new HashMap<>();
    private @Nullable NodeWatch watch;
    private boolean closed;

    private Binding(Node node, MeterRegistry registry, Tags tags, int maxPeers) {
        this.node = node;
        this.registry = registry;
        this.tags = tags;
        this.maxPeers = maxPeers;
    }

    static Binding begin(Node node, MeterRegistry registry, Tags tags, int maxPeers) {
        var binding = new Binding(node, registry, tags, maxPeers);
        binding.addOfNode();
        binding.watch = node.watch(binding::on);
        binding.fit();
        return binding;
    }

    private void addOfNode() {
        gauge("hawser.connections", "Connections up", n -> n.stats().connections());
        gauge(
                "hawser.connections.suspected",
                "Connections whose peer is suspected to be gone",
                n -> n.connections().stream()
                        .filter(connection -> connection.liveness().suspected())
                        .count());
        gauge("hawser.mailboxes", "Mailboxes alive", n -> n.stats().mailboxes());
        counter("hawser.bytes", "Bytes from and to peers", "bytes", "in", NodeStats::bytesIn);
        counter("hawser.bytes", "Bytes from and to peers", "bytes", "out", NodeStats::bytesOut);
        counter("hawser.messages", "Messages from and to peers", "messages", "in", NodeStats::messagesIn);
        counter("hawser.messages", "Messages from and to peers", "messages", "out", NodeStats::messagesOut);
    }

    private void gauge(String name, String description, ToDoubleFunction<Node> value) {
        ofNode.add(Gauge.builder(name, node, value)
                .description(description)
                .tags(tags)
                .register(registry));
    }

    private void counter(
            String name, String description, String unit, String direction, ToDoubleFunction<NodeStats> value) {
        ofNode.add(FunctionCounter.builder(name, node, n -> value.applyAsDouble(n.stats()))
                .description(description)
                .baseUnit(unit)
                .tags(tags.and("direction", direction))
                .register(registry));
    }

    private void on(NodeEvent event) {
        if (event instanceof NodeEvent.NodeUp) {
            fit();
        } else if (event instanceof NodeEvent.NodeDown down) {
            remove(down.connection().node());
            count(
                    "hawser.connections.lost",
                    "Connections that ended",
                    Tags.of("reason", down.reason().text()),
                    1);
            fit();
        } else if (event instanceof NodeEvent.Unreachable) {
            count("hawser.connections.failed", "Nodes that could not be reached", Tags.empty(), 1);
        } else if (event instanceof NodeEvent.Refused refused) {
            String code = refused.code().map(RefusalCode::name).orElse("none");
            String layer = refused.code().map(found -> found.layer().name()).orElse("none");
            Tags why = Tags.of("code", code, "layer", layer);
            count("hawser.connections.refused", "Connections not admitted", why, 1 + refused.leftOut());
        } else if (event instanceof NodeEvent.Missed) {
            fit();
        }
    }

    private void count(String name, String description, Tags more, long times) {
        lock.lock();
        try {
            if (!closed) {
                Counter counter = Counter.builder(name)
                        .description(description)
                        .tags(tags.and(more))
                        .register(registry);
                counter.increment((double) times);
                ofNode.add(counter);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Has meters of those that are connected, as far as there may be. */
    private void fit() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            List<ConnectionInfo> connections = node.connections();
            Set<NodeName> up = new LinkedHashSet<>();
            connections.forEach(connection -> up.add(connection.node()));
            List.copyOf(ofPeers.keySet()).stream()
                    .filter(peer -> !up.contains(peer))
                    .forEach(this::remove);
            for (ConnectionInfo connection : connections) {
                if (ofPeers.size() < maxPeers && !ofPeers.containsKey(connection.node())) {
                    ofPeers.put(connection.node(), new PeerMeters(node, registry, tags, connection).added());
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void remove(NodeName peer) {
        lock.lock();
        try {
            List<Meter> gone = ofPeers.remove(peer);
            if (gone != null) {
                gone.forEach(registry::remove);
            }
        } finally {
            lock.unlock();
        }
    }

    void close() {
        NodeWatch watching = watch;
        if (watching != null) {
            watching.close();
        }
        lock.lock();
        try {
            closed = true;
            new ArrayList<>(ofPeers.keySet()).forEach(this::remove);
            ofNode.forEach(registry::remove);
            ofNode.clear();
        } finally {
            lock.unlock();
        }
    }
}
