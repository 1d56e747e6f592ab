package io.hawser.cluster;

import io.hawser.node.Mailbox;
import io.hawser.term.Pid;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.TermOrder;
import io.hawser.term.Tuple;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * The locks set on this node. A lock is a resource and the one who requests it; several processes may hold it for the same
 * requester, and it is free when the last of them releases it or ends. Changed by the name server alone; read by anyone.
 *
 * <p>Thread-safe to read: a concurrent map of immutable values.
 */
final class GlobalLocks {
    /** Resources that can be locked here at the same time, and processes that can hold one of them. */
    static final int MAX_LOCKS = 4096;

    static final int MAX_HOLDERS = 1024;

    /** What those take besides the terms; four peers could not lock everything between them. */
    private static final int HOLDER_BYTES = 1024;

    private static final int MOST_MIB = 4;
    private static final int PART_OF_HEAP = 64;

    /** What the one who requests the lock of all names may take; here and in OTP it is a pid or two. */
    static final int MAX_REQUESTER_BYTES = 64 * 1024;

    private record Lock(Term requester, Map<Pid, Reference> holders) {}

    private final Mailbox server;
    /** Sorted, so that no choice of keys makes it slow. */
    private final ConcurrentSkipListMap<Term, Lock> locks = new ConcurrentSkipListMap<>(TermOrder.exact());

    private final Map<Reference, Holder> monitored = new HashMap<>();
    private final Quota quota;
    private boolean globalLockBroken;

    private record Holder(Term resource, Pid pid, long bytes) {}

    GlobalLocks(Mailbox server) {
        this.server = server;
        long all = Quota.ofHeap(PART_OF_HEAP, MOST_MIB);
        this.quota = new Quota(server.node().name().atom(), all, all / 4);
    }

    /** The lock that all changes of names take. */
    static Tuple global(Term requester) {
        return Tuple.of(Atoms.GLOBAL, requester);
    }

    boolean isGlobalSet() {
        return locks.containsKey(Atoms.GLOBAL);
    }

    boolean canSet(Term resource, Term requester) {
        Lock lock = locks.get(resource);
        boolean hasRoom = locks.size() < MAX_LOCKS || resource.equals(Atoms.GLOBAL); // which all names depend on
        return lock == null ? hasRoom : lock.requester.equals(requester);
    }

    boolean set(Term resource, Term requester, Pid holder) {
        if (!canSet(resource, requester)) {
            return false;
        }
        Lock lock = locks.get(resource);
        Map<Pid, Reference> holders = lock == null ? Map.of() : lock.holders;
        if (holders.containsKey(holder)) {
            return true;
        }
        long bytes = weight(resource, requester);
        if (holders.size() >= MAX_HOLDERS || bytes < 0 || !quota.take(holder.node(), bytes)) {
            return false;
        }
        Reference monitor = server.monitor(holder);
        monitored.put(monitor, new Holder(resource, holder, bytes));
        var more = new HashMap<>(holders);
        more.put(holder, monitor);
        locks.put(resource, new Lock(requester, Map.copyOf(more)));
        return true;
    }

    /** What one more holder counts: nothing for the lock of all names, one lock of few holders; -1 if it is too much. */
    private static long weight(Term resource, Term requester) {
        long requesterBytes = Weight.of(requester);
        if (resource.equals(Atoms.GLOBAL)) {
            return requesterBytes <= MAX_REQUESTER_BYTES ? 0 : -1;
        }
        return HOLDER_BYTES + Weight.of(resource) + requesterBytes;
    }

    void delete(Term resource, Term requester, Pid holder) {
        Lock lock = locks.get(resource);
        Reference monitor = lock == null || !lock.requester.equals(requester) ? null : lock.holders.get(holder);
        if (monitor != null) {
            forget(monitor);
            server.demonitor(monitor, true);
            release(resource, holder, false);
        }
    }

    void onDown(Reference monitor) {
        Holder holder = forget(monitor);
        if (holder != null) {
            release(holder.resource, holder.pid, true);
        }
    }

    private @Nullable Holder forget(Reference monitor) {
        Holder holder = monitored.remove(monitor);
        if (holder != null) {
            quota.giveBack(holder.pid.node(), holder.bytes);
        }
        return holder;
    }

    private void release(Term resource, Pid holder, boolean broken) {
        Lock lock = locks.get(resource);
        if (lock == null) {
            return;
        }
        var fewer = new HashMap<>(lock.holders);
        fewer.remove(holder);
        if (!fewer.isEmpty()) {
            locks.put(resource, new Lock(lock.requester, Map.copyOf(fewer)));
            return;
        }
        locks.remove(resource);
        if (resource.equals(Atoms.GLOBAL)) {
            globalLockBroken = broken;
        }
    }

    /** Whether a process that registers a name still holds the lock it took for that. */
    boolean isHeldBy(Pid registrar) {
        Lock lock = locks.get(Atoms.GLOBAL);
        return lock == null ? !globalLockBroken : lock.holders.containsKey(registrar);
    }

    /** Whether the lock under which two nodes met is still set; null when they did not say which. */
    boolean isRequestedBy(@Nullable Term requester) {
        Lock lock = locks.get(Atoms.GLOBAL);
        return lock == null ? !globalLockBroken : lock.requester.equals(requester);
    }
}
