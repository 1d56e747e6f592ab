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

    /** Links and monitors that all connections together may hold; from half of it on, the ones that hold many get no more. */
    static final int MAX_HELD_BY_ALL = 2 * MAX_HELD;

    /** From how many on a connection holds many. */
    static final int MANY = MAX_HELD / 8;

    /** Processes that one connection may have spawned and that live; further ones are refused. */
    static final int MAX_SPAWNED = 4096;

    final PeerConnection connection;
    final SignalPolicy.Asker asker;
    final boolean hidden;
    final LongAdder messagesIn = new LongAdder();
    final AtomicInteger spawned = new AtomicInteger();
    final Debts debts = new Debts(this);

    /** What it monitors by name: the name may go to another process before the monitor ends. Bounded as what it holds. */
    final ConcurrentHashMap<WatcherKey, LocalProcess> monitoredByName = new ConcurrentHashMap<>();

    private final AtomicInteger held = new AtomicInteger();
    private final AtomicInteger heldByAll;

    PeerState(PeerConnection connection, AtomicInteger heldByAll) {
        this.heldByAll = heldByAll;
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
        int own = held.incrementAndGet();
        int all = heldByAll.incrementAndGet();
        if (own > MAX_HELD || all > MAX_HELD_BY_ALL || (all > MAX_HELD_BY_ALL / 2 && own > MANY)) {
            letGo();
            return false;
        }
        return true;
    }

    void letGo() {
        held.decrementAndGet();
        heldByAll.decrementAndGet();
    }

    int held() {
        return held.get();
    }
}
