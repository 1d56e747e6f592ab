package io.hawser.cluster;

import io.hawser.term.Pid;
import io.hawser.term.Term;
import io.hawser.term.Tuple;

/**
 * Who has a global name. Immutable.
 *
 * @param name the name, any term
 * @param pid who has it
 * @param method what decides between two that have it: a function of arity 3
 */
record GlobalName(Term name, Pid pid, Term method) {
    /** Reads <code>{Name, Pid, Method}</code>. */
    static GlobalName parse(Term term) {
        Fields fields = Fields.of(term, 3);
        return new GlobalName(fields.term(0), fields.pid(1), fields.term(2));
    }

    Tuple toTerm() {
        return Tuple.of(name, pid, method);
    }
}
