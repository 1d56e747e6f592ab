package io.hawser.mapping;

import io.hawser.term.Term;

/** How the components of a record lie in its term. */
interface Layout extends Shape {
    /** Makes the record's term of those of its components. */
    Term join(Term[] components);

    /**
     * Takes the terms of the components, in their order, out of the record's.
     *
     * @param name the record's name, for errors
     * @throws Mismatch if the term does not look like it
     */
    Term[] split(Term term, String name);
}
