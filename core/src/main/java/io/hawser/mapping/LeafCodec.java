package io.hawser.mapping;

import io.hawser.term.Term;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A codec made of two functions, for values that hold no others. */
final class LeafCodec<T> extends Codec {
    private final String expected;
    private final Function<T, Term> toTerm;
    private final Function<Term, @Nullable T> fromTerm;
    private final @Nullable Shape shape;

    /**
     * @param expected what its terms are, for errors
     * @param toTerm may throw a {@link Mismatch} that says more
     * @param fromTerm returns null for a term that is none of its terms, or throws a {@link Mismatch} that says more
     */
    LeafCodec(
            Class<T> type,
            String name,
            String expected,
            Function<T, Term> toTerm,
            Function<Term, @Nullable T> fromTerm) {
        this(type, name, expected, toTerm, fromTerm, null);
    }

    LeafCodec(
            Class<T> type,
            String name,
            String expected,
            Function<T, Term> toTerm,
            Function<Term, @Nullable T> fromTerm,
            @Nullable Shape shape) {
        super(type, name);
        this.expected = expected;
        this.toTerm = toTerm;
        this.fromTerm = fromTerm;
        this.shape = shape;
    }

    @Override
    @Nullable
    Shape shape() {
        return shape;
    }

    @Override
    @SuppressWarnings("unchecked") // write and its callers see to it that the value is of the type
    Term toTerm(Object value, int depth) {
        return toTerm.apply((T) value);
    }

    @Override
    Object fromTerm(Term term, int depth) {
        T value = fromTerm.apply(term);
        if (value == null) {
            throw Mismatch.of(term, name(), expected);
        }
        return value;
    }
}
