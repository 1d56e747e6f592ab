package io.hawser.term;

import java.math.BigDecimal;
import java.math.BigInteger;

/** Compares Erlang numbers by exact value: no integer is rounded to a float. */
final class Numbers {
    private static final double TWO_TO_63 = 0x1p63;

    private Numbers() {}

    static int compare(Term a, Term b, boolean exact) {
        if (a instanceof Int i && b instanceof Int j) {
            return Long.compare(i.value(), j.value());
        }
        if (a instanceof IntegerTerm i) {
            if (b instanceof IntegerTerm j) {
                return i.bigIntegerValue().compareTo(j.bigIntegerValue());
            }
            return exact ? -1 : compareToFloat(i, ((FloatTerm) b).value());
        }
        double left = ((FloatTerm) a).value();
        if (b instanceof IntegerTerm j) {
            return exact ? 1 : -compareToFloat(j, left);
        }
        double right = ((FloatTerm) b).value();
        if (exact) {
            return Double.compare(left, right); // -0.0 before 0.0
        }
        return left < right ? -1 : left > right ? 1 : 0;
    }

    private static int compareToFloat(IntegerTerm integer, double other) {
        if (Math.abs(other) >= TWO_TO_63) {
            return compareToLargeFloat(integer, other);
        }
        if (!(integer instanceof Int small)) {
            return integer.bigIntegerValue().signum();
        }
        long whole = (long) other;
        if (small.value() != whole) {
            return small.value() < whole ? -1 : 1;
        }
        double fraction = other - whole;
        return fraction > 0 ? -1 : fraction < 0 ? 1 : 0;
    }

    // from 2^63 on every float is whole, and below 2^1024
    private static int compareToLargeFloat(IntegerTerm integer, double other) {
        BigInteger value = integer.bigIntegerValue();
        if (value.bitLength() > Double.MAX_EXPONENT + 1) {
            return value.signum();
        }
        return value.compareTo(new BigDecimal(other).toBigIntegerExact());
    }
}
