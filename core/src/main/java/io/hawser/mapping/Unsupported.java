package io.hawser.mapping;

import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalAmount;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/** Says why a class has no form as a term, and what to do instead. */
final class Unsupported {
    private static final Map<Class<?>, String> INSTEAD = Map.of(
            OptionalInt.class, "Optional<Integer>",
            OptionalLong.class, "Optional<Long>",
            OptionalDouble.class, "Optional<Double>",
            Object.class, "a type that says what it holds, or Term for any term",
            Number.class, "BigInteger, or double",
            CharSequence.class, "String");

    private Unsupported() {}

    static String describe(Class<?> type) {
        String name = type.getSimpleName();
        String instead = INSTEAD.get(type);
        if (instead != null) {
            return name + " has no form as a term (expected: " + instead + ")";
        } else if (Collection.class.isAssignableFrom(type)) {
            String use = Set.class.isAssignableFrom(type) ? "Set" : "List";
            return name + " is a special collection (expected: " + use + ", or " + converter(name) + ")";
        } else if (Map.class.isAssignableFrom(type)) {
            return name + " is a special map (expected: Map, or " + converter(name) + ")";
        } else if (TemporalAccessor.class.isAssignableFrom(type)
                || TemporalAmount.class.isAssignableFrom(type)
                || List.of(UUID.class, Date.class).contains(type)) {
            return name + " has several forms in Erlang (expected: " + converter(name) + ")";
        }
        return name + " is no record, enum or sealed interface (expected: one of these, or " + converter(name) + ")";
    }

    private static String converter(String name) {
        return "a converter: TermMapper.builder().converter(" + name + ".class, ...)";
    }
}
