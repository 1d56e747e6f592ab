package io.hawser.term;

import java.math.BigInteger;

/**
 * An Erlang integer of any size: an {@link Int} when it fits a {@code long}, otherwise a {@link BigInt}. Immutable.
 */
public sealed interface IntegerTerm extends Term permits Int, BigInt {

    /**
     * Makes an integer.
     *
     * @param value its value
     * @return the integer
     */
    static IntegerTerm of(long value) {
        return Int.of(value);
    }

    /**
     * Makes an integer.
     *
     * @param value its value
     * @return an {@link Int} if the value fits a {@code long}, otherwise a {@link BigInt}
     */
    static IntegerTerm of(BigInteger value) {
        return value.bitLength() < Long.SIZE ? Int.of(value.longValue()) : new BigInt(value);
    }

    /**
     * Returns the value.
     *
     * @return the value, whatever its size
     */
    BigInteger bigIntegerValue();
}
