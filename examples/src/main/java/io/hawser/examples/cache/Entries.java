package io.hawser.examples.cache;

import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.ListTerm;
import io.hawser.term.Term;
import io.hawser.term.TermOrder;
import io.hawser.term.Tuple;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one copy of the cache holds. Each value has a version, so that of two values for one key all copies keep the same
 * one, whatever came first: the greater number, and of equal numbers the one put at the greater node. Not thread-safe.
 */
final class Entries {
    private static final Atom ENTRY = Atom.of("entry");

    private final Map<Term, Entry> entries = new HashMap<>();
    private long last; // the greatest number seen: what is put next is newer than all of that

    private record Entry(Term value, long number, Atom node) {
        boolean isNewerThan(@Nullable Entry other) {
            return other == null
                    || number > other.number
                    || (number == other.number && TermOrder.standard().compare(node, other.node) > 0);
        }
    }

    @Nullable
    Term get(Term key) {
        Entry entry = entries.get(key);
        return entry == null ? null : entry.value;
    }

    /** Puts a value at this node. Returns what other copies are told. */
    Tuple put(Term key, Term value, Atom here) {
        var entry = new Entry(value, ++last, here);
        entries.put(key, entry);
        return toTerm(key, entry);
    }

    /** Takes what another copy tells, {@code {entry, Key, Value, Number, Node}}, unless what is here is newer. */
    boolean merge(Term told) {
        if (!(told instanceof Tuple entry)
                || entry.arity() != 5
                || !entry.element(0).equals(ENTRY)
                || !(entry.element(3) instanceof Int number)
                || !(entry.element(4) instanceof Atom node)) {
            return false;
        }
        var found = new Entry(entry.element(2), number.value(), node);
        last = Math.max(last, found.number);
        if (found.isNewerThan(entries.get(entry.element(1)))) {
            entries.put(entry.element(1), found);
        }
        return true;
    }

    ListTerm all() {
        return new ListTerm(entries.entrySet().stream()
                .<Term>map(each -> toTerm(each.getKey(), each.getValue()))
                .toList());
    }

    private static Tuple toTerm(Term key, Entry entry) {
        return Tuple.of(ENTRY, key, entry.value, Int.of(entry.number), entry.node);
    }
}
