package io.hawser.mapping;

import io.hawser.term.Atom;
import io.hawser.term.Term;
import java.lang.invoke.MethodHandles.Lookup;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Makes terms of Java values and values of terms.
 *
 * <table class="striped">
 * <caption>What is what</caption>
 * <thead><tr><th scope="col">Java</th><th scope="col">term</th></tr></thead>
 * <tbody>
 * <tr><td>{@code record Put(String key, long value)}</td><td><code>{put, Key, Value}</code>; another tag by {@link Tag},
 *     no tag by {@link AsTuple}, a map by {@link AsMap}, a struct of Elixir by {@link AsStruct}</td></tr>
 * <tr><td>{@code record Stop()}</td><td>the atom {@code stop}</td></tr>
 * <tr><td>sealed interface</td><td>what its records and enums are; it must be possible to tell them apart</td></tr>
 * <tr><td>enum</td><td>an atom in snake_case, {@code NOT_FOUND} as {@code not_found}; another by {@link Name}</td></tr>
 * <tr><td>{@code String}</td><td>a binary of UTF-8; another form by {@link AsAtom} and {@link AsCharlist}, see
 *     {@link TextForm}</td></tr>
 * <tr><td>{@code boolean}</td><td>{@code true} or {@code false}</td></tr>
 * <tr><td>{@code byte}, {@code short}, {@code int}, {@code long}, {@code BigInteger}</td><td>an integer; one out of range
 *     is refused</td></tr>
 * <tr><td>{@code double}, {@code float}</td><td>a float; an integer is read, too; what would have to be rounded is refused,
 *     as are infinities and NaN, which Erlang does not have</td></tr>
 * <tr><td>{@code char}</td><td>an integer, the character's code, as {@code $a}</td></tr>
 * <tr><td>{@code byte[]}, {@code ByteBuffer}</td><td>a binary; a buffer is written from position to limit and not
 *     consumed, and read as a read-only view</td></tr>
 * <tr><td>{@code List}, {@code Collection}, {@code Set}, other arrays</td><td>a proper list; a set refuses
 *     duplicates</td></tr>
 * <tr><td>{@code Map}</td><td>a map; read in the order of the keys</td></tr>
 * <tr><td>{@code Optional}</td><td>the value itself, or {@code undefined}; another atom by {@link Builder#emptyAs}</td></tr>
 * <tr><td>{@code Term}, {@code Atom}, {@code Pid}, ...</td><td>itself</td></tr>
 * <tr><td>{@code NodeName}</td><td>an atom</td></tr>
 * </tbody>
 * </table>
 *
 * <p>Records and sealed interfaces may be generic, and may hold themselves. Other types need a converter:
 * {@link Builder#converter(Class, Class, Function, Function)}. Collections that are read cannot be modified. Nothing is
 * null: a null that is to be written is refused, and what may be missing is an {@code Optional}.
 *
 * <p>A type is resolved once, with all that it holds, when it is first used, or when the mapper is made:
 * {@link #of(Class...)}. What is wrong with it, such as two records of a sealed interface that are the same term, shows
 * then, as an {@link IllegalArgumentException} that begins with the path to the place. From then on only values can be
 * wrong, which is a {@link TermMappingException}.
 *
 * <p>Terms may come from anybody. What classes are made is up to the types that the program names, never to the term; values
 * are made by the canonical constructors of records, so what these check holds; nesting is limited
 * ({@link Builder#maxDepth}); keys of maps and elements of sets are refused when thousands share one hash code.
 *
 * <p>Records that are not public, or not in an exported package, are used as well, if the module system permits it: their
 * package is on the class path or opened to this module. For others there is {@link Builder#lookup}.
 *
 * <p>Thread-safe: immutable, apart from a table of the types it has resolved. It holds on to their classes as long as it
 * lives. Make one and keep it.
 */
public final class TermMapper {
    /** How deep terms may nest when {@link Builder#maxDepth} is not called: {@value}. */
    public static final int DEFAULT_MAX_DEPTH = 500;

    private final Settings settings;
    private final Codec byClass = new ByClassCodec(this::codecByClass);
    private final Map<TypeUse, Codec> codecs = new ConcurrentHashMap<>();
    private final Map<Class<?>, Codec> codecsByClass = new ConcurrentHashMap<>();

    private TermMapper(Builder builder) {
        settings = new Settings(
                builder.records,
                builder.text,
                builder.empty,
                builder.ignoresExtraKeys,
                builder.maxDepth,
                Collections.unmodifiableMap(new LinkedHashMap<>(builder.converters)),
                List.copyOf(builder.lookups));
        builder.uses.forEach(this::codec);
    }

    /**
     * Makes a mapper with the defaults.
     *
     * @param types types to resolve now, so that errors in them show now; others are resolved when they are first used
     * @return the mapper
     * @throws IllegalArgumentException if one of the types, or what it holds, has no form as a term
     */
    public static TermMapper of(Class<?>... types) {
        return builder().types(types).build();
    }

    /**
     * Begins a mapper.
     *
     * @return a builder with the defaults
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Makes the term of a value, as the value's class says. What a collection holds, or a generic record, is written as its
     * own class says; {@link #toTerm(Object, TypeRef)} goes by the declared type.
     *
     * @param value the value
     * @return its term
     * @throws TermMappingException if the value, or one inside it, has no term: null, NaN, nested too deep
     * @throws IllegalArgumentException if its class, or a type inside it, has no form as a term
     */
    public Term toTerm(Object value) {
        return write(byClass, Objects.requireNonNull(value, "value"));
    }

    /**
     * Makes the term of a value of a declared type.
     *
     * @param <T> the type
     * @param value the value
     * @param type the type
     * @return its term
     * @throws TermMappingException if the value, or one inside it, has no term: null, NaN, nested too deep
     * @throws IllegalArgumentException if the type, or one inside it, has no form as a term
     */
    public <T> Term toTerm(T value, TypeRef<T> type) {
        return write(codec(type.use()), Objects.requireNonNull(value, "value"));
    }

    /**
     * Makes the value of a term.
     *
     * @param <T> the type
     * @param term the term
     * @param type the type; a generic one needs a {@link TypeRef}
     * @return the value
     * @throws TermMappingException if the term does not fit the type
     * @throws IllegalArgumentException if the type, or one inside it, has no form as a term
     */
    @SuppressWarnings("unchecked") // a codec makes values of its type
    public <T> T fromTerm(Term term, Class<T> type) {
        return (T) read(TypeUse.of(type), term);
    }

    /**
     * Makes the value of a term.
     *
     * @param <T> the type
     * @param term the term
     * @param type the type
     * @return the value
     * @throws TermMappingException if the term does not fit the type
     * @throws IllegalArgumentException if the type, or one inside it, has no form as a term
     */
    @SuppressWarnings("unchecked") // a codec makes values of its type
    public <T> T fromTerm(Term term, TypeRef<T> type) {
        return (T) read(type.use(), term);
    }

    private static Term write(Codec codec, Object value) {
        try {
            return codec.write(value, 0);
        } catch (Mismatch e) {
            throw e.toException();
        }
    }

    private Object read(TypeUse use, Term term) {
        Objects.requireNonNull(term, "term");
        try {
            return codec(use).fromTerm(term, 0);
        } catch (Mismatch e) {
            throw e.toException();
        }
    }

    // not computeIfAbsent: resolving may take long, and may be done twice without harm
    private Codec codec(TypeUse use) {
        Codec known = codecs.get(use);
        if (known != null) {
            return known;
        }
        Codec codec = Resolver.resolve(use, settings, byClass);
        codecs.put(use, codec);
        return codec;
    }

    private Codec codecByClass(Object value) {
        Class<?> type = value.getClass();
        Codec known = codecsByClass.get(type);
        if (known != null) {
            return known;
        }
        Codec codec = Resolver.resolve(declaredUse(value), settings, byClass);
        codecsByClass.put(type, codec);
        return codec;
    }

    /** Returns the type that a value would be declared as: of an implementation that is hidden, what it implements. */
    private TypeUse declaredUse(Object value) {
        TypeUse own =
                TypeUse.erased(value instanceof Enum<?> constant ? constant.getDeclaringClass() : value.getClass());
        if (settings.converters().containsKey(own) || value instanceof Term) {
            return own;
        }
        for (TypeUse converted : settings.converters().keySet()) {
            if (converted.arguments().isEmpty() && converted.raw().isInstance(value)) {
                return converted;
            }
        }
        return Stream.of(List.class, Set.class, Collection.class, Map.class, ByteBuffer.class)
                .filter(type -> type.isInstance(value))
                .findFirst()
                .map(TypeUse::erased)
                .orElse(own);
    }

    /** Settings of a mapper. Not thread-safe. */
    public static final class Builder {
        private RecordForm records = RecordForm.TAGGED_TUPLE;
        private TextForm text = TextForm.BINARY;
        private Atom empty = Atom.UNDEFINED;
        private boolean ignoresExtraKeys;
        private int maxDepth = DEFAULT_MAX_DEPTH;
        private final Map<TypeUse, Converter> converters = new LinkedHashMap<>();
        private final List<Lookup> lookups = new ArrayList<>();
        private final List<TypeUse> uses = new ArrayList<>();

        private Builder() {}

        /**
         * Chooses what records are that have no annotation. Tagged tuples when not called.
         *
         * @param form what they are
         * @return this
         */
        public Builder records(RecordForm form) {
            records = Objects.requireNonNull(form, "form");
            return this;
        }

        /**
         * Chooses what strings are that have no annotation. Binaries when not called.
         *
         * @param form what they are
         * @return this
         */
        public Builder text(TextForm form) {
            text = Objects.requireNonNull(form, "form");
            return this;
        }

        /**
         * Chooses what an empty {@code Optional} is: in Elixir that is {@code nil}. {@code undefined} when not called.
         *
         * @param atom what it is; no other atom is read as empty
         * @return this
         */
        public Builder emptyAs(Atom atom) {
            empty = Objects.requireNonNull(atom, "atom");
            return this;
        }

        /**
         * Reads over keys of maps that belong to no component of the record, as {@link AsMap#ignoreExtraKeys} does for one
         * record. They are an error when not called. Does not touch components of type {@code Map}.
         *
         * @return this
         */
        public Builder ignoreExtraKeys() {
            ignoresExtraKeys = true;
            return this;
        }

        /**
         * Limits how deep terms may nest, in either direction. Mapping takes some hundred bytes of the thread's stack for
         * each level. {@link #DEFAULT_MAX_DEPTH} when not called.
         *
         * @param levels how deep; more than 0
         * @return this
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder maxDepth(int levels) {
            if (levels <= 0) {
                throw new IllegalArgumentException("maxDepth: " + levels + " (expected: > 0)");
            }
            maxDepth = levels;
            return this;
        }

        /**
         * Maps a type by way of another one, which must have a form: {@code converter(UUID.class, String.class,
         * UUID::toString, UUID::fromString)}. It comes before any form that the type has by itself. Where only the class of
         * a value is known, it also stands for subclasses that have no converter. What either function throws is the cause
         * of a {@link TermMappingException}.
         *
         * @param <T> the type
         * @param <V> the other one
         * @param type the type
         * @param via the other one; {@code Term} to make the term oneself
         * @param to makes the other value, not null
         * @param from makes the value, not null
         * @return this
         * @throws IllegalArgumentException if the type has a converter already
         */
        public <T, V> Builder converter(
                Class<T> type,
                Class<V> via,
                Function<? super T, ? extends V> to,
                Function<? super V, ? extends T> from) {
            return converter(TypeUse.of(type), TypeUse.of(via), to, from);
        }

        /**
         * Maps a type that has type arguments, or by way of such a one, as
         * {@link #converter(Class, Class, Function, Function)} does.
         *
         * @param <T> the type
         * @param <V> the other one
         * @param type the type
         * @param via the other one
         * @param to makes the other value, not null
         * @param from makes the value, not null
         * @return this
         * @throws IllegalArgumentException if the type has a converter already
         */
        public <T, V> Builder converter(
                TypeRef<T> type,
                TypeRef<V> via,
                Function<? super T, ? extends V> to,
                Function<? super V, ? extends T> from) {
            return converter(type.use(), via.use(), to, from);
        }

        @SuppressWarnings("unchecked") // the codecs on both sides see to it that the values are of the types
        private Builder converter(TypeUse type, TypeUse via, Function<?, ?> to, Function<?, ?> from) {
            var converter = new Converter(
                    type, via, (Function<Object, Object>) Objects.requireNonNull(to, "to"), (Function<Object, Object>)
                            Objects.requireNonNull(from, "from"));
            if (converters.putIfAbsent(type, converter) != null) {
                throw new IllegalArgumentException(
                        "converter: " + type + " has one already (expected: one for a type)");
            }
            return this;
        }

        /**
         * Lends the caller's access to records that the mapper cannot see by itself: give it
         * {@code MethodHandles.lookup()}, called where they can be seen. Can be called several times.
         *
         * @param lookup the access to use
         * @return this
         */
        public Builder lookup(Lookup lookup) {
            lookups.add(Objects.requireNonNull(lookup, "lookup"));
            return this;
        }

        /**
         * Has types resolved when the mapper is built, so that errors in them show then. Others are resolved when they are
         * first used.
         *
         * @param types the types
         * @return this
         * @throws IllegalArgumentException if one is generic; there is {@link #type(TypeRef)}
         */
        public Builder types(Class<?>... types) {
            for (Class<?> type : types) {
                uses.add(TypeUse.of(type));
            }
            return this;
        }

        /**
         * Has a generic type resolved when the mapper is built.
         *
         * @param type the type
         * @return this
         */
        public Builder type(TypeRef<?> type) {
            uses.add(type.use());
            return this;
        }

        /**
         * Makes the mapper.
         *
         * @return the mapper
         * @throws IllegalArgumentException if one of the types to resolve, or what it holds, has no form as a term
         */
        public TermMapper build() {
            return new TermMapper(this);
        }
    }
}
