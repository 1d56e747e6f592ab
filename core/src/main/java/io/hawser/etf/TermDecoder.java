package io.hawser.etf;

import io.hawser.etf.OpenTerms.Kind;
import io.hawser.term.Atom;
import io.hawser.term.Binary;
import io.hawser.term.Bitstring;
import io.hawser.term.ExternalFun;
import io.hawser.term.Int;
import io.hawser.term.IntegerTerm;
import io.hawser.term.ListTerm;
import io.hawser.term.MapTerm;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads terms in the external term format from one buffer. Checks every length against the bytes that are left before
 * it allocates; never recurses.
 *
 * <p>Offsets in error messages count from the buffer's position at the time it was given. After an error the position
 * stays where the term began.
 *
 * <p>Not thread-safe; used by one caller at a time.
 *
 * @see <a href="https://www.erlang.org/doc/apps/erts/erl_ext_dist.html">External Term Format</a>
 */
public final class TermDecoder {
    private static final int FUN_UNIQ_LENGTH = 16;
    private static final int MAX_FREE_VALUES = 255;
    private static final int MAX_ARITY = 255;

    private final DecodeLimits limits;
    private final ByteInput in;
    private final HeapEstimate heap;
    private final AtomReader atoms;
    private final NumberReader numbers;
    private final IdentifierReader identifiers;
    private final OpenTerms open;

    /**
     * Makes a decoder.
     *
     * @param bytes the bytes, position to limit; the position moves as terms are read. Terms do not refer to it after
     * @param limits what is accepted at most
     */
    public TermDecoder(ByteBuffer bytes, DecodeLimits limits) {
        this.limits = limits;
        in = new ByteInput(bytes);
        heap = new HeapEstimate(in, limits.maxHeapBytes());
        atoms = new AtomReader(in, heap);
        numbers = new NumberReader(in, heap, limits.maxIntegerBytes());
        identifiers = new IdentifierReader(in, atoms, heap);
        open = new OpenTerms(limits.maxDepth());
    }

    /**
     * Makes a decoder.
     *
     * @param bytes the bytes; a large binary in them that lies in blocks is not copied
     * @param limits what is accepted at most
     */
    public TermDecoder(Binary bytes, DecodeLimits limits) {
        this(bytes, limits, ByteInput.WINDOW_BYTES);
    }

    /** For tests, where a small window moves often. */
    TermDecoder(Binary bytes, DecodeLimits limits, int windowBytes) {
        this(ByteBuffer.allocate(0), limits);
        in.reset(bytes, windowBytes);
    }

    /**
     * Goes on with other bytes. What a decoder keeps between buffers, atoms it has seen among it, is bounded; reading
     * the packets of a connection with one decoder is cheaper than with many.
     *
     * @param bytes the bytes, as in the constructor
     */
    public void reset(ByteBuffer bytes) {
        in.reset(bytes);
        heap.reset();
    }

    /**
     * Goes on with other bytes.
     *
     * @param bytes the bytes, as in the other constructor
     */
    public void reset(Binary bytes) {
        in.reset(bytes, ByteInput.WINDOW_BYTES);
        heap.reset();
    }

    /**
     * Decodes bytes that hold exactly one term with the version byte 131 in front, as {@code binary_to_term/1} does.
     *
     * @param bytes the bytes
     * @return the term
     * @throws EtfException if they are anything else, bytes left over included
     */
    public static Term decode(byte[] bytes) {
        var decoder = new TermDecoder(ByteBuffer.wrap(bytes), DecodeLimits.STANDALONE);
        Term term = decoder.readVersionedTerm();
        decoder.requireEnd();
        return term;
    }

    /**
     * Makes {@code ATOM_CACHE_REF} legal: index i stands for the i-th atom of the distribution header.
     *
     * @param header the header's atoms in order; null makes references illegal again
     */
    public void atomCacheRefs(Atom @Nullable [] header) {
        atoms.header(header);
    }

    /**
     * Reads one term that has no version byte.
     *
     * @return the term
     * @throws EtfException if the bytes are not a term or exceed a limit
     */
    public Term readTerm() {
        in.acquire();
        Term term = read();
        in.release();
        return term;
    }

    /**
     * Reads one term with the version byte 131 in front. Bytes may follow it.
     *
     * @return the term
     * @throws EtfException if the bytes are not a term or exceed a limit
     */
    public Term readVersionedTerm() {
        in.acquire();
        int version = in.peek();
        if (version != Tag.VERSION) {
            throw new EtfException("version byte: " + (version < 0 ? "no bytes" : version) + " (expected: 131)");
        }
        in.u8();
        Term term = in.peek() == Tag.COMPRESSED ? readCompressed() : read();
        in.release();
        return term;
    }

    /**
     * Has an atom that will be read often be this one, not another that is equal to it.
     *
     * @param atom the atom; it may be forgotten for others
     */
    public void know(Atom atom) {
        atoms.know(atom);
    }

    /**
     * Reads the text of an atom without tag and length, as it stands in a distribution header.
     *
     * @param bytes how many bytes of UTF-8, not negative
     * @return the atom
     * @throws EtfException if the bytes are not the text of an atom
     */
    public Atom readAtomText(int bytes) {
        in.acquire();
        Atom atom = atoms.readUtf8(bytes);
        in.release();
        return atom;
    }

