package io.hawser.simulation;

import io.hawser.node.SignalPolicy;
import io.hawser.node.SignalPolicy.Operation;
import io.hawser.term.Atom;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What signals arrived, from whom, where and of which kind: every one that asks something of a node, which are all but the
 * ends and answers of links and monitors. Not thread-safe; used by the test, or between the steps of the simulation.
 */
public final class Traffic {
    /**
     * What was asked of whom. Immutable.
     *
     * @param from the node that sent it
     * @param to the node it came to
     * @param operation what it asks
     * @param target the registered name it is for; {@code pid} or {@code alias} if it is for one; the function of a call
     */
    public record Kind(String from, String to, Operation operation, String target) {
        @Override
        public String toString() {
            return from + " -> " + to + " " + operation + " " + target;
        }
    }

    private final Map<Kind, Long> counts = new LinkedHashMap<>();
    private final Trace trace;
    private long total;
    private long dialled;

    Traffic(Trace trace) {
        this.trace = trace;
    }

    /** Counts what a policy is asked. */
    SignalPolicy counting(String to, SignalPolicy policy) {
        return (peer, operation, target) -> {
            arrived(new Kind(peer.node().toString(), to, operation, text(target)));
            return policy.allows(peer, operation, target);
        };
    }

    private void arrived(Kind kind) {
        total++;
        counts.merge(kind, 1L, Long::sum);
        trace.add(kind);
    }

    private static String text(Term target) {
        if (target instanceof Atom name) {
            return name.text();
        }
        if (target instanceof Tuple function) {
            return function.toString();
        }
        return target instanceof Reference ? "alias" : "pid";
    }

    /**
     * Returns how many came of each kind.
     *
     * @return a snapshot, in the order in which they first came
     */
    public Map<Kind, Long> counts() {
        return new LinkedHashMap<>(counts);
    }

    /**
     * Returns how many came of each operation and target, of all nodes together.
     *
     * @return a snapshot, such as {@code SEND global_name_server}, sorted
     */
    public Map<String, Long> byTarget() {
        var sums = new TreeMap<String, Long>();
        counts.forEach((kind, count) -> sums.merge(kind.operation + " " + kind.target, count, Long::sum));
        return sums;
    }

    /**
     * Returns how many connections were dialled.
     *
     * @return a count that only grows
     */
    public long dialled() {
        return dialled;
    }

    void dial() {
        dialled++;
    }

    /**
     * Returns how many came in all.
     *
     * @return a count that only grows
     */
    public long total() {
        return total;
    }
}
