package io.hawser.node;

import io.hawser.term.Printable;
import io.hawser.term.Term;

/** Terms in logs and error messages. */
final class Shown {
    private Shown() {}

    /** Returns the term in Erlang syntax, printable and cut. */
    static String of(Term term) {
        return Printable.of(String.valueOf(term));
    }
}
