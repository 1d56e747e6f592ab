package io.hawser.etf;

import java.nio.ByteBuffer;

/**
 * The bytes a decoder reads, always as an array: a heap buffer's own, else a copy. Big-endian. Every read checks that
 * the bytes are there, and every error names the tag being read and its offset.
 */
final class ByteInput {
    byte[] array;
    int position;
    int limit;

    private ByteBuffer buffer;
    private int shift; // array index - buffer position
    private int start; // array index of the first byte, offset 0 in error messages
    private int tag;
    private int tagIndex;

    ByteInput(ByteBuffer bytes) {
        reset(bytes);
    }

    void reset(ByteBuffer bytes) {
        buffer = bytes;
        if (bytes.hasArray()) {
            array = bytes.array();
            shift = bytes.arrayOffset();
        } else {
            array = new byte[bytes.remaining()];
            bytes.get(bytes.position(), array);
            shift = -bytes.position();
        }
        start = shift + bytes.position();
        acquire();
    }

    /** Takes over the buffer's position, which its owner may have moved. */
    void acquire() {
        position = buffer.position() + shift;
        limit = buffer.limit() + shift;
        tagIndex = position;
        tag = Tag.SMALL_ATOM_UTF8_EXT; // what a distribution header holds without the tag
    }

    /** Moves the buffer's position to where reading got. */
    void release() {
        buffer.position(position - shift);
    }

    int bufferRemaining() {
        return buffer.remaining();
    }

    int remaining() {
        return limit - position;
    }

    int readTag() {
        tagIndex = position;
        if (position >= limit) {
            throw new EtfException("no bytes left at offset " + (position - start) + " (expected: a term)");
        }
        tag = array[position++] & 0xFF;
        return tag;
    }

    /** Remembers what is being read, for {@link #resume}: an inner atom is about to be read. */
    int suspend() {
        return tagIndex;
    }

    /** Has errors name the outer term again. */
    void resume(int suspendedTagIndex) {
        tagIndex = suspendedTagIndex;
        tag = array[tagIndex] & 0xFF;
    }

    /** Returns the next byte without reading it, or -1 at the end. */
    int peek() {
        return position < limit ? array[position] & 0xFF : -1;
    }

    int u8() {
        need(1);
        return array[position++] & 0xFF;
    }

    int u16() {
        need(2);
        int value = (array[position] & 0xFF) << 8 | (array[position + 1] & 0xFF);
        position += 2;
        return value;
    }

    int i32() {
        need(4);
        int value = array[position] << 24
                | (array[position + 1] & 0xFF) << 16
                | (array[position + 2] & 0xFF) << 8
                | (array[position + 3] & 0xFF);
        position += 4;
        return value;
    }

    long u32() {
        return i32() & 0xFFFF_FFFFL;
    }

    long i64() {
        need(8);
        return u32() << 32 | u32();
    }

    /** Checks that as many bytes are left. */
    void need(int bytes) {
        if (bytes > limit - position) {
            throw error((limit - position) + " bytes remain (expected: at least " + bytes + ")");
        }
    }

    /** Checks a count from the wire against the bytes left, each item taking at least so many, and returns it. */
    int count(long count, int bytesEach) {
        if (count * bytesEach > limit - position) {
            throw error("n=" + count + ", " + (limit - position) + " bytes remain (expected: at least " + bytesEach
                    + " each)");
        }
        return (int) count;
    }

    /** Makes an exception that names the tag being read and its offset. */
    EtfException error(String foundAndExpected) {
        return new EtfException(Tag.name(tag) + " at offset " + (tagIndex - start) + ": " + foundAndExpected);
    }
}
