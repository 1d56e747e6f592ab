package io.hawser.cluster;

import io.hawser.term.Atom;
import io.hawser.term.Term;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The reports of lost connections that have been passed on, so that each goes round once. Not thread-safe; used by the name
 * server alone.
 */
final class LostConnections {
    /** Pairs of nodes that are remembered; the oldest is forgotten first. */
    static final int MAX_PAIRS = 4096;

    private record Pair(Atom reporter, Atom lost) {}

    private record Report(Term creation, long id) {}

    private final Map<Pair, Report> last = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Pair, Report> eldest) {
            return size() > MAX_PAIRS;
        }
    };

    /**
     * Says whether a report is new, and remembers it.
     *
     * @param creation which incarnation of the reporter
     * @param id increases from one report of that incarnation to the next
     */
    boolean isNew(Atom reporter, Atom lost, Term creation, long id) {
        var pair = new Pair(reporter, lost);
        Report before = last.get(pair);
        if (before != null && before.creation.equals(creation) && id <= before.id) {
            return false;
        }
        last.remove(pair);
        last.put(pair, new Report(creation, id));
        return true;
    }
}
