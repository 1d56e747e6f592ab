package io.hawser.cluster;

import io.hawser.term.Pid;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Lists of pids as multisets. Stateless. */
final class PidList {
    private PidList() {}

    static Map<Pid, Integer> counts(List<Pid> pids) {
        var counts = new HashMap<Pid, Integer>();
        pids.forEach(pid -> counts.merge(pid, 1, Integer::sum));
        return counts;
    }

    /**
     * A new list without the first occurrences of some, as {@code --} in Erlang; takes time for the list only.
     *
     * @param out which, and how often
     * @param times how many times that often
     */
    static List<Pid> without(List<Pid> pids, Map<Pid, Integer> out, int times) {
        var left = new ArrayList<Pid>(pids.size());
        var taken = new HashMap<Pid, Integer>();
        for (Pid pid : pids) {
            long limit = (long) out.getOrDefault(pid, 0) * times;
            if (limit == 0 || taken.merge(pid, 1, Integer::sum) > limit) {
                left.add(pid);
            }
        }
        return left;
    }
}
