package io.hawser.mapping;

import io.hawser.term.Atom;
import io.hawser.term.Binary;
import io.hawser.term.NodeName;
import io.hawser.term.Term;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The types of the JDK, and of this module, that hold no others. */
final class Leaves {
    private static final Map<Class<?>, Codec> ALL = Stream.of(
                    Integers.codec(Byte.class, "byte", Byte.MIN_VALUE, Byte.MAX_VALUE, value -> (byte) value),
                    Integers.codec(Short.class, "short", Short.MIN_VALUE, Short.MAX_VALUE, value -> (short) value),
                    Integers.codec(Integer.class, "int", Integer.MIN_VALUE, Integer.MAX_VALUE, value -> (int) value),
                    Integers.codec(Long.class, "long", Long.MIN_VALUE, Long.MAX_VALUE, value -> value),
                    Integers.BIG,
                    Integers.CHARACTER,
                    Floats.DOUBLE,
                    Floats.FLOAT,
                    new LeafCodec<>(
                            Boolean.class,
                            "boolean",
                            "true | false",
                            Atom::of,
                            Leaves::readBoolean,
                            new AtomShape(List.of(Atom.TRUE, Atom.FALSE))),
                    new LeafCodec<>(byte[].class, "byte[]", "a binary", Binary::copyOf, binary(Binary::toByteArray)),
                    new LeafCodec<>(
                            ByteBuffer.class,
                            "ByteBuffer",
                            "a binary",
                            buffer -> Binary.copyOf(buffer.duplicate()),
                            binary(Binary::asByteBuffer)),
                    new LeafCodec<>(NodeName.class, "NodeName", "an atom alive@host", NodeName::atom, Leaves::readName))
            .collect(Collectors.toUnmodifiableMap(Codec::type, codec -> codec));

    private Leaves() {}

    /** Returns the codec of a class; null if it is none of these. */
    static @Nullable Codec of(Class<?> type) {
        if (Term.class.isAssignableFrom(type)) {
            return term(type.asSubclass(Term.class));
        }
        return ALL.get(type);
    }

    private static <T extends Term> Codec term(Class<T> type) {
        String kind = type.getSimpleName();
        return new LeafCodec<T>(type, kind, "kind " + kind, value -> value, term -> {
            if (!type.isInstance(term)) {
                String found = term.getClass().getSimpleName();
                throw new Mismatch(Excerpt.of(term) + " is of kind " + found + " (expected: kind " + kind + ")");
            }
            return type.cast(term);
        });
    }

    private static <T> Function<Term, @Nullable T> binary(Function<Binary, T> read) {
        return term -> term instanceof Binary binary ? read.apply(binary) : null;
    }

    private static @Nullable Boolean readBoolean(Term term) {
        if (term.equals(Atom.TRUE)) {
            return true;
        }
        return term.equals(Atom.FALSE) ? false : null;
    }

    private static @Nullable NodeName readName(Term term) {
        try {
            return term instanceof Atom atom ? NodeName.parse(atom.text()) : null;
        } catch (IllegalArgumentException e) {
            return null; // an atom that is no name of a node
        }
    }
}
