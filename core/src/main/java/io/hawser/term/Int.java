package io.hawser.term;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * An Erlang integer that fits a {@code long}. Immutable.
 *
 * @param value its value
 */
public record Int(long value) implements IntegerTerm {
    private static final Int[] CACHE = new Int[512];

    static {
        for (int i = 0; i < CACHE.length; i++) {
            CACHE[i] = new Int(i - 256L);
        }
    }

    /**
     * Makes an integer.
     *
     * @param value its value
     * @return the integer; a shared one when it is small
     */
    public static Int of(long value) {
        return value >= -256 && value < 256 ? CACHE[(int) value + 256] : new Int(value);
    }

    @Override
    public BigInteger bigIntegerValue() {
        return BigInteger.valueOf(value);
    }

    @Override
    public boolean equals(@Nullable Object o) {
        return this == o || (o instanceof Int other && value == other.value);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
