package io.hawser.mapping;

import io.hawser.term.Term;

/** What tells the terms of a type from those of others at first sight. Its {@code toString} says it to people. */
interface Shape {
    /** Returns whether a term looks like it. */
    boolean matches(Term term);

    /** Returns whether a term that does not match was likely meant to: it has the tag. */
    default boolean resembles(Term term) {
        return false;
    }

    /** Returns whether some term looks like both. */
    boolean overlaps(Shape other);
}
