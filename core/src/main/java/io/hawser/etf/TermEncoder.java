package io.hawser.etf;

import io.hawser.term.Atom;
import io.hawser.term.BigInt;
import io.hawser.term.Binary;
import io.hawser.term.Bitstring;
import io.hawser.term.ExternalFun;
import io.hawser.term.FloatTerm;
import io.hawser.term.ImproperList;
import io.hawser.term.Int;
import io.hawser.term.ListTerm;
import io.hawser.term.LocalFun;
import io.hawser.term.MapTerm;
import io.hawser.term.NativeRecord;
import io.hawser.term.Pid;
import io.hawser.term.Port;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes terms in the external term format, in the form that OTP 27 writes (minor version 2). Takes no stack for what nests deep.
 *
 * <p>Thread-safe: holds no state.
 *
 * @see <a href="https://www.erlang.org/doc/apps/erts/erl_ext_dist.html">External Term Format</a>
 */
public final class TermEncoder {
    private static final int MAX_STRING_LENGTH = 0xFFFF;
    private static final int MAX_SMALL = 0xFF;
    private static final int NOT_A_FUN = -1;

    /** How many levels are written by calls, which is faster: at most 100 KiB of stack. {@link Open} takes their place. */
    private static final int CALL_LEVELS = 128;

    private TermEncoder() {}

    /**
     * Encodes a term on its own, as {@code term_to_binary/1} does: with the version byte 131 in front.
     *
     * @param term the term
     * @return its encoding
     */
    public static byte[] encode(Term term) {
        var out = new ByteOutput(64);
        writeVersioned(term, out);
        return out.toByteArray();
    }

    /**
     * Appends a term with the version byte 131 in front.
     *
     * @param term the term
     * @param out what it is appended to
     */
    public static void writeVersioned(Term term, ByteOutput out) {
        out.u8(Tag.VERSION);
        write(term, out);
    }

    /**
     * Appends a term without a version byte.
     *
     * @param term the term
     * @param out what it is appended to
     */
    public static void write(Term term, ByteOutput out) {
        write(term, CALL_LEVELS, out);
    }

    /** Writes a term, by calls as far as the levels go. */
    private static void write(Term term, int levels, ByteOutput out) {
        if (writeLeaf(term, out)) {
            return;
        }
        if (levels == 0) {
            writeDeep(term, out);
        } else if (term instanceof Tuple tuple) {
            writeTupleHead(tuple, out);
            writeAll(tuple.elements(), levels - 1, out);
        } else if (term instanceof ListTerm list) {
            if (writeListHead(list, out)) {
                writeAll(list.elements(), levels - 1, out);
                out.u8(Tag.NIL_EXT);
            }
        } else if (term instanceof MapTerm map) {
            out.tagU32(Tag.MAP_EXT, map.size());
            map.entries().forEach((key, value) -> {
                write(key, levels - 1, out);
                write(value, levels - 1, out);
            });
        } else if (term instanceof ImproperList list) {
            out.tagU32(Tag.LIST_EXT, list.elements().size());
            writeAll(list.elements(), levels - 1, out);
            write(list.tail(), levels - 1, out);
        } else {
            writeDeep(term, out);
        }
    }

    private static void writeAll(List<Term> terms, int levels, ByteOutput out) {
        int size = terms.size();
        for (int i = 0; i < size; i++) {
            write(terms.get(i), levels, out);
        }
    }

    /** Writes a term without recursion. */
    private static void writeDeep(Term term, ByteOutput out) {
        Open open = begin(term, null, out);
        while (open != null) {
            if (open.next < open.terms.size()) {
                open = begin(open.terms.get(open.next++), open, out);
            } else if (open.tail != null && open.next == open.terms.size()) {
                open.next++;
                open = begin(open.tail, open, out);
            } else {
                if (open.funStart != NOT_A_FUN) {
                    out.setU32(open.funStart, out.lengthFrom(open.funStart));
                }
                open = open.outer;
            }
        }
    }

    /** A container that was begun: the terms it still has to write, and what follows them. */
    private static final class Open {
        final @Nullable Open outer;
        final List<Term> terms;
        final @Nullable Term tail;
        final int funStart;
        int next;

        Open(@Nullable Open outer, List<Term> terms, @Nullable Term tail, int funStart) {
            this.outer = outer;
            this.terms = terms;
            this.tail = tail;
            this.funStart = funStart;
        }
    }

    /** Writes a leaf, or the head of a container. Returns the container whose turn it is then. */
    private static @Nullable Open begin(Term term, @Nullable Open outer, ByteOutput out) {
        if (writeLeaf(term, out)) {
            return outer;
        } else if (term instanceof Tuple tuple) {
            writeTupleHead(tuple, out);
            return new Open(outer, tuple.elements(), null, NOT_A_FUN);
        } else if (term instanceof ListTerm list) {
            return writeListHead(list, out) ? new Open(outer, list.elements(), ListTerm.EMPTY, NOT_A_FUN) : outer;
        } else if (term instanceof MapTerm map) {
            return beginMap(map, outer, out);
        } else if (term instanceof ImproperList list) {
            out.tagU32(Tag.LIST_EXT, list.elements().size());
            return new Open(outer, list.elements(), list.tail(), NOT_A_FUN);
        } else if (term instanceof LocalFun fun) {
            return beginFun(fun, outer, out);
        } else {
            return beginRecord((NativeRecord) term, outer, out);
        }
    }

