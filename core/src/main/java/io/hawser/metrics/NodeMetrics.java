package io.hawser.metrics;

import io.hawser.node.Node;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Binds a node to a Micrometer registry: {@code new NodeMetrics(node).bindTo(registry)}.
 *
 * <p>All meters have the tag {@code node}. Of the node: {@code hawser.connections}, {@code hawser.connections.suspected},
 * {@code hawser.mailboxes}, and the counters {@code hawser.bytes} and {@code hawser.messages} by {@code direction} ({@code
 * in}, {@code out}), {@code hawser.connections.lost} by {@code reason}, {@code hawser.connections.failed}, and {@code
 * hawser.connections.refused} by {@code code} and {@code layer}, of which there are as many as Hawser has codes.
 *
 * <p>Of each connected node, with the tag {@code peer}: {@code hawser.peer.bytes} and {@code hawser.peer.messages} by
 * {@code direction}, {@code hawser.peer.queued} and {@code hawser.peer.unread} in bytes, {@code hawser.peer.suspicion}
 * (phi), {@code hawser.peer.silence}, and for TLS {@code hawser.peer.certificate.expiry}, the time left, by {@code side}
 * ({@code own}, {@code peer}). They go with the connection, and are of at most {@value #DEFAULT_PEERS} nodes at a time unless
 * told otherwise: the names are those of admitted peers, but a registry remembers each it has seen.
 *
 * <p>Thread-safe. Holds the node, so the registry does not have to.
 */
@SuppressWarnings("exports") // whoever uses it requires Micrometer; others must not have to
public final class NodeMetrics implements MeterBinder, AutoCloseable {
    /** Of how many peers there are meters at a time, when not told otherwise. */
    public static final int DEFAULT_PEERS = 100;

    private final Node node;
    private final Tags tags;
    private final int maxPeers;
    private final CopyOnWriteArrayList<Binding> bindings = new CopyOnWriteArrayList<>();

    /**
     * Makes a binder with the defaults.
     *
     * @param node the node
     */
    public NodeMetrics(Node node) {
        this(node, Tags.empty(), DEFAULT_PEERS);
    }

    private NodeMetrics(Node node, Tags tags, int maxPeers) {
        this.node = Objects.requireNonNull(node, "node");
        this.tags = tags;
        this.maxPeers = maxPeers;
    }

    /**
     * Returns a binder whose meters have further tags.
     *
     * @param more the tags
     * @return another binder, bound to nothing yet
     */
    public NodeMetrics withTags(Iterable<Tag> more) {
        return new NodeMetrics(node, tags.and(more), maxPeers);
    }

    /**
     * Returns a binder with meters of more, or fewer, peers.
     *
     * @param max of how many peers at a time; 0 for none
     * @return another binder, bound to nothing yet
     * @throws IllegalArgumentException if it is below 0
     */
    public NodeMetrics withPeers(int max) {
        if (max < 0) {
            throw new IllegalArgumentException("peers: " + max + " (expected: at least 0)");
        }
        return new NodeMetrics(node, tags, max);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        bindings.add(Binding.begin(node, registry, tags.and("node", node.name().toString()), maxPeers));
    }

    /** Takes all meters out of the registries. Can be called twice. */
    @Override
    public void close() {
        bindings.forEach(Binding::close);
        bindings.clear();
    }
}