    /**
     * Returns about how much heap the terms and atom texts take that were read since the buffer was given. Atoms that were
     * seen before count nothing.
     *
     * @return an estimate in bytes, at most {@link DecodeLimits#maxHeapBytes}
     */
    public long heapBytes() {
        return heap.bytes();
    }

    /**
     * Returns how many bytes are left.
     *
     * @return the number of unread bytes
     */
    public int remaining() {
        return in.released();
    }

    /**
     * Checks that nothing is left.
     *
     * @throws EtfException if bytes are left
     */
    public void requireEnd() {
        if (remaining() > 0) {
            throw new EtfException("bytes after the term: " + remaining() + " (expected: none)");
        }
    }

    private Term readCompressed() {
        in.readTag();
        byte[] inflated = Inflation.inflate(in, limits.maxInflatedBytes());
        long left = Math.max(1, limits.maxHeapBytes() - heap.bytes());
        var inner = new TermDecoder(ByteBuffer.wrap(inflated), limits.withMaxHeapBytes(left));
        Term term = inner.readTerm();
        inner.requireEnd();
        heap.add(inner.heapBytes());
        return term;
    }

    private Term read() {
        try {
            for (Term term = next(); ; ) {
                if (term == null) {
                    term = next();
                } else if (open.isEmpty()) {
                    return term;
                } else {
                    boolean complete = open.add(term) && (!open.isList() || readTail());
                    term = complete ? close() : next();
                }
            }
        } finally {
            open.clear();
        }
    }

    /** Reads a tag and a leaf or an empty container, which it returns, or the head of a container, which it opens. */
    private @Nullable Term next() {
        int tag = in.readTag();
        return switch (tag) {
            case Tag.SMALL_ATOM_UTF8_EXT, Tag.ATOM_UTF8_EXT, Tag.SMALL_ATOM_EXT, Tag.ATOM_EXT, Tag.ATOM_CACHE_REF ->
                atoms.read(tag);
            case Tag.SMALL_INTEGER_EXT, Tag.INTEGER_EXT, Tag.SMALL_BIG_EXT, Tag.LARGE_BIG_EXT ->
                numbers.readInteger(tag);
            case Tag.SMALL_TUPLE_EXT -> openTuple(in.u8());
            case Tag.LARGE_TUPLE_EXT -> openTuple(in.u32());
            case Tag.NIL_EXT -> ListTerm.EMPTY;
            case Tag.STRING_EXT -> readString();
            case Tag.LIST_EXT -> openList();
            case Tag.BINARY_EXT -> readBinary();
            case Tag.BIT_BINARY_EXT -> readBitBinary();
            case Tag.MAP_EXT -> openMap();
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
            case Tag.NEW_FUN_EXT -> openFun();
            case Tag.NATIVE_RECORD_EXT -> openRecord();
            default -> throw in.error("not a term that nodes exchange");
        };
    }

    private void open(Kind kind, int elements) {
        if (!open.hasRoom()) {
            throw in.error("nested deeper than " + limits.maxDepth());
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
                    int length = stringLength();
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

    // STRING_EXT (107): n as 2 bytes, n integers of 1 byte
    private ListTerm readString() {
        int length = stringLength();
        heap.add((long) HeapEstimate.STRING + length);
        return ListTerm.ofBytes(in.bytes(length));
    }

    private int stringLength() {
        return in.count(in.u16(), 1);
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

    // BINARY_EXT (109): n as 4 bytes, n bytes
    private Binary readBinary() {
        return binary(in.count(in.u32(), 1));
    }

    private Binary binary(int length) {
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

    // NEW_FUN_EXT (112): size as 4 bytes (from here to the end), arity as 1 byte, uniq as 16 bytes, index as 4 bytes,
    // number of free values as 4 bytes, module atom, old index and old uniq as integers, creator pid, free values
    private @Nullable Term openFun() {
        in.u32(); // the fields say where the fun ends; OTP does not check this either
        Int arity = Int.of(in.u8());
        in.need(FUN_UNIQ_LENGTH);
        Binary uniq = binary(FUN_UNIQ_LENGTH);
        Int index = Int.of(in.u32());
        long freeValues = in.u32();
        if (freeValues > MAX_FREE_VALUES) {
            throw in.error(freeValues + " free values (expected: at most " + MAX_FREE_VALUES + ")");
        }
        Atom module = atoms.readInner("module");
        Int oldIndex = readInnerInt("old index");
        Int oldUniq = readInnerInt("old uniq");
        Term creator = readCreator();
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

    private Term readCreator() {
        long outer = in.suspend();
        Term creator = switch (in.readTag()) {
            case Tag.NEW_PID_EXT -> identifiers.readPid();
            case Tag.PID_EXT -> identifiers.readOldPid();
            default -> throw in.error("found as creator (expected: a pid)");
        };
        in.resume(outer);
        return creator;
    }

    /** Reads an integer inside another term; what OTP has there fits a small integer. */
    private Int readInnerInt(String what) {
        long outer = in.suspend();
        IntegerTerm integer = numbers.readInteger(in.readTag());
        if (!(integer instanceof Int small)) {
            throw in.error("found as " + what + " (expected: an integer of at most 64 bits)");
        }
        in.resume(outer);
        return small;
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
