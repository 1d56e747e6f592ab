package io.hawser.peer;

import io.hawser.term.Atom;
import io.hawser.term.BigInt;
import io.hawser.term.Binary;
import io.hawser.term.Bitstring;
import io.hawser.term.ImproperList;
import io.hawser.term.Int;
import io.hawser.term.ListTerm;
import io.hawser.term.LocalFun;
import io.hawser.term.MapTerm;
import io.hawser.term.NativeRecord;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.util.ArrayDeque;

/**
 * About how many bytes a term takes: every part of it is counted, none is encoded. Never recurses.
 *
 * <p>Not thread-safe; used by one caller at a time.
 */
public final class TermSizes {
    /** What a number takes, or the head of a container, and about what holds it in memory. */
    private static final int PART_BYTES = 16;

    private final ArrayDeque<Term> open = new ArrayDeque<>(); // containers only: there are fewer
    private long size;

    private TermSizes() {}

    /**
     * Returns about how many bytes a term takes.
     *
     * @param term the term
     * @return more than 0
     */
    public static long sizeOf(Term term) {
        var sizes = new TermSizes();
        sizes.add(term);
        while (!sizes.open.isEmpty()) {
            sizes.addParts(sizes.open.pop());
        }
        return sizes.size;
    }

    private void add(Term term) {
        size += PART_BYTES;
        if (term instanceof Atom atom) {
            size += atom.text().length();
        } else if (term instanceof Binary binary) {
            size += binary.size();
        } else if (term instanceof BigInt integer) {
            size += integer.value().bitLength() / Byte.SIZE;
        } else if (term instanceof Bitstring bits) {
            size += bits.bitSize() / Byte.SIZE;
        } else if (!(term instanceof Int)) {
            open.push(term);
        }
    }

    /** Adds what a container holds; other terms hold nothing. */
    private void addParts(Term term) {
        if (term instanceof Tuple tuple) {
            tuple.elements().forEach(this::add);
        } else if (term instanceof ListTerm list) {
            list.elements().forEach(this::add);
        } else if (term instanceof ImproperList list) {
            list.elements().forEach(this::add);
            add(list.tail());
        } else if (term instanceof MapTerm map) {
            map.entries().forEach((key, value) -> {
                add(key);
                add(value);
            });
        } else if (term instanceof LocalFun fun) {
            fun.free().forEach(this::add);
        } else if (term instanceof NativeRecord values) {
            values.values().forEach(this::add);
        }
    }
}
