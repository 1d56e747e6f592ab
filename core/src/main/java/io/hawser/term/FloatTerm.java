package io.hawser.term;

/**
 * An Erlang float: a finite 64-bit IEEE 754 number. Immutable. Two floats are equal when their bits are.
 *
 * @param value its value, finite
 */
public record FloatTerm(double value) implements Term {
    /**
     * Checks the value.
     *
     * @param value its value
     * @throws IllegalArgumentException if it is infinite or not a number: Erlang has no such floats
     */
    public FloatTerm {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("float: " + value + " (expected: a finite number)");
        }
    }

    @Override
    public String toString() {
        return TermPrinter.print(this);
    }
}
