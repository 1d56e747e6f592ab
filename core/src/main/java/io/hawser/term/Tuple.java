package io.hawser.term;

import java.util.List;

/**
 * An Erlang tuple: a fixed number of terms. Immutable.
 *
 * @param elements the elements in order
 */
public record Tuple(List<Term> elements) implements Term {
    /** The tuple without elements. */
    public static final Tuple EMPTY = new Tuple(List.of());

    /**
     * Copies the elements.
     *
     * @param elements the elements in order; copied
     */
    public Tuple {
        elements = List.copyOf(elements);
    }

    /**
     * Makes a tuple.
     *
     * @param elements the elements in order
     * @return the tuple
     */
    public static Tuple of(Term... elements) {
        return new Tuple(List.of(elements));
    }

    /**
     * Returns the number of elements.
     *
     * @return the arity
     */
    public int arity() {
        return elements.size();
    }

    /**
     * Returns one element.
     *
     * @param index which, from 0 (Erlang's {@code element/2} counts from 1)
     * @return the element
     * @throws IndexOutOfBoundsException if there is none
     */
    public Term element(int index) {
        return elements.get(index);
    }
}
