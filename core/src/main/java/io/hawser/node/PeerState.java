package io.hawser.node;

import io.hawser.peer.PeerConnection;
import io.hawser.term.Atom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * A connection that is up, and what its peer holds here. Thread-safe.
 */
final class PeerState {
    /** Links and monitors that one connection may hold; more closes it. */
    static final int MAX_HELD = HeapShare.held(Runtime.getRuntime().maxMemory());

    /** Processes that one connection may have spawned and that live; further ones are refused. */
    static final int MAX_SPAWNED = 4096;

    final PeerConnection connection;
    final SignalPolicy.Asker asker;
    final boolean hidden;
    final LongAdder messagesIn = new LongAdder();
    final LongAdder messagesOut = new LongAdder();
    final AtomicInteger spawned = new AtomicInteger();

    /** What it monitors by name: the name may go to another process before the monitor ends. Bounded as what it holds. */
    final ConcurrentHashMap<WatcherKey, LocalProcess> monitoredByName = new ConcurrentHashMap<>();

    private final AtomicInteger held = new AtomicInteger();

    PeerState(PeerConnection connection) {
        this.connection = connection;
        this.hidden = connection.peer().isHidden();
        this.asker = new SignalPolicy.Asker(
                connection.peer().name(),
                hidden,
                connection.connection().peer(),
                connection.peer().proof());
    }

    Atom node() {
        return connection.node();
    }

    /** Counts one more link or monitor; false if that is one too many, and not counted. */
    boolean hold() {
        if (held.incrementAndGet() > MAX_HELD) {
            held.decrementAndGet();
            return false;
        }
        return true;
    }

    void letGo() {
        held.decrementAndGet();
    }

    int held() {
        return held.get();
    }
}
