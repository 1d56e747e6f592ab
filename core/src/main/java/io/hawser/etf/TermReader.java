package io.hawser.etf;

import io.hawser.term.ImproperList;
import io.hawser.term.Int;
import io.hawser.term.ListTerm;
import io.hawser.term.MapTerm;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.util.function.Supplier;

/**
 * Reads terms. Tuples, lists and maps of the first levels it reads by calls, each into the array that the term keeps. That
 * is faster than {@link DeepReader}, which gathers elements in arrays that live long: G1 wants to hear of each reference
 * to something young that is stored there. What is deeper, and what is rare, is left to that one, so that the thread's stack
 * does not grow with the term.
 */
final class TermReader {
    /** How many levels are read by calls: at most 100 KiB of stack, in the interpreter. */
    private static final int CALL_LEVELS = 64;

    private final ByteInput in;
    private final HeapEstimate heap;
    private final AtomReader atoms;
    private final NumberReader numbers;
    private final LeafReader leaves;
    private final DeepReader deep;
    private final int maxDepth;
    private final Supplier<Term> next = this::next;
    private int level; // containers that were begun and lack elements

    TermReader(ByteInput in, HeapEstimate heap, AtomReader atoms, DecodeLimits limits) {
        this.in = in;
        this.heap = heap;
        this.atoms = atoms;
        numbers = new NumberReader(in, heap, limits.maxIntegerBytes());
        leaves = new LeafReader(in, heap, atoms, numbers);
        deep = new DeepReader(in, heap, atoms, leaves, limits.maxDepth());
        maxDepth = limits.maxDepth();
    }

    /** Reads a term. */
    Term read() {
        level = 0;
        return next();
    }

    /** Reads what most messages are made of right here: the compiler does not look into a switch over all tags. */
    private Term next() {
        int tag = in.readTag();
        return switch (tag) {
            case Tag.SMALL_INTEGER_EXT -> Int.of(in.u8());
            case Tag.INTEGER_EXT -> numbers.readInt();
            case Tag.SMALL_TUPLE_EXT -> level < CALL_LEVELS ? readTuple() : deep.read(tag, level);
            case Tag.LIST_EXT -> level < CALL_LEVELS ? readList() : deep.read(tag, level);
            case Tag.BINARY_EXT -> leaves.readBinary();
            case Tag.MAP_EXT -> level < CALL_LEVELS ? readMap() : deep.read(tag, level);
            case Tag.SMALL_ATOM_UTF8_EXT -> atoms.readUtf8(in.u8());
            default -> readOther(tag);
        };
    }

    private Term readOther(int tag) {
        Term leaf = leaves.read(tag);
        return leaf != null ? leaf : deep.read(tag, level);
    }

    // SMALL_TUPLE_EXT (104): arity as 1 byte, elements
    private Tuple readTuple() {
        int elements = in.count(in.u8(), 1);
        if (elements == 0) {
            return Tuple.EMPTY;
        }
        heap.add(HeapEstimate.CONTAINER + (long) HeapEstimate.ELEMENT * elements);
        enter();
        var tuple = Tuple.generate(elements, next);
        level--;
        return tuple;
    }

    // LIST_EXT (108): n as 4 bytes, n elements, tail
    private Term readList() {
        int elements = in.count(in.u32(), 1);
        heap.add(HeapEstimate.CONTAINER + (long) HeapEstimate.ELEMENT * elements);
        enter();
        var list = ListTerm.generate(elements, next);
        Term term = withTail(list);
        level--;
        return term;
    }

    private Term withTail(ListTerm list) {
        return switch (in.peek()) {
            case Tag.NIL_EXT -> {
                in.readTag();
                yield list;
            }
            case Tag.STRING_EXT, Tag.LIST_EXT -> deep.readOn(list, level - 1);
            default -> {
                Term tail = next();
                yield list.size() == 0 ? tail : new ImproperList(list.elements(), tail);
            }
        };
    }

    // MAP_EXT (116): n as 4 bytes, n times key and value
    private MapTerm readMap() {
        int pairs = in.count(in.u32(), 2);
        if (pairs == 0) {
            return MapTerm.EMPTY;
        }
        heap.add(HeapEstimate.MAP + 2L * HeapEstimate.ELEMENT * pairs);
        enter();
        try {
            var map = MapTerm.generate(pairs, next);
            level--;
            return map;
        } catch (IllegalArgumentException e) {
            throw in.error("ends an ill-formed term: " + e.getMessage());
        }
    }

    private void enter() {
        if (level == maxDepth) {
            throw tooDeep();
        }
        level++;
    }

    private EtfException tooDeep() {
        return in.error("nested deeper than " + maxDepth);
    }
}
