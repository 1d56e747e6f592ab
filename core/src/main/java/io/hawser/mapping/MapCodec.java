package io.hawser.mapping;

import io.hawser.term.MapTerm;
import io.hawser.term.Term;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** A map. */
final class MapCodec extends NestingCodec {
    private final Codec key;
    private final Codec value;

    MapCodec(Codec key, Codec value, int maxDepth) {
        super(Map.class, "Map", maxDepth);
        this.key = key;
        this.value = value;
    }

    @Override
    Term toTerm(Object map, int depth) {
        int inside = enter(depth);
        Object[] entries = ((Map<?, ?>) map).entrySet().toArray();
        var keys = new Term[entries.length];
        var values = new Term[entries.length];
        for (int i = 0; i < entries.length; i++) {
            var entry = (Map.Entry<?, ?>) entries[i];
            try {
                keys[i] = key.write(entry.getKey(), inside);
            } catch (Mismatch e) {
                throw e.at(".key()");
            }
            try {
                values[i] = value.write(entry.getValue(), inside);
            } catch (Mismatch e) {
                throw e.at("[" + Excerpt.ofKey(keys[i]) + "]");
            }
        }
        try {
            return MapTerm.ofEntries(keys, values);
        } catch (IllegalArgumentException e) {
            throw new Mismatch("two keys are one term (expected: keys whose terms differ)", e);
        }
    }

    @Override
    Object fromTerm(Term term, int depth) {
        int inside = enter(depth);
        if (!(term instanceof MapTerm map)) {
            throw Mismatch.of(term, name(), "a map");
        }
        var keys = new Object[map.size()];
        var values = new Object[keys.length];
        int i = 0;
        for (var entry : map.entries().entrySet()) {
            try {
                keys[i] = key.fromTerm(entry.getKey(), inside);
            } catch (Mismatch e) {
                throw e.at(".key(" + Excerpt.ofKey(entry.getKey()) + ")");
            }
            try {
                values[i] = value.fromTerm(entry.getValue(), inside);
            } catch (Mismatch e) {
                throw e.at("[" + Excerpt.ofKey(entry.getKey()) + "]");
            }
            i++;
        }
        return mapOf(keys, values, map);
    }

    private static Map<Object, Object> mapOf(Object[] keys, Object[] values, MapTerm map) {
        Collisions.check(keys);
        var made = new LinkedHashMap<Object, Object>();
        for (int i = 0; i < keys.length; i++) {
            if (made.putIfAbsent(keys[i], values[i]) != null) {
                Term second = (Term) map.entries().keySet().toArray()[i];
                throw new Mismatch("the key equals another one once it is read (expected: keys that differ)")
                        .at(".key(" + Excerpt.ofKey(second) + ")");
            }
        }
        return Collections.unmodifiableMap(made);
    }
}
