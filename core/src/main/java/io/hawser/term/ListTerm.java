package io.hawser.term;

import java.util.ArrayList;
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

    /**
     * Puts elements in front of a tail, as {@code [A,B|Tail]} does.
     *
     * @param elements the elements in order
     * @param tail what stands after the bar; a list's elements follow those given
     * @return a {@code ListTerm} or an {@link ImproperList}; the tail itself when there are no elements
     */
    public static Term withTail(List<Term> elements, Term tail) {
        if (elements.isEmpty()) {
            return tail;
        }
        if (tail instanceof ListTerm list) {
            return new ListTerm(joined(elements, list.elements));
        }
        if (tail instanceof ImproperList list) {
            return new ImproperList(joined(elements, list.elements()), list.tail());
        }
        return new ImproperList(elements, tail);
    }

    private static List<Term> joined(List<Term> first, List<Term> second) {
        var all = new ArrayList<Term>(first.size() + second.size());
        all.addAll(first);
        all.addAll(second);
        return all;
    }
}
