package io.hawser.cluster;

import io.hawser.term.Pid;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The members of one group, by the scope process that reports them. A process that joined twice is there twice. Changed by
 * the scope process of this node alone; read by anyone.
 *
 * <p>Thread-safe: one lock. What was read is kept until the next change, so that a change takes as long as what it changes,
 * and only the first to read after it waits for a copy of all.
 */
final class GroupMembers {
    private final ReentrantLock lock = new ReentrantLock();
    private final PidBag here = new PidBag();
    private final Map<Pid, PidBag> elsewhere = new LinkedHashMap<>();
    private volatile @Nullable List<Pid> readAll;
    private volatile @Nullable List<Pid> readHere;

    boolean isEmpty() {
        return underLock(() -> here.isEmpty() && elsewhere.isEmpty());
    }

    boolean has(Pid scope) {
        return underLock(() -> elsewhere.containsKey(scope));
    }

    /** All members; those of this node come first. */
    List<Pid> all() {
        List<Pid> known = readAll;
        return known != null
                ? known
                : underLock(() -> {
                    var all = new ArrayList<>(here.toList());
                    elsewhere.values().forEach(members -> all.addAll(members.toList()));
                    List<Pid> read = List.copyOf(all);
                    readAll = read;
                    return read;
                });
    }

    /** The members of this node. */
    List<Pid> local() {
        List<Pid> known = readHere;
        return known != null
                ? known
                : underLock(() -> {
                    List<Pid> read = List.copyOf(here.toList());
                    readHere = read;
                    return read;
                });
    }

    List<Pid> addLocal(Pid pid) {
        return change(() -> {
            here.addAll(List.of(pid));
            readHere = null;
            return List.of();
        });
    }

    List<Pid> removeLocal(Pid pid) {
        return change(() -> {
            readHere = null;
            return here.removeAll(Map.of(pid, 1), 1);
        });
    }

    List<Pid> add(Pid scope, List<Pid> pids) {
        return change(() -> {
            if (!pids.isEmpty()) {
                elsewhere.computeIfAbsent(scope, key -> new PidBag()).addAll(pids);
            }
            return List.of();
        });
    }

    /** As {@link PidBag#removeAll}, of those that one scope process reported. */
    List<Pid> remove(Pid scope, Map<Pid, Integer> out, int times) {
        return change(() -> {
            PidBag members = elsewhere.get(scope);
            if (members == null) {
                return List.of();
            }
            List<Pid> removed = members.removeAll(out, times);
            if (members.isEmpty()) {
                elsewhere.remove(scope);
            }
            return removed;
        });
    }

    /** Puts members in the place of all that one scope process reported, at once. Returns those. */
    List<Pid> replace(Pid scope, List<Pid> pids) {
        return change(() -> {
            PidBag before = elsewhere.remove(scope);
            if (!pids.isEmpty()) {
                var now = new PidBag();
                now.addAll(pids);
                elsewhere.put(scope, now);
            }
            return before == null ? List.of() : before.toList();
        });
    }

    private List<Pid> change(Supplier<List<Pid>> change) {
        return underLock(() -> {
            readAll = null;
            return change.get();
        });
    }

    private <T> T underLock(Supplier<T> task) {
        lock.lock();
        try {
            return task.get();
        } finally {
            lock.unlock();
        }
    }
}
