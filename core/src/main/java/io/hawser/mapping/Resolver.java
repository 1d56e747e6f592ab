package io.hawser.mapping;

import java.lang.annotation.Annotation;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the codec of one type and of all that it holds, before any value is mapped. What is wrong with a type is an
 * {@link IllegalArgumentException} that begins with the path to it.
 *
 * <p>Not thread-safe; used once.
 */
final class Resolver {
    /** How deep types may nest; deeper than anybody writes, so that a type that grows with each step ends. */
    private static final int MAX_NESTING = 64;

    private static final List<Class<? extends Annotation>> RECORD_FORMS =
            List.of(Tag.class, AsTuple.class, AsMap.class, AsStruct.class);

    private final Settings settings;
    private final Codec byClass;
    private final Map<TypeUse, Codec> codecs = new HashMap<>();
    private final List<Runnable> checks = new ArrayList<>();
    private int nesting;

    private Resolver(Settings settings, Codec byClass) {
        this.settings = settings;
        this.byClass = byClass;
    }

    /** @param byClass stands in where a type is {@link TypeUse#BY_CLASS} */
    static Codec resolve(TypeUse use, Settings settings, Codec byClass) {
        var resolver = new Resolver(settings, byClass);
        Codec codec = resolver.resolve(use, use.toString());
        resolver.checks.forEach(Runnable::run);
        return codec;
    }

    private Codec resolve(TypeUse use, String path) {
        Codec known = codecs.get(use);
        if (known != null) {
            return known;
        } else if (nesting == MAX_NESTING) {
            throw new IllegalArgumentException(path.substring(0, Math.min(path.length(), 200))
                    + "...: types nest without end (expected: at most " + MAX_NESTING + " levels)");
        }
        nesting++;
        Codec codec = make(use, path);
        nesting--;
        codecs.put(use, codec);
        return codec;
    }

    private Codec make(TypeUse use, String path) {
        Class<?> raw = use.raw();
        Converter converter = settings.converters().get(use);
        if (converter != null) {
            return new ConvertingCodec(converter, resolve(converter.via(), path));
        } else if (use.equals(TypeUse.BY_CLASS)) {
            return byClass;
        } else if (raw == String.class) {
            return Texts.of(use.text() == null ? settings.text() : use.text());
        }
        requireNoRecordForm(raw, path);
        Codec leaf = Leaves.of(raw);
        if (leaf != null) {
            return leaf;
        } else if (raw.isArray()) {
            return ListCodec.array(raw, resolve(use.arguments().get(0), path + "[]"), settings.maxDepth());
        } else if (raw.isEnum()) {
            return new EnumCodec(raw, path);
        } else if (raw.isRecord()) {
            return record(use, path);
        } else if (raw.isSealed() && raw.isInterface()) {
            return sealed(use, path);
        }
        return container(use, path);
    }

    private static void requireNoRecordForm(Class<?> raw, String path) {
        if (!raw.isRecord()) {
            for (var form : RECORD_FORMS) {
                if (raw.isAnnotationPresent(form)) {
                    throw new IllegalArgumentException(path + ": " + raw.getSimpleName() + " has @"
                            + form.getSimpleName() + ", but is no record (expected: it on the records themselves)");
                }
            }
        }
    }

    private Codec container(TypeUse use, String path) {
        Class<?> raw = use.raw();
        if (raw == List.class || raw == Collection.class) {
            return ListCodec.list(raw, resolve(use.arguments().get(0), path + "[]"), settings.maxDepth());
        } else if (raw == Set.class) {
            return ListCodec.set(key(use.arguments().get(0), path + "[]"), settings.maxDepth());
        } else if (raw == Map.class) {
            Codec key = key(use.arguments().get(0), path + ".key()");
            return new MapCodec(key, resolve(use.arguments().get(1), path + "[]"), settings.maxDepth());
        } else if (raw == Optional.class) {
            return optional(use.arguments().get(0), path);
        }
        throw new IllegalArgumentException(path + ": " + Unsupported.describe(raw));
    }

    private Codec key(TypeUse use, String path) {
        if (use.raw().isArray()) {
            throw new IllegalArgumentException(
                    path + ": " + use + " is equal to itself alone (expected: List, or Binary for bytes)");
        }
        return resolve(use, path);
    }

