package io.hawser.term;

import java.util.List;

/** A part of a pattern: what a term at its place must look like. Immutable. */
sealed interface PatternPart {
    /** {@code _}: any term. */
    record Any() implements PatternPart {}

    /** A term without variables: one that is equal. */
    record Literal(Term term) implements PatternPart {}

    /** A variable: any term where it stands first, an equal one elsewhere. */
    record Variable(String name, int slot) implements PatternPart {}

    /** A tuple of that arity. */
    record TupleOf(List<PatternPart> elements) implements PatternPart {}

    /** A list with at least those elements, at least one, and that tail after them. */
    record ListOf(List<PatternPart> elements, PatternPart tail) implements PatternPart {
        boolean isProper() {
            return tail instanceof Literal end && end.term == ListTerm.EMPTY;
        }
    }

    /** A map with those keys, literals or variables with a value, and perhaps others. */
    record MapOf(List<PatternPart> keys, List<PatternPart> values) implements PatternPart {}
}
