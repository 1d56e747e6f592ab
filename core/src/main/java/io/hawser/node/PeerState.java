package io.hawser.node;

import io.hawser.peer.PeerConnection;
import io.hawser.term.Atom;
import io.hawser.term.Pid;
import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

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

    private static final int RECENT = 16;

    final PeerConnection connection;
    final SignalPolicy.Asker asker;
    final boolean hidden;
    private final AtomicLong messagesIn = new AtomicLong(); // written by the event loop only
    final AtomicInteger spawned = new AtomicInteger();
    final Debts debts = new Debts(this);

    /** What it monitors by name: the name may go to another process before the monitor ends. Bounded as what it holds. */
    final ConcurrentHashMap<WatcherKey, LocalProcess> monitoredByName = new ConcurrentHashMap<>();

    /** Processes that messages came for, found again without a look at the table of all. Event loop. */
    private final @Nullable WeakReference<LocalProcess>[] recent = places();

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

    /** Counts a message. Event loop. */
    void countMessage() {
        messagesIn.setRelease(messagesIn.getPlain() + 1);
    }

    /** Returns how many messages came. Any thread. */
    long messagesIn() {
        return messagesIn.getAcquire();
    }

    /** Finds a process of this node; null if it has ended, or is of another incarnation. Event loop. */
    @Nullable
    LocalProcess find(Kernel kernel, Pid pid) {
        int place = (int) pid.id() & (RECENT - 1);
        WeakReference<LocalProcess> there = recent[place];
        LocalProcess known = there == null ? null : there.get();
        if (known == null || known.exitReason() != null || !known.pid().equals(pid)) {
            known = kernel.isLocal(pid) ? kernel.processes.find(pid) : null;
            recent[place] = known == null ? null : new WeakReference<>(known);
        }
        return known;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // arrays know no type arguments
    private static @Nullable WeakReference<LocalProcess>[] places() {
        return new WeakReference[RECENT];
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
