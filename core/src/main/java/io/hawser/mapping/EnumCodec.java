package io.hawser.mapping;

import static java.util.Objects.requireNonNull;

import io.hawser.term.Atom;
import io.hawser.term.Term;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** An enum: each constant is an atom. */
final class EnumCodec extends Codec {
    private final Map<Atom, Object> constants = new LinkedHashMap<>();
    private final Map<Object, Atom> atoms = new HashMap<>();
    private final AtomShape shape;

    EnumCodec(Class<?> type, String path) {
        super(type, type.getSimpleName());
        for (Object constant : type.getEnumConstants()) {
            Atom atom = atom(type, ((Enum<?>) constant).name(), path);
            Object other = constants.putIfAbsent(atom, constant);
            if (other != null) {
                throw new IllegalArgumentException(
                        path + ": " + ((Enum<?>) other).name() + " and " + ((Enum<?>) constant).name() + " of " + name()
                                + " are both " + atom + " (expected: an atom for each, see @Name)");
            }
            atoms.put(constant, atom);
        }
        shape = new AtomShape(constants.keySet());
    }

    private static Atom atom(Class<?> type, String constant, String path) {
        try {
            Name name = type.getDeclaredField(constant).getAnnotation(Name.class);
            return Atom.of(name == null ? Words.snakeCase(constant) : name.value());
        } catch (NoSuchFieldException e) {
            throw new IllegalArgumentException(path + ": " + constant + " is no field of " + type.getName(), e);
        }
    }

    @Override
    Shape shape() {
        return shape;
    }

    @Override
    Term toTerm(Object value, int depth) {
        return requireNonNull(atoms.get(value));
    }

    @Override
    Object fromTerm(Term term, int depth) {
        Object constant = term instanceof Atom atom ? constants.get(atom) : null;
        if (constant == null) {
            throw Mismatch.of(term, name(), shape.toString());
        }
        return constant;
    }
}
