package io.hawser.mapping;

import io.hawser.term.Term;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A sealed interface: one of its records and enums, told apart by their shapes. */
final class SealedCodec extends Codec {
    private final List<Variant> variants = new ArrayList<>();
    private final Map<Class<?>, Codec> byClass = new HashMap<>();
    private final Shape shape = new AnyShape();

    SealedCodec(Class<?> type) {
        super(type, type.getSimpleName());
    }

    private record Variant(Shape shape, Codec codec) {}

    /**
     * Adds a variant, unless it is there.
     *
     * @param path where the interface is used, for errors
     * @throws IllegalArgumentException if some term could be this one or another
     */
    void add(Codec codec, Shape shape, String path) {
        if (byClass.putIfAbsent(codec.type(), codec) != null) {
            return;
        }
        for (Variant other : variants) {
            if (shape.overlaps(other.shape)) {
                throw new IllegalArgumentException(path + ": " + other.codec.name() + " and " + codec.name()
                        + " cannot be told apart, being " + other.shape + " and " + shape
                        + " (expected: different tags, see @Tag, or different forms)");
            }
        }
        variants.add(new Variant(shape, codec));
    }

    boolean isEmpty() {
        return variants.isEmpty();
    }

    @Override
    Shape shape() {
        return shape;
    }

    @Override
    Term toTerm(Object value, int depth) {
        Codec codec = byClass.get(value instanceof Enum<?> constant ? constant.getDeclaringClass() : value.getClass());
        if (codec == null) {
            throw new Mismatch("a " + value.getClass().getSimpleName() + " is no " + name() + " (expected: one with the"
                    + " declared type arguments)");
        }
        return codec.toTerm(value, depth);
    }

    @Override
    Object fromTerm(Term term, int depth) {
        Variant variant = find(other -> other.matches(term));
        if (variant == null) {
            variant = find(other -> other.resembles(term)); // which says what it lacks
        }
        if (variant == null) {
            throw Mismatch.of(term, name(), shape.toString());
        }
        return variant.codec.fromTerm(term, depth);
    }

    private @Nullable Variant find(Predicate<Shape> wanted) {
        for (Variant variant : variants) {
            if (wanted.test(variant.shape)) {
                return variant;
            }
        }
        return null;
    }

    /** The shape of one of the variants. */
    private final class AnyShape implements Shape {
        @Override
        public boolean matches(Term term) {
            return find(variant -> variant.matches(term)) != null;
        }

        @Override
        public boolean overlaps(Shape other) {
            return variants.stream().anyMatch(variant -> variant.shape.overlaps(other));
        }

        @Override
        public String toString() {
            return Words.anyOf(
                    variants.stream().map(variant -> variant.shape.toString()).toList());
        }
    }
}
