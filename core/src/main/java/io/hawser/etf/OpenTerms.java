package io.hawser.etf;

import io.hawser.term.Atom;
import io.hawser.term.Binary;
import io.hawser.term.ImproperList;
import io.hawser.term.Int;
import io.hawser.term.IntegerTerm;
import io.hawser.term.ListTerm;
import io.hawser.term.LocalFun;
import io.hawser.term.MapTerm;
import io.hawser.term.NativeRecord;
import io.hawser.term.Pid;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.util.Arrays;
import java.util.List;

/**
 * The containers that were begun and lack elements, innermost last, and the elements they have so far. It grows with
 * the terms that were read, never with what a header announces.
 */
final class OpenTerms {
    /** What a container becomes once its elements are there. */
    enum Kind {
        TUPLE,
        /** Its elements are there, or its tail is to be looked at. */
        LIST,
        /** The last element is the tail. */
        LIST_WITH_TAIL,
        /** Keys and values in turn. */
        MAP,
        /** Elements: module, arity, uniq, index, old index, old uniq, creator, free values. */
        FUN,
        /** Elements: module, name, fields, values. */
        RECORD,
        EXPORTED_RECORD
    }

    private static final int FIRST_CAPACITY = 16;
    private static final int KEPT_CAPACITY = 4096;

    private final int maxDepth;
    private Term[] elements = new Term[FIRST_CAPACITY];
    private int elementCount;
    private Kind[] kinds = new Kind[FIRST_CAPACITY];
    private int[] firsts = new int[FIRST_CAPACITY];
    private int[] missing = new int[FIRST_CAPACITY];
    private int depth;
    private int outer; // containers around, which are open elsewhere

    OpenTerms(int maxDepth) {
        this.maxDepth = maxDepth;
    }

    /** Begins with nothing open here, but so many containers elsewhere. */
    void begin(int outerContainers) {
        outer = outerContainers;
    }

    /** Forgets everything, and what a large term has made grow. */
    void clear() {
        if (elements.length > KEPT_CAPACITY) {
            elements = new Term[FIRST_CAPACITY];
        } else {
            Arrays.fill(elements, 0, elementCount, null);
        }
        elementCount = 0;
        depth = 0;
    }

    boolean isEmpty() {
        return depth == 0;
    }

    /** Returns whether one more container may be opened. */
    boolean hasRoom() {
        return outer + depth < maxDepth;
    }

    void open(Kind kind, int elementsMissing) {
        if (depth == kinds.length) {
            int capacity = Math.min(maxDepth, 2 * depth);
            kinds = Arrays.copyOf(kinds, capacity);
            firsts = Arrays.copyOf(firsts, capacity);
            missing = Arrays.copyOf(missing, capacity);
        }
        kinds[depth] = kind;
        firsts[depth] = elementCount;
        missing[depth] = elementsMissing;
        depth++;
    }

    /** Adds a part of the innermost container that is not counted as missing. */
    void push(Term element) {
        if (elementCount == elements.length) {
            elements = Arrays.copyOf(elements, 2 * elementCount);
        }
        elements[elementCount++] = element;
    }

    /** Adds an element; returns whether the innermost container now has all of them. */
    boolean add(Term element) {
        push(element);
        return --missing[depth - 1] == 0;
    }

    boolean isList() {
        return kinds[depth - 1] == Kind.LIST;
    }

    /** Has the innermost list go on: with more elements, or with a last one that is its tail. */
    void extend(Kind kind, int more) {
        kinds[depth - 1] = kind;
        missing[depth - 1] = more;
    }

    /** Ends the innermost container and returns what it is. */
    Term close() {
        depth--;
        int first = firsts[depth];
        Term term = switch (kinds[depth]) {
            case TUPLE -> new Tuple(slice(first, elementCount));
            case LIST -> first == elementCount ? ListTerm.EMPTY : new ListTerm(slice(first, elementCount));
            case LIST_WITH_TAIL -> listWithTail(first);
            case MAP -> map(first);
            case FUN -> fun(first);
            case RECORD -> nativeRecord(first, false);
            case EXPORTED_RECORD -> nativeRecord(first, true);
        };
        Arrays.fill(elements, first, elementCount, null);
        elementCount = first;
        return term;
    }

    /** Returns a list that a term need not copy. */
    private List<Term> slice(int from, int to) {
        return ListTerm.of(Arrays.copyOfRange(elements, from, to)).elements();
    }

    private Term listWithTail(int first) {
        Term tail = elements[elementCount - 1];
        return elementCount - first == 1 ? tail : new ImproperList(slice(first, elementCount - 1), tail);
    }

    private MapTerm map(int first) {
        var keys = new Term[(elementCount - first) / 2];
        var values = new Term[keys.length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = elements[first + 2 * i];
            values[i] = elements[first + 2 * i + 1];
        }
        return MapTerm.ofEntries(keys, values);
    }

    private LocalFun fun(int first) {
        return new LocalFun(
                (Atom) elements[first],
                (int) ((Int) elements[first + 1]).value(),
                (Binary) elements[first + 2],
                ((Int) elements[first + 3]).value(),
                (IntegerTerm) elements[first + 4],
                (IntegerTerm) elements[first + 5],
                (Pid) elements[first + 6],
                slice(first + 7, elementCount));
    }

    private NativeRecord nativeRecord(int first, boolean exported) {
        int firstValue = first + 2 + (elementCount - first - 2) / 2;
        List<Atom> fields =
                slice(first + 2, firstValue).stream().map(Atom.class::cast).toList();
        return new NativeRecord(
                (Atom) elements[first], (Atom) elements[first + 1], exported, fields, slice(firstValue, elementCount));
    }
}
