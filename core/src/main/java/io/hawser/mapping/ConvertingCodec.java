package io.hawser.mapping;

import io.hawser.term.Term;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A type that the user converts to one that has a term. */
final class ConvertingCodec extends Codec {
    private final Converter converter;
    private final Codec via;

    ConvertingCodec(Converter converter, Codec via) {
        super(converter.type().raw(), converter.type().toString());
        this.converter = converter;
        this.via = via;
    }

    @Override
    @Nullable
    Shape shape() {
        return via.shape();
    }

    @Override
    Term toTerm(Object value, int depth) {
        return via.write(call(converter.to(), value), depth);
    }

    @Override
    Object fromTerm(Term term, int depth) {
        Object value = call(converter.from(), via.fromTerm(term, depth));
        if (!type().isInstance(value)) {
            throw new Mismatch(
                    "the converter made a " + value.getClass().getSimpleName() + " (expected: a " + name() + ")");
        }
        return value;
    }

    private Object call(Function<Object, Object> function, Object argument) {
        Object result;
        try {
            result = function.apply(argument);
        } catch (RuntimeException e) {
            throw Mismatch.thrown("the converter of " + name(), e);
        }
        if (result == null) {
            throw new Mismatch("the converter of " + name() + " made null (expected: a value)");
        }
        return result;
    }
}
