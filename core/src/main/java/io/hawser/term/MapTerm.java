package io.hawser.term;

import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An Erlang map. Immutable. Keys are compared with {@code equals}, so {@code 1} and {@code 1.0} are two keys.
 *
 * <p>Looking up a key takes time in the logarithm of the size, whatever keys a peer chose.
 *
 * @param entries the associations; iterates in Erlang's map key order, {@link TermOrder#exact()}
 */
public record MapTerm(Map<Term, Term> entries) implements Term {
    /** The empty map, {@code #{}}. */
    public static final MapTerm EMPTY = new MapTerm(Map.of());

    /**
     * Copies the associations.
     *
     * @param entries the associations; copied, unless they are those of a {@code MapTerm}
     * @throws IllegalArgumentException if the map tells keys apart that are equal, as an identity map does
     */
    public MapTerm {
        entries = SortedEntries.copyOf(entries);
    }

    /**
     * Makes a map of keys and values in turn.
     *
     * @param keysAndValues first key, its value, second key, its value, and so on
     * @return the map
     * @throws IllegalArgumentException if a value is missing or a key stands twice
     */
    public static MapTerm of(Term... keysAndValues) {
        if (keysAndValues.length % 2 != 0) {
            throw new IllegalArgumentException(
                    "map: " + keysAndValues.length + " keys and values (expected: an even number)");
        }
        var keys = new Term[keysAndValues.length / 2];
        var values = new Term[keys.length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = keysAndValues[2 * i];
            values[i] = keysAndValues[2 * i + 1];
        }
        return ofOwned(keys, values);
    }

    /**
     * Makes a map of an array of keys and one of values, in any order. This is the way for decoders: it needs no other
     * map in between, and takes O(n log n) comparisons, none but n - 1 if the keys are sorted.
     *
     * @param keys the keys, all different; copied
     * @param values the value of each key, at the same index; copied
     * @return the map
     * @throws IllegalArgumentException if there are not as many values as keys, or a key stands twice
     */
    public static MapTerm ofEntries(Term[] keys, Term[] values) {
        if (keys.length != values.length) {
            throw new IllegalArgumentException(
                    "map: " + keys.length + " keys and " + values.length + " values (expected: as many)");
        }
        return ofOwned(keys.clone(), values.clone());
    }

    /**
     * Makes a map of associations that come one after the other. Takes memory as they come, not with what the size
     * announces, and the comparisons that {@link #ofEntries} takes.
     *
     * @param size how many there are, at least 0
     * @param next asked for each key and then its value
     * @return the map
     * @throws IllegalArgumentException if the size is negative, or a key stands twice
     */
    public static MapTerm generate(int size, Supplier<? extends Term> next) {
        return size == 0 ? EMPTY : new MapTerm(SortedEntries.generate(size, next));
    }

    private static MapTerm ofOwned(Term[] keys, Term[] values) {
        return keys.length == 0 ? EMPTY : new MapTerm(SortedEntries.of(keys, values));
    }

    /**
     * Returns the number of associations.
     *
     * @return the size
     */
    public int size() {
        return entries.size();
    }

    /**
     * Returns the value of a key.
     *
     * @param key the key
     * @return its value, empty if the map has no such key
     */
    public Optional<Term> get(Term key) {
        return Optional.ofNullable(entries.get(key));
    }

    /** The constructor sees to it that there is no other kind. */
    SortedEntries sorted() {
        return (SortedEntries) entries;
    }

    @Override
    public boolean equals(@Nullable Object o) {
        return Nesting.equal(this, o);
    }

    @Override
    public int hashCode() {
        return Nesting.hash(this);
    }

    @Override
    public String toString() {
        return TermPrinter.print(this);
    }
}
