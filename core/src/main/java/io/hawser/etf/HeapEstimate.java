package io.hawser.etf;

/**
 * About how many bytes of heap the terms take that were read, and the bound on it. A peer pays one byte for an element of a
 * list that costs us several: the bytes of a packet alone do not say what it makes of our heap.
 *
 * <p>Sizes are those of the usual 64-bit JVM with compressed references, rounded up. An element counts twice its reference,
 * for it lies in {@link OpenTerms} too while its container is read. What is shared counts nothing: what is empty, small
 * integers, atoms that were there already.
 */
final class HeapEstimate {
    /** In its container, and while that is read. */
    static final int ELEMENT = 8;

    /** A tuple, a list or a fun's environment with its list and the array in it, but for the elements. */
    static final int CONTAINER = 56;

    /** A map with its two arrays, but for keys and values. */
    static final int MAP = 80;

    /** A fun with its environment, but for what is in it and in its fields. */
    static final int FUN = 112;

    /** A native record with its two lists, but for fields and values. */
    static final int RECORD = 112;

    /** A binary or a bitstring, but for the bytes. */
    static final int BYTES = 48;

    /** A list of bytes, but for those. */
    static final int STRING = 64;

    /** An atom, but for its text. */
    static final int ATOM = 64;

    static final int NUMBER = 24;

    /** An integer beyond 64 bits, but for its bytes. */
    static final int BIG = 80;

    static final int PID = 40;
    static final int PORT = 32;
    static final int REFERENCE = 72;
    static final int EXPORT = 24;

    private final ByteInput in;
    private final long max;
    private long bytes;

    HeapEstimate(ByteInput in, long max) {
        this.in = in;
        this.max = max;
    }

    long bytes() {
        return bytes;
    }

    void reset() {
        bytes = 0;
    }

    /** Counts what is about to be made of the tag being read. */
    void add(long more) {
        bytes += more;
        if (bytes > max) {
            throw tooMuch();
        }
    }

    private EtfException tooMuch() {
        return in.error("about " + bytes + " bytes of heap (expected: at most " + max + ")");
    }
}
