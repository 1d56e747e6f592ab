package io.hawser.etf;

import io.hawser.term.Atom;
import io.hawser.term.Binary;
import io.hawser.term.Bitstring;
import io.hawser.term.ExternalFun;
import io.hawser.term.Int;
import io.hawser.term.IntegerTerm;
import io.hawser.term.ListTerm;
import io.hawser.term.Pid;
import io.hawser.term.Term;
import org.jspecify.annotations.Nullable;

/** Reads the terms that hold no others. */
final class LeafReader {
    private static final int MAX_ARITY = 255;

    private final ByteInput in;
    private final HeapEstimate heap;
    private final AtomReader atoms;
    private final NumberReader numbers;
    private final IdentifierReader identifiers;

    LeafReader(ByteInput in, HeapEstimate heap, AtomReader atoms, NumberReader numbers) {
        this.in = in;
        this.heap = heap;
        this.atoms = atoms;
        this.numbers = numbers;
        identifiers = new IdentifierReader(in, atoms, heap);
    }

    /** Reads the term after a tag that was read, or returns null when the tag is that of a term that may hold others. */
    @Nullable
    Term read(int tag) {
        return switch (tag) {
            case Tag.SMALL_ATOM_UTF8_EXT, Tag.ATOM_UTF8_EXT, Tag.SMALL_ATOM_EXT, Tag.ATOM_EXT, Tag.ATOM_CACHE_REF ->
                atoms.read(tag);
            case Tag.SMALL_INTEGER_EXT, Tag.INTEGER_EXT, Tag.SMALL_BIG_EXT, Tag.LARGE_BIG_EXT ->
                numbers.readInteger(tag);
            case Tag.NIL_EXT -> ListTerm.EMPTY;
            case Tag.STRING_EXT -> readString();
            case Tag.BINARY_EXT -> readBinary();
            case Tag.BIT_BINARY_EXT -> readBitBinary();
            case Tag.NEW_PID_EXT -> identifiers.readPid();
            case Tag.PID_EXT -> identifiers.readOldPid();
            case Tag.NEWER_REFERENCE_EXT -> identifiers.readNewerReference();
            case Tag.NEW_REFERENCE_EXT -> identifiers.readNewReference();
            case Tag.REFERENCE_EXT -> identifiers.readOldReference();
            case Tag.V4_PORT_EXT -> identifiers.readV4Port();
            case Tag.NEW_PORT_EXT -> identifiers.readPort();
            case Tag.PORT_EXT -> identifiers.readOldPort();
            case Tag.NEW_FLOAT_EXT -> numbers.readFloat();
            case Tag.FLOAT_EXT -> numbers.readOldFloat();
            case Tag.EXPORT_EXT -> readExport();
            case Tag.SMALL_TUPLE_EXT,
                    Tag.LARGE_TUPLE_EXT,
                    Tag.LIST_EXT,
                    Tag.MAP_EXT,
                    Tag.NEW_FUN_EXT,
                    Tag.NATIVE_RECORD_EXT -> null;
            default -> throw in.error("not a term that nodes exchange");
        };
    }

    // STRING_EXT (107): n as 2 bytes, n integers of 1 byte
    private ListTerm readString() {
        int length = stringLength();
        heap.add((long) HeapEstimate.STRING + length);
        return ListTerm.ofBytes(in.bytes(length));
    }

    int stringLength() {
        return in.count(in.u16(), 1);
    }

    // BINARY_EXT (109): n as 4 bytes, n bytes
    Binary readBinary() {
        return binary(in.count(in.u32(), 1));
    }

    /** Reads as many bytes, checked to be there. */
    Binary binary(int length) {
        if (length > 0) {
            heap.add((long) HeapEstimate.BYTES + length);
        }
        return in.binary(length);
    }

    // BIT_BINARY_EXT (77): n as 4 bytes, used bits of the last byte as 1 byte, n bytes
    private Term readBitBinary() {
        long n = in.u32();
        int bits = in.u8();
        int length = in.count(n, 1);
        if (bits > 8 || (bits == 0) != (length == 0)) {
            throw in.error(length + " bytes, " + bits + " bits of the last one (expected: 1 to 8, 0 without bytes)");
        }
        if (bits == 0 || bits == 8) {
            return binary(length);
        }
        heap.add((long) HeapEstimate.BYTES + length);
        return new Bitstring(in.bytes(length), bits);
    }

    // EXPORT_EXT (113): module atom, function atom, arity as SMALL_INTEGER_EXT
    private ExternalFun readExport() {
        Atom module = atoms.readInner("module");
        Atom function = atoms.readInner("function");
        Int arity = readInnerInt("arity");
        if (arity.value() < 0 || arity.value() > MAX_ARITY) {
            throw in.error("arity " + arity.value() + " (expected: 0 to " + MAX_ARITY + ")");
        }
        heap.add(HeapEstimate.EXPORT);
        return new ExternalFun(module, function, (int) arity.value());
    }

    /** Reads the pid inside a fun. */
    Pid readCreator() {
        long outer = in.suspend();
        Pid creator = switch (in.readTag()) {
            case Tag.NEW_PID_EXT -> identifiers.readPid();
            case Tag.PID_EXT -> identifiers.readOldPid();
            default -> throw in.error("found as creator (expected: a pid)");
        };
        in.resume(outer);
        return creator;
    }

    /** Reads an integer inside another term; what OTP has there fits a small integer. */
    Int readInnerInt(String what) {
        long outer = in.suspend();
        IntegerTerm integer = numbers.readInteger(in.readTag());
        if (!(integer instanceof Int small)) {
            throw in.error("found as " + what + " (expected: an integer of at most 64 bits)");
        }
        in.resume(outer);
        return small;
    }
}
