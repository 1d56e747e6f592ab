package io.hawser.cluster;

import io.hawser.term.Pid;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Pids as a multiset, in the order in which they came first. To put one in or take it out takes no longer for more of them.
 * Not thread-safe.
 */
final class PidBag {
    private final Map<Pid, Integer> counts = new LinkedHashMap<>();

    boolean isEmpty() {
        return counts.isEmpty();
    }

    void addAll(List<Pid> pids) {
        pids.forEach(pid -> counts.merge(pid, 1, Integer::sum));
    }

    /**
     * Takes pids out.
     *
     * @param out which, and how often
     * @param times how many times that often
     * @return those that were there, as often as they were taken out
     */
    List<Pid> removeAll(Map<Pid, Integer> out, int times) {
        var removed = new ArrayList<Pid>();
        if (out.size() <= counts.size()) {
            out.forEach((pid, often) -> remove(pid, (long) often * times, removed));
        } else { // which may name many that are not here
            List.copyOf(counts.keySet()).forEach(pid -> remove(pid, (long) out.getOrDefault(pid, 0) * times, removed));
        }
        return removed;
    }

    private void remove(Pid pid, long most, List<Pid> removed) {
        int before = counts.getOrDefault(pid, 0);
        int left = (int) Math.max(0, before - most);
        if (left == 0) {
            counts.remove(pid);
        } else {
            counts.put(pid, left);
        }
        for (int i = left; i < before; i++) {
            removed.add(pid);
        }
    }

    /** All, each as often as it is in; a copy. */
    List<Pid> toList() {
        var all = new ArrayList<Pid>(counts.size());
        counts.forEach((pid, often) -> {
            for (int i = 0; i < often; i++) {
                all.add(pid);
            }
        });
        return all;
    }
}
