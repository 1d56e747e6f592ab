package io.hawser.cluster;

import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.ListTerm;
import io.hawser.term.Pid;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.util.List;

/**
 * The elements of a tuple that a peer sent, each taken as what the protocol says it is. Read all that is needed before
 * anything is changed: a message that is not what it should be then has no effect. Immutable.
 *
 * @param tuple the tuple
 */
record Fields(Tuple tuple) {
    /** A message of a peer is not what the protocol says. Carries no text: such messages are ignored. */
    static final class MalformedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MalformedException() {
            super(null, null, false, false);
        }
    }

    static Fields of(Term term) {
        if (term instanceof Tuple tuple && tuple.arity() > 0) {
            return new Fields(tuple);
        }
        throw new MalformedException();
    }

    /** A tuple of exactly this many elements. */
    static Fields of(Term term, int arity) {
        Fields fields = of(term);
        if (fields.tuple.arity() != arity) {
            throw new MalformedException();
        }
        return fields;
    }

    /** What the message is: its first element and its arity, such as {@code in_sync/3}. */
    String verb() {
        return tuple.element(0) instanceof Atom verb ? verb.text() + "/" + tuple.arity() : "";
    }

    Term term(int index) {
        return tuple.element(index);
    }

    Atom atom(int index) {
        return as(Atom.class, tuple.element(index));
    }

    /** An atom that names a node. */
    Atom node(int index) {
        return GlobalMembers.nodeName(atom(index));
    }

    /** A process of what can be a node: any atom may stand in a pid. */
    Pid pid(int index) {
        Pid pid = as(Pid.class, tuple.element(index));
        GlobalMembers.nodeName(pid.node());
        return pid;
    }

    long integer(int index) {
        return as(Int.class, tuple.element(index)).value();
    }

    boolean bool(int index) {
        Term term = tuple.element(index);
        if (!term.equals(Atom.TRUE) && !term.equals(Atom.FALSE)) {
            throw new MalformedException();
        }
        return term.equals(Atom.TRUE);
    }

    List<Term> list(int index) {
        return list(tuple.element(index));
    }

    static List<Term> list(Term term) {
        return as(ListTerm.class, term).elements();
    }

    static <T extends Term> T as(Class<T> kind, Term term) {
        if (kind.isInstance(term)) {
            return kind.cast(term);
        }
        throw new MalformedException();
    }
}
