package io.hawser.mapping;

import java.lang.reflect.AnnotatedParameterizedType;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A type with its type arguments, which a {@code Class} cannot hold: {@code new TypeRef<List<Put>>() {}}. Annotations of
 * the arguments count: {@code new TypeRef<Map<@AsAtom String, Long>>() {}}.
 *
 * <p>Make one per type and keep it; each is a class of its own. Equal when the types are. Thread-safe: immutable.
 *
 * @param <T> the type
 */
public abstract class TypeRef<T> {
    private final TypeUse use;

    /**
     * Reads the type argument.
     *
     * @throws IllegalArgumentException if the type argument is missing, or holds a type variable
     */
    protected TypeRef() {
        if (getClass().getSuperclass() != TypeRef.class
                || !(getClass().getAnnotatedSuperclass() instanceof AnnotatedParameterizedType superclass)) {
            throw new IllegalArgumentException(getClass().getName()
                    + ": does not name its type (expected: a direct subclass such as new TypeRef<List<String>>() {})");
        }
        use = TypeUse.of(superclass.getAnnotatedActualTypeArguments()[0], Map.of(), "TypeRef");
    }

    TypeUse use() {
        return use;
    }

    @Override
    public final boolean equals(@Nullable Object o) {
        return o instanceof TypeRef<?> other && use.equals(other.use);
    }

    @Override
    public final int hashCode() {
        return use.hashCode();
    }

    /**
     * Returns the type as Java writes it, with simple names.
     *
     * @return for example {@code List<Put>}
     */
    @Override
    public final String toString() {
        return use.toString();
    }
}
