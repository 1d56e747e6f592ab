package io.hawser.mapping;

import io.hawser.term.Term;
import org.jspecify.annotations.Nullable;

/**
 * How the values of one type become terms and back. Thread-safe: not changed once its type is resolved.
 *
 * <p>Depth is how many terms around this one were entered, 0 at the top.
 */
abstract class Codec {
    private final Class<?> type;
    private final String name;

    /** @param name the type's name, for errors */
    Codec(Class<?> type, String name) {
        this.type = type;
        this.name = name;
    }

    Class<?> type() {
        return type;
    }

    String name() {
        return name;
    }

    /** Returns what tells its terms from others; null if nothing does. */
    @Nullable
    Shape shape() {
        return null;
    }

    /**
     * Makes the term of a value of this type.
     *
     * @throws Mismatch if the value has none
     */
    abstract Term toTerm(Object value, int depth);

    /**
     * Makes the value of a term.
     *
     * @throws Mismatch if the term is not one of this type's
     */
    abstract Object fromTerm(Term term, int depth);

    /** Makes the term of what stands where a value of this type is declared, which null and raw types can belie. */
    final Term write(@Nullable Object value, int depth) {
        if (value == null) {
            throw new Mismatch("null is no " + name + " (expected: a value; Optional for what may be missing)");
        } else if (!type.isInstance(value)) {
            throw new Mismatch("a " + value.getClass().getSimpleName() + " is no " + name + " (expected: a " + name
                    + ", as declared)");
        }
        return toTerm(value, depth);
    }
}
