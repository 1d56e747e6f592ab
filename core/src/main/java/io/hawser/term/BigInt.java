package io.hawser.term;

import java.math.BigInteger;

/**
 * An Erlang integer that does not fit a {@code long}. Immutable.
 *
 * @param value its value, at least 64 bits long
 */
public record BigInt(BigInteger value) implements IntegerTerm {
    /**
     * Checks the value.
     *
     * @param value its value
     * @throws IllegalArgumentException if it fits a {@code long}; {@link IntegerTerm#of(BigInteger)} makes either kind
     */
    public BigInt {
        if (value.bitLength() < Long.SIZE) {
            throw new IllegalArgumentException(
                    "BigInt: " + value + " (expected: a value beyond long, or use IntegerTerm.of)");
        }
    }

    @Override
    public BigInteger bigIntegerValue() {
        return value;
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
