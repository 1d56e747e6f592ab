package io.hawser.term;

import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A map's associations in map key order, found by binary search. A peer chooses the keys, and could choose such that
 * collide in a hash table; an order has no such weakness, and two equal maps iterate alike. Immutable.
 */
final class SortedEntries extends AbstractMap<Term, Term> {
    private static final Comparator<Term> ORDER = TermOrder.exact();

    private final Term[] keys;
    private final Term[] values;

    private SortedEntries(Term[] keys, Term[] values) {
        this.keys = keys;
        this.values = values;
    }

    /**
     * Sorts associations.
     *
     * @param keys belong to the result from here on
     * @param values belong to the result from here on, as many as keys
     * @throws IllegalArgumentException if a key stands twice
     */
    static SortedEntries of(Term[] keys, Term[] values) {
        if (!isSorted(keys)) {
            sort(keys, values);
        }
        return new SortedEntries(keys, values);
    }

    /** Sorts associations that come one after the other; room for them is made as they come. */
    static SortedEntries generate(int size, Supplier<? extends Term> next) {
        if (size < 0) {
            throw new IllegalArgumentException("map: " + size + " keys (expected: at least 0)");
        }
        var keys = new Term[Math.min(size, Elements.FIRST_CAPACITY)];
        var values = new Term[keys.length];
        for (int i = 0; i < size; i++) {
            if (i == keys.length) {
                int capacity = (int) Math.min(size, 2L * i);
                keys = Arrays.copyOf(keys, capacity);
                values = Arrays.copyOf(values, capacity);
            }
            keys[i] = Objects.requireNonNull(next.get());
            values[i] = Objects.requireNonNull(next.get());
        }
        return of(keys, values);
    }

    static SortedEntries copyOf(Map<? extends Term, ? extends Term> map) {
        if (map instanceof SortedEntries sorted) {
            return sorted;
        }
        // one array of the entries first: a map that changes meanwhile must not leave the arrays half full
        var entries = map.entrySet().toArray(new Map.Entry<?, ?>[0]);
        var keys = new Term[entries.length];
        var values = new Term[entries.length];
        for (int i = 0; i < entries.length; i++) {
            keys[i] = (Term) entries[i].getKey();
            values[i] = (Term) entries[i].getValue();
        }
        return of(keys, values);
    }

    private static boolean isSorted(Term[] keys) {
        for (int i = 1; i < keys.length; i++) {
            if (ORDER.compare(keys[i - 1], keys[i]) >= 0) {
                return false;
            }
        }
        return true;
    }

    private static void sort(Term[] keys, Term[] values) {
        var places = new Integer[keys.length];
        Arrays.setAll(places, i -> i);
        Term[] unsortedKeys = keys.clone();
        Term[] unsortedValues = values.clone();
        Arrays.sort(places, (i, j) -> ORDER.compare(unsortedKeys[i], unsortedKeys[j]));
        for (int i = 0; i < keys.length; i++) {
            keys[i] = unsortedKeys[places[i]];
            values[i] = unsortedValues[places[i]];
            if (i > 0 && ORDER.compare(keys[i - 1], keys[i]) == 0) {
                // without the key: it may be part of a message
                throw new IllegalArgumentException(
                        "map: a key stands twice among " + keys.length + " (expected: different keys)");
            }
        }
    }

    @Override
    public int size() {
        return keys.length;
    }

    @Override
    public void forEach(BiConsumer<? super Term, ? super Term> action) {
        for (int i = 0; i < keys.length; i++) {
            action.accept(keys[i], values[i]);
        }
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return indexOf(key) >= 0;
    }

    @Override
    public @Nullable Term get(@Nullable Object key) {
        int index = indexOf(key);
        return index < 0 ? null : values[index];
    }

    private int indexOf(@Nullable Object key) {
        return key instanceof Term term ? Arrays.binarySearch(keys, term, ORDER) : -1;
    }

    /** Returns the keys in order. */
    List<Term> keys() {
        return Arrays.asList(keys);
    }

    /** Returns the values in the order of the keys. */
    List<Term> valuesInOrder() {
        return Arrays.asList(values);
    }

    /** Returns first key, its value, second key and so on. */
    List<Term> keysAndValues() {
        return new KeysAndValues(this);
    }

    @Override
    public Set<Map.Entry<Term, Term>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Map.Entry<Term, Term>> iterator() {
                return new Entries(SortedEntries.this);
            }

            @Override
            public int size() {
                return keys.length;
            }
        };
    }

    private static final class Entries implements Iterator<Map.Entry<Term, Term>> {
        private final SortedEntries map;
        private int next;

        Entries(SortedEntries map) {
            this.map = map;
        }

        @Override
        public boolean hasNext() {
            return next < map.keys.length;
        }

        @Override
        public Map.Entry<Term, Term> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            var entry = Map.entry(map.keys[next], map.values[next]);
            next++;
            return entry;
        }
    }

    private static final class KeysAndValues extends AbstractList<Term> implements RandomAccess {
        private final SortedEntries map;

        KeysAndValues(SortedEntries map) {
            this.map = map;
        }

        @Override
        public Term get(int index) {
            return (index & 1) == 0 ? map.keys[index >> 1] : map.values[index >> 1];
        }

        @Override
        public int size() {
            return 2 * map.keys.length;
        }
    }
}
