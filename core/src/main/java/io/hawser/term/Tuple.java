package io.hawser.term;

import java.util.List;
import org.jspecify.annotations.Nullable;

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
     * @param elements the elements in order; copied, unless the list comes from {@code List.of}, {@code List.copyOf} or
     *     another term
     */
    public Tuple {
        elements = ByteElements.copyOf(elements);
    }

    /**
     * Makes a tuple.
     *
     * @param elements the elements in order; copied once
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

    @Override
    public boolean equals(@Nullable Object o) {
        return Nesting.equal(this, o);
    }

    @Override
    public int hashCode() {
        return Nesting.hash(this);
    }

    @Override
    public String toString() {
        return TermPrinter.print(this);
    }
}
