package io.hawser.etf;

import io.hawser.term.Atom;
import io.hawser.term.Binary;
import io.hawser.term.Term;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads terms in the external term format from one buffer. Checks every length against the bytes that are left before
 * it allocates; takes no stack for what nests deep.
 *
 * <p>Offsets in error messages count from the buffer's position at the time it was given. After an error the position
 * stays where the term began.
 *
 * <p>Not thread-safe; used by one caller at a time.
 *
 * @see <a href="https://www.erlang.org/doc/apps/erts/erl_ext_dist.html">External Term Format</a>
 */
public final class TermDecoder {
    private final DecodeLimits limits;
    private final ByteInput in;
    private final HeapEstimate heap;
    private final AtomReader atoms;
    private final TermReader terms;

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
        terms = new TermReader(in, heap, atoms, limits);
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
        Term term = terms.read();
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
        Term term = in.peek() == Tag.COMPRESSED ? readCompressed() : terms.read();
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
}
