package io.hawser.mapping;

import io.hawser.term.Printable;
import io.hawser.term.Term;

/** How much of a term errors show. */
final class Excerpt {
    private static final int MAX_CHARACTERS = 80;
    private static final int MAX_STEP_CHARACTERS = 40;

    private Excerpt() {}

    /** Returns the beginning of a term. */
    static String of(Term term) {
        return Printable.of(term, MAX_CHARACTERS);
    }

    /** Returns the beginning of a map's key, for a path. */
    static String ofKey(Term key) {
        return Printable.of(key, MAX_STEP_CHARACTERS);
    }
}
