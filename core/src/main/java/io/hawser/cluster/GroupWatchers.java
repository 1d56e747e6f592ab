package io.hawser.cluster;

import io.hawser.node.Mailbox;
import io.hawser.term.Atom;
import io.hawser.term.ListTerm;
import io.hawser.term.Pid;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Processes of this node that are told who joins and leaves, as by {@code pg:monitor/1} and {@code pg:monitor_scope/0}. Not
 * thread-safe; used by the scope process alone.
 */
final class GroupWatchers {
    private final Mailbox self;
    private final Map<Reference, Watcher> watchers = new LinkedHashMap<>();

    /** One monitor: who is told, and of which group; null for all. */
    private record Watcher(Pid pid, @Nullable Term group) {}

    GroupWatchers(Mailbox self) {
        this.self = self;
    }

    /** Returns the reference that the news carries; it is the watcher's own monitor here. */
    Reference add(Pid watcher, @Nullable Term group) {
        Reference ref = self.monitor(watcher);
        watchers.put(ref, new Watcher(watcher, group));
        return ref;
    }

    boolean remove(Reference ref) {
        return watchers.remove(ref) != null && self.demonitor(ref, true);
    }

    void onDown(Reference ref) {
        watchers.remove(ref);
    }

    /** Tells that members of a group have gone, and that others have come. */
    void tell(Term group, List<Pid> gone, List<Pid> come) {
        if (watchers.isEmpty()) {
            return;
        }
        send(Atoms.LEAVE, group, PidList.without(gone, PidList.counts(come), 1));
        send(Atoms.JOIN, group, PidList.without(come, PidList.counts(gone), 1));
    }

    private void send(Atom what, Term group, List<Pid> pids) {
        if (!pids.isEmpty()) {
            watchers.forEach((ref, watcher) -> {
                if (watcher.group == null || watcher.group.equals(group)) {
                    self.send(watcher.pid, Tuple.of(ref, what, group, new ListTerm(List.copyOf(pids))));
                }
            });
        }
    }
}
