package io.hawser.mapping;

import io.hawser.term.Term;
import java.util.function.Function;

/** Writes each value as its own class says, where no type is declared. Reads nothing. */
final class ByClassCodec extends Codec {
    private final Function<Object, Codec> codecs;

    ByClassCodec(Function<Object, Codec> codecs) {
        super(Object.class, "Object");
        this.codecs = codecs;
    }

    @Override
    Term toTerm(Object value, int depth) {
        return codecs.apply(value).toTerm(value, depth);
    }

    @Override
    Object fromTerm(Term term, int depth) {
        throw new IllegalStateException("read by class: the type should have been refused");
    }
}
