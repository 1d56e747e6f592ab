package io.hawser.node;

import io.hawser.term.Atom;
import io.hawser.term.Pid;
import io.hawser.term.Printable;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import org.jspecify.annotations.Nullable;

/**
 * A process that can be monitored, wherever it is. Immutable.
 *
 * @param node where it is
 * @param wireTarget as it stands in signals: a pid, or a name
 * @param object as it stands in a {@code DOWN}: a pid, or {@code {Name, Node}}
 * @param isHere whether the node is this one
 * @param process the process, if it is here and exists
 */
record Address(
        Atom node,
        Term wireTarget,
        Term object,
        boolean isHere,
        @Nullable LocalProcess process) {
    /** Understands a pid, a name of this node, or {@code {Name, Node}}. */
    static Address of(Kernel kernel, Term target) {
        if (target instanceof Pid pid) {
            boolean here = kernel.isLocal(pid);
            return new Address(pid.node(), pid, pid, here, here ? kernel.processes.find(pid) : null);
        }
        if (target instanceof Atom name) {
            return named(kernel, name, kernel.node);
        }
        if (target instanceof Tuple tuple
                && tuple.arity() == 2
                && tuple.element(0) instanceof Atom name
                && tuple.element(1) instanceof Atom node) {
            return named(kernel, name, node);
        }
        throw new IllegalArgumentException(
                "process: " + Printable.of(target) + " (expected: a pid, a registered name, or {Name, Node})");
    }

    private static Address named(Kernel kernel, Atom name, Atom node) {
        boolean here = node.equals(kernel.node);
        return new Address(node, name, Tuple.of(name, node), here, here ? kernel.processes.named(name) : null);
    }
}
