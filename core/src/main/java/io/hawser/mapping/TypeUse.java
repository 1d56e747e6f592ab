package io.hawser.mapping;

import java.lang.invoke.MethodType;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.AnnotatedTypeVariable;
import java.lang.reflect.AnnotatedWildcardType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A type as it is used somewhere: without type variables and wildcards, with the annotations that matter. Immutable.
 *
 * @param raw the class; of a primitive type its wrapper
 * @param arguments the type arguments, as many as the class has parameters; of an array its component
 * @param text which form was asked for; null if none was
 */
record TypeUse(
        Class<?> raw, List<TypeUse> arguments, @Nullable TextForm text) {
    /** Whatever class a value has: written by that class, and never read. */
    static final TypeUse BY_CLASS = new TypeUse(ByClassCodec.class, List.of(), null);

    /** Reads a class; it must be no raw type. */
    static TypeUse of(Class<?> type) {
        if (type.isArray()) {
            return new TypeUse(type, List.of(of(type.getComponentType())), null);
        }
        requireNoParameters(type, type.getSimpleName());
        return plain(type);
    }

    /** Reads a class of which only the values are known: its type arguments are what the values are. */
    static TypeUse erased(Class<?> type) {
        if (type.isArray()) {
            return new TypeUse(type, List.of(erased(type.getComponentType())), null);
        } else if (type == Object.class) {
            return BY_CLASS;
        }
        return new TypeUse(wrapped(type), Collections.nCopies(type.getTypeParameters().length, BY_CLASS), null);
    }

    /**
     * Reads a type.
     *
     * @param bound what the type variables around it stand for
     * @param path where it is used, for errors
     */
    static TypeUse of(AnnotatedType type, Map<TypeVariable<?>, TypeUse> bound, String path) {
        TypeUse use = withoutAnnotations(type, bound, path);
        TextForm text = textForm(type, path);
        if (text == null) {
            return use;
        } else if (use.raw != String.class) {
            throw new IllegalArgumentException(path + ": " + text + " is asked of " + use + " (expected: of a String)");
        }
        return new TypeUse(use.raw, use.arguments, text);
    }

    private static TypeUse withoutAnnotations(AnnotatedType type, Map<TypeVariable<?>, TypeUse> bound, String path) {
        if (type instanceof AnnotatedParameterizedType parameterized) {
            var raw = (Class<?>) ((ParameterizedType) type.getType()).getRawType();
            AnnotatedType[] arguments = parameterized.getAnnotatedActualTypeArguments();
            return new TypeUse(
                    raw,
                    Arrays.stream(arguments)
                            .map(argument -> of(argument, bound, path))
                            .toList(),
                    null);
        } else if (type instanceof AnnotatedArrayType array) {
            TypeUse component = of(array.getAnnotatedGenericComponentType(), bound, path);
            return new TypeUse(arrayOf(type.getType(), component), List.of(component), null);
        } else if (type instanceof AnnotatedTypeVariable) {
            TypeUse use = bound.get((TypeVariable<?>) type.getType());
            if (use == null) {
                throw new IllegalArgumentException(path + ": nothing says what " + type.getType()
                        + " is (expected: a type without type variables)");
            }
            return use;
        } else if (type instanceof AnnotatedWildcardType wildcard) {
            AnnotatedType[] lower = wildcard.getAnnotatedLowerBounds();
            return of(lower.length > 0 ? lower[0] : wildcard.getAnnotatedUpperBounds()[0], bound, path);
        }
        var raw = (Class<?>) type.getType();
        requireNoParameters(raw, path);
        return plain(raw);
    }

    private static Class<?> arrayOf(Type type, TypeUse component) {
        if (type instanceof Class<?> exact) {
            return exact;
        }
        return component.equals(BY_CLASS) ? Object[].class : component.raw.arrayType();
    }

    private static @Nullable TextForm textForm(AnnotatedType type, String path) {
        boolean atom = type.isAnnotationPresent(AsAtom.class);
        boolean binary = type.isAnnotationPresent(AsBinary.class);
        boolean charlist = type.isAnnotationPresent(AsCharlist.class);
        if (atom ? binary || charlist : binary && charlist) {
            throw new IllegalArgumentException(
                    path + ": has two forms (expected: one of @AsAtom, @AsBinary, @AsCharlist)");
        }
        return atom ? TextForm.ATOM : binary ? TextForm.BINARY : charlist ? TextForm.CHARLIST : null;
    }

    private static void requireNoParameters(Class<?> type, String path) {
        int parameters = type.getTypeParameters().length;
        if (parameters > 0) {
            String blanks = String.join(", ", Collections.nCopies(parameters, "..."));
            String name = type.getSimpleName() + "<" + blanks + ">";
            throw new IllegalArgumentException(path + ": " + type.getSimpleName()
                    + " without its type arguments (expected: " + name + ", or new TypeRef<" + name + ">() {})");
        }
    }

    private static TypeUse plain(Class<?> type) {
        return new TypeUse(wrapped(type), List.of(), null);
    }

    private static Class<?> wrapped(Class<?> type) {
        return type.isPrimitive() ? MethodType.methodType(type).wrap().returnType() : type;
    }

    /** Returns what the class's type parameters stand for. */
    Map<TypeVariable<?>, TypeUse> bindings() {
        var bound = new HashMap<TypeVariable<?>, TypeUse>();
        TypeVariable<?>[] parameters = raw.getTypeParameters();
        for (int i = 0; i < parameters.length; i++) {
            bound.put(parameters[i], arguments.get(i));
        }
        return bound;
    }

    /**
     * Returns whether a type can be this one, and binds the type variables that it holds.
     *
     * @param type how a subtype declares the type it extends
     * @param bound gets what the subtype's type variables then stand for
     */
    boolean unify(Type type, Map<TypeVariable<?>, TypeUse> bound) {
        if (equals(BY_CLASS)) {
            return true;
        } else if (type instanceof TypeVariable<?> variable) {
            TypeUse before = bound.putIfAbsent(variable, this);
            return before == null || before.equals(this);
        } else if (type instanceof ParameterizedType parameterized) {
            Type[] inner = parameterized.getActualTypeArguments();
            if (parameterized.getRawType() != raw || inner.length != arguments.size()) {
                return false;
            }
            for (int i = 0; i < inner.length; i++) {
                if (!arguments.get(i).unify(inner[i], bound)) {
                    return false;
                }
            }
            return true;
        }
        return type == raw;
    }

    @Override
    public String toString() {
        if (equals(BY_CLASS)) {
            return "?";
        } else if (raw.isArray()) {
            return raw.getComponentType().isPrimitive() ? raw.getSimpleName() : arguments.get(0) + "[]";
        }
        return arguments.isEmpty()
                ? raw.getSimpleName()
                : raw.getSimpleName()
                        + arguments.stream().map(TypeUse::toString).collect(Collectors.joining(", ", "<", ">"));
    }
}
