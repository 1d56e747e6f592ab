package io.hawser.cluster;

import io.hawser.node.Mailbox;
import io.hawser.term.ListTerm;
import io.hawser.term.Pid;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.TermOrder;
import io.hawser.term.Tuple;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The processes of this node that are in groups, each monitored. What peers are told of them is made once after each change,
 * however often it is sent, or cannot be for want of room. Confined to the scope process of this node.
 */
final class LocalGroups {
    private final Mailbox self;
    private final Map<Pid, Local> locals = new LinkedHashMap<>();
    private @Nullable ListTerm told; // null since the last change

    /** A process of this node, and the groups it is in, once for each time it joined. */
    private record Local(Reference monitor, List<Term> groups) {}

    LocalGroups(Mailbox self) {
        this.self = self;
    }

    void join(Term group, Pid pid) {
        locals.computeIfAbsent(pid, key -> new Local(self.monitor(pid), new ArrayList<>()))
                .groups
                .add(group);
        told = null;
    }

    /** Takes a process out of a group, once; false if it is not in it. */
    boolean leave(Term group, Pid pid) {
        Local local = locals.get(pid);
        if (local == null || !local.groups.remove(group)) {
            return false;
        }
        if (local.groups.isEmpty()) {
            self.demonitor(local.monitor, true);
            locals.remove(pid);
        }
        told = null;
        return true;
    }

    /** A process may have ended. Returns the groups it was in; empty if the monitor is not its. */
    List<Term> ended(Pid pid, Reference monitor) {
        Local local = locals.get(pid);
        if (local == null || !local.monitor.equals(monitor)) {
            return List.of();
        }
        locals.remove(pid);
        told = null;
        return local.groups;
    }

    /** The groups with their members, as <code>[{Group, [Pid]}]</code>. */
    ListTerm toTerm() {
        ListTerm term = told;
        if (term == null) {
            term = make();
            told = term;
        }
        return term;
    }

    private ListTerm make() {
        var groups = new TreeMap<Term, List<Term>>(TermOrder.exact());
        locals.forEach((pid, local) -> local.groups.forEach(
                group -> groups.computeIfAbsent(group, key -> new ArrayList<>()).add(pid)));
        return new ListTerm(groups.entrySet().stream()
                .<Term>map(each -> Tuple.of(each.getKey(), new ListTerm(each.getValue())))
                .toList());
    }
}