    private Codec optional(TypeUse use, String path) {
        Codec value = resolve(use, path);
        if (value instanceof OptionalCodec) {
            throw new IllegalArgumentException(
                    path + ": Optional<" + use + "> has one atom for two ways to be empty (expected: one Optional)");
        }
        // later: a sealed interface may not have all its variants yet
        checks.add(() -> {
            Shape shape = value.shape();
            if (shape != null && shape.matches(settings.empty())) {
                throw new IllegalArgumentException(path + ": " + settings.empty() + " of " + use
                        + " means an empty Optional, too (expected: another atom, see @Name, @Tag and emptyAs)");
            }
        });
        return new OptionalCodec(value, settings.empty());
    }

    private Codec record(TypeUse use, String path) {
        Class<?> raw = use.raw();
        RecordComponent[] components = raw.getRecordComponents();
        Map<TypeVariable<?>, TypeUse> bound = use.bindings();
        var names = new String[components.length];
        var uses = new TypeUse[components.length];
        var optional = new ArrayList<Boolean>();
        for (int i = 0; i < names.length; i++) {
            names[i] = components[i].getName();
            uses[i] = TypeUse.of(components[i].getAnnotatedType(), bound, path + "." + names[i]);
            optional.add(
                    uses[i].raw() == Optional.class && !settings.converters().containsKey(uses[i]));
        }
        Layout layout = Layouts.of(raw, optional, settings, path);
        var handles = new RecordHandles(raw, settings.lookups(), path);
        var codec = new RecordCodec(raw, handles, layout, names, settings.maxDepth());
        codecs.put(use, codec); // now, as a component may hold it again
        for (int i = 0; i < names.length; i++) {
            codec.setComponent(i, resolve(uses[i], path + "." + names[i]));
        }
        return codec;
    }

    private Codec sealed(TypeUse use, String path) {
        var codec = new SealedCodec(use.raw());
        codecs.put(use, codec); // now, as a variant may hold it again
        addVariants(codec, use, path);
        if (codec.isEmpty()) {
            throw new IllegalArgumentException(
                    path + ": nothing implements " + use + " (expected: a record or an enum)");
        }
        return codec;
    }

    private void addVariants(SealedCodec codec, TypeUse use, String path) {
        for (Class<?> permitted : use.raw().getPermittedSubclasses()) {
            TypeUse variant = variant(permitted, use, path);
            if (variant == null) {
                continue;
            } else if (permitted.isInterface()
                    && permitted.isSealed()
                    && !settings.converters().containsKey(variant)) {
                addVariants(codec, variant, path);
                continue;
            }
            String variantPath = path + "(" + permitted.getSimpleName() + ")";
            Codec resolved = resolve(variant, variantPath);
            Shape shape = resolved.shape();
            if (shape == null) {
                throw new IllegalArgumentException(
                        variantPath + ": has a converter, so nothing tells its terms from those"
                                + " of others (expected: a converter for " + use + ")");
            }
            codec.add(resolved, shape, path);
        }
    }

    /** Returns a subtype with the type arguments that follow from the supertype's; null if it cannot have these. */
    private static @Nullable TypeUse variant(Class<?> permitted, TypeUse supertype, String path) {
        var bound = new HashMap<TypeVariable<?>, TypeUse>();
        for (Type declared : permitted.getGenericInterfaces()) {
            boolean isSupertype = declared == supertype.raw()
                    || (declared instanceof ParameterizedType parameterized
                            && parameterized.getRawType() == supertype.raw());
            if (isSupertype && !supertype.unify(declared, bound)) {
                return null;
            }
        }
        var arguments = new ArrayList<TypeUse>();
        for (TypeVariable<?> parameter : permitted.getTypeParameters()) {
            TypeUse argument = bound.get(parameter);
            if (argument == null) {
                if (!supertype.arguments().contains(TypeUse.BY_CLASS)) {
                    throw new IllegalArgumentException(path + "(" + permitted.getSimpleName() + "): nothing says what "
                            + parameter + " is (expected: a type parameter of "
                            + supertype.raw().getSimpleName() + ")");
                }
                argument = TypeUse.BY_CLASS;
            }
            arguments.add(argument);
        }
        return new TypeUse(permitted, arguments, null);
    }
}
