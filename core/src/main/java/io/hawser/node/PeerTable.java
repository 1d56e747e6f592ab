package io.hawser.node;

import io.hawser.peer.PeerConnection;
import io.hawser.term.Atom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The peers that are connected, and which processes want to know when a connection is gone or cannot be made. Thread-safe:
 * concurrent maps; a set of processes is only touched within {@code compute}.
 */
final class PeerTable {
    private final ConcurrentHashMap<Atom, PeerState> up = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Atom, Set<LocalProcess>> related = new ConcurrentHashMap<>();
    private final AtomicInteger heldByAll = new AtomicInteger();

    // of connections that are gone
    private final LongAdder bytesIn = new LongAdder();
    private final LongAdder bytesOut = new LongAdder();
    private final LongAdder messagesIn = new LongAdder();
    private final LongAdder messagesOut = new LongAdder();

    PeerState add(PeerConnection connection) {
        var peer = new PeerState(connection, heldByAll);
        up.put(connection.node(), peer);
        return peer;
    }

    /** Takes a connection out; does nothing if it is not the one in the table. */
    void remove(PeerConnection connection) {
        PeerState peer = up.get(connection.node());
        if (peer == null || peer.connection != connection || !up.remove(connection.node(), peer)) {
            return;
        }
        bytesIn.add(connection.connection().bytesIn());
        bytesOut.add(connection.connection().bytesOut());
        messagesIn.add(peer.messagesIn());
        messagesOut.add(connection.messagesOut());
    }

    @Nullable
    PeerState get(Atom node) {
        return up.get(node);
    }

    Collection<PeerState> all() {
        return up.values();
    }

    NodeStats stats(int mailboxes) {
        List<PeerState> peers = List.copyOf(up.values());
        return new NodeStats(
                mailboxes,
                peers.size(),
                bytesIn.sum()
                        + peers.stream()
                                .mapToLong(p -> p.connection.connection().bytesIn())
                                .sum(),
                bytesOut.sum()
                        + peers.stream()
                                .mapToLong(p -> p.connection.connection().bytesOut())
                                .sum(),
                messagesIn.sum() + peers.stream().mapToLong(p -> p.messagesIn()).sum(),
                messagesOut.sum()
                        + peers.stream()
                                .mapToLong(p -> p.connection.messagesOut())
                                .sum());
    }

    void relate(Atom node, LocalProcess process) {
        related.compute(node, (key, processes) -> {
            Set<LocalProcess> all = processes == null ? new LinkedHashSet<>() : processes;
            all.add(process);
            return all;
        });
    }

    void unrelate(Atom node, LocalProcess process) {
        related.computeIfPresent(node, (key, processes) -> {
            processes.remove(process);
            return processes.isEmpty() ? null : processes;
        });
    }

    /** How many nodes some process wants to know of. */
    int relatedCount() {
        return related.size();
    }

    /** The processes that want to know; they stay, for those whose links begin with the next connection. */
    List<LocalProcess> related(Atom node) {
        var snapshot = new ArrayList<LocalProcess>();
        related.computeIfPresent(node, (key, processes) -> {
            snapshot.addAll(processes);
            return processes;
        });
        return snapshot;
    }
}
