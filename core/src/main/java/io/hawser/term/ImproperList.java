package io.hawser.term;

import java.util.List;

/**
 * An Erlang list whose last tail is not a list, such as {@code [a|b]}. Immutable.
 *
 * @param elements the elements before the tail, at least one
 * @param tail what stands after the bar, not a list
 */
public record ImproperList(List<Term> elements, Term tail) implements Term {
    /**
     * Copies the elements.
     *
     * @param elements the elements before the tail; copied
     * @param tail what stands after the bar
     * @throws IllegalArgumentException if there is no element, or the tail is a list: {@link ListTerm#withTail} joins lists
     */
    public ImproperList {
        elements = List.copyOf(elements);
        if (elements.isEmpty() || tail instanceof ListTerm || tail instanceof ImproperList) {
            throw new IllegalArgumentException("improper list: " + elements.size() + " elements and a "
                    + tail.getClass().getSimpleName() + " as tail (expected: at least one, and no list)");
        }
    }
}