    /** Writes a term that holds no others, or returns false and has written nothing. */
    private static boolean writeLeaf(Term term, ByteOutput out) {
        // ordered by how often messages hold them; a switch over types needs Java 21
        if (term instanceof Atom atom) {
            writeAtom(atom, out);
        } else if (term instanceof Int integer) {
            writeInt(integer.value(), out);
        } else if (term instanceof Tuple) {
            return false; // the container that most are
        } else if (term instanceof Binary binary) {
            out.tagU32(Tag.BINARY_EXT, binary.size()); // n as 4 bytes, n bytes
            out.bytes(binary);
        } else {
            return writeOtherLeaf(term, out);
        }
        return true;
    }

    private static boolean writeOtherLeaf(Term term, ByteOutput out) {
        if (term instanceof Pid pid) {
            writePid(pid, out);
        } else if (term instanceof Reference reference) {
            writeReference(reference, out);
        } else if (term instanceof FloatTerm number) {
            out.u8(Tag.NEW_FLOAT_EXT);
            out.u64(Double.doubleToRawLongBits(number.value()));
        } else if (term instanceof BigInt integer) {
            writeBig(integer.value(), out);
        } else if (term instanceof Bitstring bits) {
            writeBitstring(bits, out);
        } else if (term instanceof Port port) {
            writePort(port, out);
        } else if (term instanceof ExternalFun fun) {
            writeExport(fun, out);
        } else {
            return false;
        }
        return true;
    }

    // SMALL_ATOM_UTF8_EXT (119): length as 1 byte, text. ATOM_UTF8_EXT (118): length as 2 bytes, text
    private static void writeAtom(Atom atom, ByteOutput out) {
        String text = atom.text();
        if (text.length() <= MAX_SMALL && out.tagAscii(Tag.SMALL_ATOM_UTF8_EXT, text)) {
            return;
        }
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (utf8.length <= MAX_SMALL) {
            out.u8(Tag.SMALL_ATOM_UTF8_EXT);
            out.u8(utf8.length);
        } else {
            out.u8(Tag.ATOM_UTF8_EXT);
            out.u16(utf8.length);
        }
        out.bytes(utf8, 0, utf8.length);
    }

    // SMALL_INTEGER_EXT (97): 1 byte. INTEGER_EXT (98): 4 bytes. SMALL_BIG_EXT (110): n, sign, n bytes lowest first
    private static void writeInt(long value, ByteOutput out) {
        if (value >= 0 && value <= MAX_SMALL) {
            out.tagU8(Tag.SMALL_INTEGER_EXT, (int) value);
        } else if (value == (int) value) {
            out.tagU32(Tag.INTEGER_EXT, value);
        } else {
            long magnitude = Math.abs(value); // of Long.MIN_VALUE: itself, right as unsigned
            int length = Long.BYTES - Long.numberOfLeadingZeros(magnitude) / Byte.SIZE;
            out.u8(Tag.SMALL_BIG_EXT);
            out.u8(length);
            out.u8(value < 0 ? 1 : 0);
            for (int i = 0; i < length; i++) {
                out.u8((int) (magnitude >>> (Byte.SIZE * i)));
            }
        }
    }

    // SMALL_BIG_EXT (110): n as 1 byte, sign as 1 byte, n bytes lowest first. LARGE_BIG_EXT (111): n as 4 bytes
    private static void writeBig(BigInteger value, ByteOutput out) {
        byte[] magnitude = value.abs().toByteArray();
        int length = magnitude[0] == 0 ? magnitude.length - 1 : magnitude.length; // without a byte for the sign
        if (length <= MAX_SMALL) {
            out.u8(Tag.SMALL_BIG_EXT);
            out.u8(length);
        } else {
            out.u8(Tag.LARGE_BIG_EXT);
            out.u32(length);
        }
        out.u8(value.signum() < 0 ? 1 : 0);
        for (int i = 1; i <= length; i++) {
            out.u8(magnitude[magnitude.length - i]);
        }
    }

    // SMALL_TUPLE_EXT (104): arity as 1 byte, elements. LARGE_TUPLE_EXT (105): arity as 4 bytes, elements
    private static void writeTupleHead(Tuple tuple, ByteOutput out) {
        int arity = tuple.arity();
        if (arity <= MAX_SMALL) {
            out.tagU8(Tag.SMALL_TUPLE_EXT, arity);
        } else {
            out.tagU32(Tag.LARGE_TUPLE_EXT, arity);
        }
    }

