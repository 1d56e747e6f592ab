package io.hawser.etf;

import io.hawser.etf.OpenTerms.Kind;
import io.hawser.term.Atom;
import io.hawser.term.Binary;
import io.hawser.term.Int;
import io.hawser.term.ListTerm;
import io.hawser.term.MapTerm;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import org.jspecify.annotations.Nullable;

/** Reads any term, however deep, without recursion. {@link TermReader} is faster where that will do. */
final class DeepReader {
    private static final int FUN_UNIQ_LENGTH = 16;
    private static final int MAX_FREE_VALUES = 255;

    private final ByteInput in;
    private final HeapEstimate heap;
    private final AtomReader atoms;
    private final LeafReader leaves;
    private final OpenTerms open;
    private final int maxDepth;

    DeepReader(ByteInput in, HeapEstimate heap, AtomReader atoms, LeafReader leaves, int maxDepth) {
        this.in = in;
        this.heap = heap;
        this.atoms = atoms;
        this.leaves = leaves;
        this.maxDepth = maxDepth;
        open = new OpenTerms(maxDepth);
    }

    /**
     * Reads the term after a tag that was read.
     *
     * @param level how many containers there are around it
     */
    Term read(int tag, int level) {
        try {
            open.begin(level);
            return finish(begin(tag));
        } finally {
            open.clear();
        }
    }

    /**
     * Goes on with a list that has another list as its tail.
     *
     * @param list the elements that were read
     * @param level how many containers there are around it
     */
    Term readOn(ListTerm list, int level) {
        try {
            open.begin(level);
            open.open(Kind.LIST, 0);
            list.elements().forEach(open::push);
            return finish(readTail() ? close() : null);
        } finally {
            open.clear();
        }
    }

    /** Reads until nothing is open. What was read last, or null if that was the head of a container, is given. */
    private Term finish(@Nullable Term last) {
        for (Term term = last; ; ) {
            if (term == null) {
                term = begin(in.readTag());
            } else if (open.isEmpty()) {
                return term;
            } else {
                boolean complete = open.add(term) && (!open.isList() || readTail());
                term = complete ? close() : begin(in.readTag());
            }
        }
    }

    /** Reads a leaf or an empty container, which it returns, or the head of a container, which it opens. */
    private @Nullable Term begin(int tag) {
        return switch (tag) {
            case Tag.SMALL_TUPLE_EXT -> openTuple(in.u8());
            case Tag.LARGE_TUPLE_EXT -> openTuple(in.u32());
            case Tag.LIST_EXT -> openList();
            case Tag.MAP_EXT -> openMap();
            case Tag.NEW_FUN_EXT -> openFun();
            case Tag.NATIVE_RECORD_EXT -> openRecord();
            default -> leaves.read(tag);
        };
    }

    private void open(Kind kind, int elements) {
        if (!open.hasRoom()) {
            throw in.error("nested deeper than " + maxDepth);
        }
        open.open(kind, elements);
    }

    private Term close() {
        try {
            return open.close();
        } catch (IllegalArgumentException e) {
            throw in.error("ends an ill-formed term: " + e.getMessage());
        }
    }

    // SMALL_TUPLE_EXT (104): arity as 1 byte, elements. LARGE_TUPLE_EXT (105): arity as 4 bytes, elements
    private @Nullable Term openTuple(long arity) {
        int elements = in.count(arity, 1);
        if (elements == 0) {
            return Tuple.EMPTY;
        }
        heap.add(HeapEstimate.CONTAINER + (long) HeapEstimate.ELEMENT * elements);
        open(Kind.TUPLE, elements);
        return null;
    }

    // LIST_EXT (108): n as 4 bytes, n elements, tail
    private @Nullable Term openList() {
        int elements = in.count(in.u32(), 1);
        heap.add(HeapEstimate.CONTAINER + (long) HeapEstimate.ELEMENT * elements);
        open(Kind.LIST, elements);
        return elements == 0 && readTail() ? close() : null;
    }

    /** Looks at the tail of the open list. Returns false if there is more to read: further elements, or a tail. */
    private boolean readTail() {
        for (; ; ) {
            switch (in.peek()) {
                case Tag.NIL_EXT -> {
                    in.readTag();
                    return true;
                }
                case Tag.STRING_EXT -> {
                    in.readTag();
                    int length = leaves.stringLength();
                    heap.add((long) HeapEstimate.ELEMENT * length);
                    for (int i = 0; i < length; i++) {
                        open.push(Int.of(in.u8()));
                    }
                    return true;
                }
                case Tag.LIST_EXT -> {
                    // a list as tail goes on where this one stops: joining copies would cost the square of their number
                    in.readTag();
                    int elements = in.count(in.u32(), 1);
                    if (elements > 0) {
                        heap.add((long) HeapEstimate.ELEMENT * elements);
                        open.extend(Kind.LIST, elements);
                        return false;
                    }
                }
                default -> {
                    open.extend(Kind.LIST_WITH_TAIL, 1);
                    return false;
                }
            }
        }
    }

    // MAP_EXT (116): n as 4 bytes, n times key and value
    private @Nullable Term openMap() {
        int pairs = in.count(in.u32(), 2);
        if (pairs == 0) {
            return MapTerm.EMPTY;
        }
        heap.add(HeapEstimate.MAP + 2L * HeapEstimate.ELEMENT * pairs);
        open(Kind.MAP, 2 * pairs);
        return null;
    }

    // NEW_FUN_EXT (112): size as 4 bytes (from here to the end), arity as 1 byte, uniq as 16 bytes, index as 4 bytes,
    // number of free values as 4 bytes, module atom, old index and old uniq as integers, creator pid, free values
    private @Nullable Term openFun() {
        in.u32(); // the fields say where the fun ends; OTP does not check this either
        Int arity = Int.of(in.u8());
        in.need(FUN_UNIQ_LENGTH);
        Binary uniq = leaves.binary(FUN_UNIQ_LENGTH);
        Int index = Int.of(in.u32());
        long freeValues = in.u32();
        if (freeValues > MAX_FREE_VALUES) {
            throw in.error(freeValues + " free values (expected: at most " + MAX_FREE_VALUES + ")");
        }
        Atom module = atoms.readInner("module");
        Int oldIndex = leaves.readInnerInt("old index");
        Int oldUniq = leaves.readInnerInt("old uniq");
        Term creator = leaves.readCreator();
        int free = in.count(freeValues, 1);
        heap.add(HeapEstimate.FUN + (long) HeapEstimate.ELEMENT * free);
        open(Kind.FUN, free);
        open.push(module);
        open.push(arity);
        open.push(uniq);
        open.push(index);
        open.push(oldIndex);
        open.push(oldUniq);
        open.push(creator);
        return free == 0 ? close() : null;
    }

    // NATIVE_RECORD_EXT (67, OTP 29): n as 4 bytes, flags as 1 byte (1 is exported), module atom, name atom,
    // n field atoms, n values
    private @Nullable Term openRecord() {
        long n = in.u32();
        int flags = in.u8();
        if (flags > 1) {
            throw in.error("flags " + flags + " (expected: 0 or 1)");
        }
        int fields = in.count(n, 2);
        Atom module = atoms.readInner("module");
        Atom name = atoms.readInner("name");
        heap.add(HeapEstimate.RECORD + 2L * HeapEstimate.ELEMENT * fields);
        open(flags == 1 ? Kind.EXPORTED_RECORD : Kind.RECORD, fields);
        open.push(module);
        open.push(name);
        for (int i = 0; i < fields; i++) {
            open.push(atoms.readInner("field name"));
        }
        return fields == 0 ? close() : null;
    }
}
