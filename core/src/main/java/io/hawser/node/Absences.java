package io.hawser.node;

import io.hawser.peer.PeerAttempt;
import io.hawser.term.Atom;
import io.hawser.term.NodeName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/** Which nodes could not be reached, and why. Thread-safe: one lock. Forgets the one that failed longest ago, not too many. */
final class Absences {
    /** How many nodes are remembered. */
    static final int MAX = 256;

    private record Entry(NodeName node, String reason, long atNanos, long count) {}

    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Atom, Entry> entries = new LinkedHashMap<>(); // that which failed last, last

    Absences(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    void failed(NodeName node, String reason) {
        lock.lock();
        try {
            Entry before = entries.remove(node.atom());
            long count = before == null ? 1 : before.count + 1;
            entries.put(node.atom(), new Entry(node, reason, nanoTime.getAsLong(), count));
            if (entries.size() > MAX) {
                entries.remove(entries.keySet().iterator().next());
            }
        } finally {
            lock.unlock();
        }
    }

    void up(Atom node) {
        lock.lock();
        try {
            entries.remove(node);
        } finally {
            lock.unlock();
        }
    }

    /** Returns the nodes that failed, and those that are being tried. */
    List<AbsentPeer> with(List<PeerAttempt> attempts) {
        lock.lock();
        try {
            var absent = new ArrayList<AbsentPeer>();
            Set<Atom> tried = new LinkedHashSet<>();
            for (PeerAttempt attempt : attempts) {
                Atom node = attempt.node().atom();
                tried.add(node);
                var stage = attempt.connecting() ? AbsentPeer.Stage.CONNECTING : AbsentPeer.Stage.WAITING;
                absent.add(new AbsentPeer(
                        attempt.node(),
                        stage,
                        Optional.ofNullable(entries.get(node)).map(this::failure)));
            }
            for (Entry entry : entries.values()) {
                if (!tried.contains(entry.node.atom())) {
                    absent.add(new AbsentPeer(entry.node, AbsentPeer.Stage.IDLE, Optional.of(failure(entry))));
                }
            }
            return absent;
        } finally {
            lock.unlock();
        }
    }

    private AbsentPeer.Failure failure(Entry entry) {
        Duration age = Duration.ofNanos(Math.max(0, nanoTime.getAsLong() - entry.atNanos));
        return new AbsentPeer.Failure(entry.reason, age, entry.count);
    }
}
