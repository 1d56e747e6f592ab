package io.hawser.term;

import java.util.List;
import java.util.function.Supplier;
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
        elements = Elements.copyOf(elements);
    }

    /**
     * Makes a tuple.
     *
     * @param elements the elements in order; copied once
     * @return the tuple
     */
    public static Tuple of(Term... elements) {
        return elements.length == 0 ? EMPTY : new Tuple(Elements.of(elements));
    }

    /**
     * Makes a tuple of elements that come one after the other. Takes memory as they come, not with what the arity announces.
     *
     * @param arity how many there are, at least 0
     * @param next asked for each of them, in order
     * @return the tuple
     * @throws IllegalArgumentException if the arity is negative
     */
    public static Tuple generate(int arity, Supplier<? extends Term> next) {
        return arity == 0 ? EMPTY : new Tuple(Elements.generate(arity, next));
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
