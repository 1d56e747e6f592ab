package io.hawser.term;

import java.util.List;
import org.jspecify.annotations.Nullable;

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
        elements = Elements.copyOf(elements);
        if (elements.isEmpty() || tail instanceof ListTerm || tail instanceof ImproperList) {
            throw new IllegalArgumentException("improper list: " + elements.size() + " elements and a "
                    + tail.getClass().getSimpleName() + " as tail (expected: at least one, and no list)");
        }
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
