package io.hawser.cluster;

import io.hawser.term.Pid;
import io.hawser.term.Term;
import io.hawser.term.TermOrder;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;

/**
 * The groups of a scope, as readers see them. Changed by the scope process alone; read by anyone.
 *
 * <p>Thread-safe to read: a concurrent map.
 */
final class GroupTable {
    /** Groups of one scope. */
    static final int MAX_GROUPS = 65_536;

    /** Sorted, so that no choice of keys makes it slow. */
    private final ConcurrentSkipListMap<Term, GroupMembers> groups = new ConcurrentSkipListMap<>(TermOrder.exact());

    boolean hasRoomFor(Term group) {
        return groups.size() < MAX_GROUPS || groups.containsKey(group);
    }

    /** A quarter is left to the groups of this node. */
    boolean hasRoomForPeers(Term group) {
        return groups.size() < MAX_GROUPS / 4 * 3 || groups.containsKey(group);
    }

    /** All members; those of this node come first. */
    List<Pid> members(Term group) {
        GroupMembers members = groups.get(group);
        return members == null ? List.of() : members.all();
    }

    List<Pid> localMembers(Term group) {
        GroupMembers members = groups.get(group);
        return members == null ? List.of() : members.local();
    }

    Set<Term> groups() {
        var all = new TreeSet<Term>(TermOrder.exact());
        all.addAll(groups.keySet());
        return Collections.unmodifiableSet(all);
    }

    void addLocal(Term group, Pid pid) {
        change(group, members -> members.addLocal(pid));
    }

    void removeLocal(Term group, Pid pid) {
        change(group, members -> members.removeLocal(pid));
    }

    /** Whether a scope process of another node has reported members that are there. */
    boolean has(Pid scope, Term group) {
        GroupMembers members = groups.get(group);
        return members != null && members.has(scope);
    }

    /** Adds members that a scope process of another node reports. */
    void add(Pid scope, Term group, List<Pid> pids) {
        change(group, members -> members.add(scope, pids));
    }

    /** Takes out some of those, as {@link PidBag#removeAll}. */
    List<Pid> remove(Pid scope, Term group, Map<Pid, Integer> out, int times) {
        return change(group, members -> members.remove(scope, out, times));
    }

    /** Puts members in the place of all of those, at once. Returns those. */
    List<Pid> replace(Pid scope, Term group, List<Pid> pids) {
        return change(group, members -> members.replace(scope, pids));
    }

    /** Changes a group, which is there as long as it has members. Returns those taken out. */
    private List<Pid> change(Term group, Function<GroupMembers, List<Pid>> change) {
        GroupMembers known = groups.get(group);
        GroupMembers members = known == null ? new GroupMembers() : known;
        List<Pid> removed = change.apply(members);
        if (members.isEmpty()) {
            groups.remove(group);
        } else if (known == null) {
            groups.put(group, members);
        }
        return removed;
    }
}
