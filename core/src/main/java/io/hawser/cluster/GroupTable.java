package io.hawser.cluster;

import io.hawser.term.Pid;
import io.hawser.term.Term;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The members of groups, as readers see them. A process that joined twice is there twice. Changed by the scope process
 * alone; read by anyone.
 *
 * <p>Thread-safe to read: a concurrent map of immutable lists.
 */
final class GroupTable {
    /** Groups of one scope. */
    static final int MAX_GROUPS = 65_536;

    private record Members(List<Pid> here, List<Pid> elsewhere) {
        static final Members NONE = new Members(List.of(), List.of());
    }

    private final ConcurrentHashMap<Term, Members> groups = new ConcurrentHashMap<>();

    boolean hasRoomFor(Term group) {
        return groups.size() < MAX_GROUPS || groups.containsKey(group);
    }

    /** All members; those of this node come first. */
    List<Pid> members(Term group) {
        Members members = groups.getOrDefault(group, Members.NONE);
        var all = new ArrayList<>(members.here);
        all.addAll(members.elsewhere);
        return List.copyOf(all);
    }

    List<Pid> localMembers(Term group) {
        return groups.getOrDefault(group, Members.NONE).here;
    }

    Set<Term> groups() {
        return Set.copyOf(groups.keySet());
    }

    void addLocal(Term group, Pid pid) {
        Members old = groups.getOrDefault(group, Members.NONE);
        put(group, new Members(replaced(old.here, List.of(), List.of(pid)), old.elsewhere));
    }

    void removeLocal(Term group, Pid pid) {
        Members old = groups.getOrDefault(group, Members.NONE);
        put(group, new Members(replaced(old.here, List.of(pid), List.of()), old.elsewhere));
    }

    /** Takes one occurrence of each of these members of other nodes out, and puts others in, at once. */
    void replaceRemote(Term group, List<Pid> out, List<Pid> in) {
        Members old = groups.getOrDefault(group, Members.NONE);
        put(group, new Members(old.here, replaced(old.elsewhere, out, in)));
    }

    private void put(Term group, Members members) {
        if (members.equals(Members.NONE)) {
            groups.remove(group);
        } else {
            groups.put(group, members);
        }
    }

    private static List<Pid> replaced(List<Pid> old, List<Pid> out, List<Pid> in) {
        List<Pid> changed = PidList.without(old, PidList.counts(out), 1);
        changed.addAll(in);
        return List.copyOf(changed);
    }
}
