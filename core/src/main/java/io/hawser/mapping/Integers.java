package io.hawser.mapping;

import io.hawser.term.Int;
import io.hawser.term.IntegerTerm;
import io.hawser.term.Term;
import java.math.BigInteger;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Integers, and characters as Erlang has them: {@code $a} is 97. */
final class Integers {
    static final Codec BIG = new LeafCodec<>(
            BigInteger.class,
            "BigInteger",
            "an integer",
            IntegerTerm::of,
            term -> term instanceof IntegerTerm integer ? integer.bigIntegerValue() : null);

    static final Codec CHARACTER = new LeafCodec<>(
            Character.class,
            "char",
            "an integer that is a character up to 65535",
            Integers::writeCharacter,
            Integers::readCharacter);

    private Integers() {}

    static <T extends Number> Codec codec(Class<T> type, String name, long min, long max, LongFunction<T> box) {
        String range = min + ".." + max;
        return new LeafCodec<T>(type, name, "an integer " + range, value -> Int.of(value.longValue()), term -> {
            if (term instanceof Int integer && integer.value() >= min && integer.value() <= max) {
                return box.apply(integer.value());
            } else if (term instanceof IntegerTerm) {
                throw new Mismatch(Excerpt.of(term) + " is outside " + name + " (expected: " + range + ")");
            }
            return null;
        });
    }

    // half of a pair is no character: a char[] is a charlist, or refused
    private static Term writeCharacter(char value) {
        if (Character.isSurrogate(value)) {
            throw new Mismatch("half of a surrogate pair is no character (expected: String for text beyond 65535)");
        }
        return Int.of(value);
    }

    private static @Nullable Character readCharacter(Term term) {
        return term instanceof Int integer
                        && integer.value() >= 0
                        && integer.value() <= Character.MAX_VALUE
                        && !Character.isSurrogate((char) integer.value())
                ? (char) integer.value()
                : null;
    }
}
