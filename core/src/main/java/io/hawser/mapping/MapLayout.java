package io.hawser.mapping;

import io.hawser.term.Atom;
import io.hawser.term.MapTerm;
import io.hawser.term.Term;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A map with a key for each component, and perhaps one for a tag. */
final class MapLayout implements Layout {
    private final List<Term> keys;
    private final List<Boolean> optional;
    private final @Nullable Tagged tagged;
    private final Atom empty;
    private final boolean ignoresExtraKeys;

    /** The association that names the record. */
    record Tagged(Term key, Atom tag) {}

    /**
     * @param keys those of the components, in order
     * @param optional which of them are left out when they are empty
     * @param empty what an empty component is
     */
    MapLayout(List<Term> keys, List<Boolean> optional, @Nullable Tagged tagged, Atom empty, boolean ignoresExtraKeys) {
        this.keys = List.copyOf(keys);
        this.optional = List.copyOf(optional);
        this.tagged = tagged;
        this.empty = empty;
        this.ignoresExtraKeys = ignoresExtraKeys;
    }

    @Override
    public boolean matches(Term term) {
        if (!(term instanceof MapTerm map) || !hasTag(map)) {
            return false;
        }
        int known = tagged == null ? 0 : 1;
        for (int i = 0; i < keys.size(); i++) {
            if (map.get(keys.get(i)).isPresent()) {
                known++;
            } else if (!optional.get(i)) {
                return false;
            }
        }
        return ignoresExtraKeys || known == map.size();
    }

    @Override
    public boolean resembles(Term term) {
        return tagged != null && term instanceof MapTerm map && hasTag(map);
    }

    private boolean hasTag(MapTerm map) {
        return tagged == null || tagged.tag.equals(map.get(tagged.key).orElse(null));
    }

    /** Two maps overlap when the keys that either needs are keys that the other can have. */
    @Override
    public boolean overlaps(Shape other) {
        if (!(other instanceof MapLayout layout)) {
            return false;
        }
        if (tagged != null && layout.tagged != null && tagged.key.equals(layout.tagged.key)) {
            return tagged.tag.equals(layout.tagged.tag);
        }
        return layout.canHave(needed()) && canHave(layout.needed());
    }

    private Set<Term> needed() {
        var needed = new HashSet<Term>();
        for (int i = 0; i < keys.size(); i++) {
            if (!optional.get(i)) {
                needed.add(keys.get(i));
            }
        }
        if (tagged != null) {
            needed.add(tagged.key);
        }
        return needed;
    }

    private boolean canHave(Set<Term> wanted) {
        return ignoresExtraKeys || wanted.stream().allMatch(this::isKey);
    }

    private boolean isKey(Term key) {
        return keys.contains(key) || (tagged != null && tagged.key.equals(key));
    }

    @Override
    public Term join(Term[] components) {
        var all = new Term[components.length + 1];
        var values = new Term[all.length];
        int size = 0;
        for (int i = 0; i < components.length; i++) {
            if (!optional.get(i) || !empty.equals(components[i])) {
                all[size] = keys.get(i);
                values[size++] = components[i];
            }
        }
        if (tagged != null) {
            all[size] = tagged.key;
            values[size++] = tagged.tag;
        }
        return MapTerm.ofEntries(Arrays.copyOf(all, size), Arrays.copyOf(values, size));
    }

    @Override
    public Term[] split(Term term, String name) {
        if (!(term instanceof MapTerm map) || !hasTag(map)) {
            throw Mismatch.of(term, name, toString());
        }
        var components = new Term[keys.size()];
        int known = tagged == null ? 0 : 1;
        for (int i = 0; i < components.length; i++) {
            Term value = map.get(keys.get(i)).orElse(null);
            if (value != null) {
                known++;
            } else if (optional.get(i)) {
                value = empty;
            } else {
                throw new Mismatch(
                        "key " + Excerpt.ofKey(keys.get(i)) + " of " + name + " is missing (expected: " + this + ")");
            }
            components[i] = value;
        }
        if (!ignoresExtraKeys && known < map.size()) {
            throw extraKey(map, name);
        }
        return components;
    }

    private Mismatch extraKey(MapTerm map, String name) {
        Term extra = map.entries().keySet().stream()
                .filter(key -> !isKey(key))
                .findFirst()
                .orElse(empty);
        return new Mismatch("key " + Excerpt.ofKey(extra) + " is none of " + name + " (expected: " + this + ")");
    }

    @Override
    public String toString() {
        var words = new ArrayList<String>();
        for (int i = 0; i < keys.size(); i++) {
            words.add(Excerpt.ofKey(keys.get(i)) + (optional.get(i) ? "?" : ""));
        }
        String inside = String.join(", ", words);
        return tagged == null
                ? "#{" + inside + "}"
                : "#{" + Excerpt.ofKey(tagged.key) + " => " + tagged.tag + (inside.isEmpty() ? "" : ", ") + inside
                        + "}";
    }
}
