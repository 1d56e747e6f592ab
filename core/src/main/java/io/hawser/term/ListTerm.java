package io.hawser.term;

import java.util.List;

/**
 * A proper Erlang list, the empty one included. Immutable. A list whose last tail is not {@code []} is an
 * {@link ImproperList}.
 *
 * <p>A string in Erlang is a list of integers, and arrives as one.
 *
 * @param elements the elements in order
 */
public record ListTerm(List<Term> elements) implements Term {
    /** The empty list, {@code []}. */
    public static final ListTerm EMPTY = new ListTerm(List.of());

    /**
     * Copies the elements.
     *
     * @param elements the elements in order; copied
     */
    public ListTerm {
        elements = List.copyOf(elements);
    }

    /**
     * Makes a list.
     *
     * @param elements the elements in order
     * @return the list
     */
    public static ListTerm of(Term... elements) {
        return elements.length == 0 ? EMPTY : new ListTerm(List.of(elements));
    }
}
