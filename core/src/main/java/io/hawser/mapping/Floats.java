package io.hawser.mapping;

import io.hawser.term.FloatTerm;
import io.hawser.term.Int;
import io.hawser.term.IntegerTerm;
import io.hawser.term.Term;
import java.math.BigDecimal;
import java.math.BigInteger;

/** Floating point numbers, in either direction only where nothing is lost. An integer is read where it is held exactly. */
final class Floats {
    static final Codec DOUBLE =
            new LeafCodec<>(Double.class, "double", "a number", Floats::write, term -> read(term, "double"));

    static final Codec FLOAT =
            new LeafCodec<>(Float.class, "float", "a number", value -> write(value.doubleValue()), Floats::readFloat);

    private static final double TWO_TO_63 = 0x1p63;

    private Floats() {}

    private static Term write(double value) {
        if (!Double.isFinite(value)) {
            throw new Mismatch(value + " is no float of Erlang (expected: a finite number)");
        }
        return new FloatTerm(value);
    }

    private static double read(Term term, String name) {
        if (term instanceof FloatTerm number) {
            return number.value();
        } else if (term instanceof Int integer) {
            double value = integer.value();
            // 2^63 - 1 becomes 2^63, which becomes 2^63 - 1 again
            if ((long) value == integer.value() && value != TWO_TO_63) {
                return value;
            }
            throw inexact(term, name);
        } else if (term instanceof IntegerTerm integer) {
            double value = integer.bigIntegerValue().doubleValue();
            if (Double.isFinite(value) && isExactly(value, integer.bigIntegerValue())) {
                return value;
            }
            throw inexact(term, name);
        }
        throw Mismatch.of(term, name, "a number");
    }

    private static boolean isExactly(double value, BigInteger integer) {
        return new BigDecimal(value).toBigInteger().equals(integer);
    }

    private static float readFloat(Term term) {
        double value = read(term, "float");
        if ((float) value != value) {
            throw inexact(term, "float");
        }
        return (float) value;
    }

    private static Mismatch inexact(Term term, String name) {
        return new Mismatch(
                Excerpt.of(term) + " is outside " + name + " (expected: a number that a " + name + " holds exactly)");
    }
}
