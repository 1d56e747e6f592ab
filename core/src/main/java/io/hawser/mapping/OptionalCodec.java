package io.hawser.mapping;

import io.hawser.term.Atom;
import io.hawser.term.Term;
import java.util.Optional;

/** An optional: the value itself, or an atom for none. */
final class OptionalCodec extends Codec {
    private final Codec value;
    private final Atom empty;

    OptionalCodec(Codec value, Atom empty) {
        super(Optional.class, "Optional");
        this.value = value;
        this.empty = empty;
    }

    @Override
    Term toTerm(Object optional, int depth) {
        Object present = ((Optional<?>) optional).orElse(null);
        if (present == null) {
            return empty;
        }
        Term term = value.write(present, depth);
        if (term.equals(empty)) {
            throw new Mismatch("the value is " + empty + ", which means that there is none (expected: another value, or"
                    + " another atom by emptyAs)");
        }
        return term;
    }

    @Override
    Object fromTerm(Term term, int depth) {
        return term.equals(empty) ? Optional.empty() : Optional.of(value.fromTerm(term, depth));
    }
}