    /** Writes a list that needs no further elements and returns false, or else its head. */
    // NIL_EXT (106). STRING_EXT (107): n as 2 bytes, n bytes. LIST_EXT (108): n as 4 bytes, n elements, tail
    private static boolean writeListHead(ListTerm list, ByteOutput out) {
        List<Term> elements = list.elements();
        int size = elements.size();
        if (size == 0) {
            out.u8(Tag.NIL_EXT);
            return false;
        }
        if (size <= MAX_STRING_LENGTH && isString(elements, size)) {
            out.u8(Tag.STRING_EXT);
            out.u16(size);
            for (int i = 0; i < size; i++) {
                out.u8((int) ((Int) elements.get(i)).value());
            }
            return false;
        }
        out.tagU32(Tag.LIST_EXT, size);
        return true;
    }

    /** Returns whether all elements are bytes. Begins with the last one: numbers that count up are small at first. */
    private static boolean isString(List<Term> elements, int size) {
        for (int i = size - 1; i >= 0; i--) {
            if (!(elements.get(i) instanceof Int integer) || integer.value() < 0 || integer.value() > 0xFF) {
                return false;
            }
        }
        return true;
    }

    // MAP_EXT (116): n as 4 bytes, n times key and value
    private static @Nullable Open beginMap(MapTerm map, @Nullable Open outer, ByteOutput out) {
        var terms = new ArrayList<Term>(2 * map.entries().size());
        map.entries().forEach((key, value) -> {
            terms.add(key);
            terms.add(value);
        });
        out.tagU32(Tag.MAP_EXT, map.size());
        return new Open(outer, terms, null, NOT_A_FUN);
    }

    // BIT_BINARY_EXT (77): n as 4 bytes, used bits of the last byte as 1 byte, n bytes
    private static void writeBitstring(Bitstring bits, ByteOutput out) {
        byte[] bytes = bits.toByteArray();
        out.u8(Tag.BIT_BINARY_EXT);
        out.u32(bytes.length);
        out.u8(bits.lastBits());
        out.bytes(bytes, 0, bytes.length);
    }

    // NEW_PID_EXT (88): node atom, id, serial, creation, each as 4 bytes
    private static void writePid(Pid pid, ByteOutput out) {
        out.u8(Tag.NEW_PID_EXT);
        writeAtom(pid.node(), out);
        out.u32(pid.id());
        out.u32(pid.serial());
        out.u32(pid.creation());
    }

    // V4_PORT_EXT (120): node atom, id as 8 bytes, creation as 4 bytes
    private static void writePort(Port port, ByteOutput out) {
        out.u8(Tag.V4_PORT_EXT);
        writeAtom(port.node(), out);
        out.u64(port.id());
        out.u32(port.creation());
    }

    // NEWER_REFERENCE_EXT (90): number of words as 2 bytes, node atom, creation as 4 bytes, words of 4 bytes
    private static void writeReference(Reference reference, ByteOutput out) {
        out.u8(Tag.NEWER_REFERENCE_EXT);
        out.u16(reference.wordCount());
        writeAtom(reference.node(), out);
        out.u32(reference.creation());
        for (int i = 0; i < reference.wordCount(); i++) {
            out.u32(reference.word(i));
        }
    }

    // EXPORT_EXT (113): module atom, function atom, arity as SMALL_INTEGER_EXT
    private static void writeExport(ExternalFun fun, ByteOutput out) {
        out.u8(Tag.EXPORT_EXT);
        writeAtom(fun.module(), out);
        writeAtom(fun.function(), out);
        writeInt(fun.arity(), out);
    }

    // NEW_FUN_EXT (112): size as 4 bytes (from here to the end), arity as 1 byte, uniq as 16 bytes, index as 4 bytes,
    // number of free values as 4 bytes, module atom, old index and old uniq as integers, creator pid, free values
    private static Open beginFun(LocalFun fun, @Nullable Open outer, ByteOutput out) {
        out.u8(Tag.NEW_FUN_EXT);
        int start = out.size();
        out.u32(0); // set when all is written
        out.u8(fun.arity());
        out.bytes(fun.uniq());
        out.u32(fun.index());
        out.u32(fun.free().size());
        writeAtom(fun.module(), out);
        begin(fun.oldIndex(), null, out);
        begin(fun.oldUniq(), null, out);
        writePid(fun.creator(), out);
        return new Open(outer, fun.free(), null, start);
    }

    // NATIVE_RECORD_EXT (67, OTP 29): n as 4 bytes, flags as 1 byte (1 is exported), module atom, name atom,
    // n field atoms, n values
    private static Open beginRecord(NativeRecord nativeRecord, @Nullable Open outer, ByteOutput out) {
        out.u8(Tag.NATIVE_RECORD_EXT);
        out.u32(nativeRecord.fields().size());
        out.u8(nativeRecord.exported() ? 1 : 0);
        writeAtom(nativeRecord.module(), out);
        writeAtom(nativeRecord.name(), out);
        for (Atom field : nativeRecord.fields()) {
            writeAtom(field, out);
        }
        return new Open(outer, nativeRecord.values(), null, NOT_A_FUN);
    }
}
