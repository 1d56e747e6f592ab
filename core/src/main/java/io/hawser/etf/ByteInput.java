package io.hawser.etf;

import io.hawser.term.Binary;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The bytes a decoder reads, always as an array: a heap buffer's own, else a copy. Of a binary, which may lie in blocks, the
 * array is a window that moves on. Big-endian. Every read checks that the bytes are there, and every error names the tag
 * being read and its offset.
 */
final class ByteInput {
    private static final byte[] NOTHING = {};
    private static final VarHandle FOUR_BYTES = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /** What of a binary is looked at at a time, unless a read needs more in one piece. */
    static final int WINDOW_BYTES = 64 * 1024;

    byte[] array;
    int position;
    int limit;

    private @Nullable ByteBuffer buffer;
    private int shift; // array index - buffer position
    private Binary source = Binary.EMPTY; // what the window moves over
    private int windowBytes = WINDOW_BYTES;
    private int beyond; // how many bytes of it are still to come into the window
    private int start; // array index of the first byte, offset 0 in error messages
    private int tag;
    private int tagOffset;

    ByteInput(ByteBuffer bytes) {
        array = NOTHING;
        reset(bytes);
    }

    void reset(ByteBuffer bytes) {
        source = Binary.EMPTY;
        beyond = 0;
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

    void reset(Binary bytes, int newWindowBytes) {
        windowBytes = newWindowBytes;
        buffer = null;
        source = bytes;
        beyond = bytes.size();
        array = NOTHING;
        position = 0;
        limit = 0;
        start = 0;
        acquire();
    }

    /** Takes over the buffer's position, which its owner may have moved. */
    void acquire() {
        if (buffer != null) {
            position = buffer.position() + shift;
            limit = buffer.limit() + shift;
        }
        tagOffset = position - start;
        tag = Tag.SMALL_ATOM_UTF8_EXT; // what a distribution header holds without the tag
    }

    /** Moves the buffer's position to where reading got. */
    void release() {
        if (buffer != null) {
            buffer.position(position - shift);
        }
    }

    /** Returns how many bytes are left after what was read and released. */
    int released() {
        return buffer != null ? buffer.remaining() : remaining();
    }

    int remaining() {
        return limit - position + beyond;
    }

    int readTag() {
        tagOffset = position - start;
        if (position >= limit) {
            moveOnToTag();
        }
        tag = array[position++] & 0xFF;
        return tag;
    }

    private void moveOnToTag() {
        if (!moveOn(1)) {
            throw new EtfException("no bytes left at offset " + tagOffset + " (expected: a term)");
        }
    }

    /** Remembers what is being read, for {@link #resume}: an inner atom is about to be read. */
    long suspend() {
        return (long) tagOffset << Byte.SIZE | tag;
    }

    /** Has errors name the outer term again. */
    void resume(long suspended) {
        tagOffset = (int) (suspended >> Byte.SIZE);
        tag = (int) suspended & 0xFF;
    }

    /** Returns the next byte without reading it, or -1 at the end. */
    int peek() {
        return position < limit || moveOn(1) ? array[position] & 0xFF : -1;
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
        int value = (int) FOUR_BYTES.get(array, position);
        position += 4;
        return value;
    }

    long u32() {
        return i32() & 0xFFFF_FFFFL;
    }

    long i64() {
        need(8);
        long value = (long) EIGHT_BYTES.get(array, position);
        position += 8;
        return value;
    }

    /** Checks that as many bytes are left, and has them in the array in one piece. */
    void need(int bytes) {
        if (bytes > limit - position) {
            moveOnTo(bytes);
        }
    }

    private void moveOnTo(int bytes) {
        if (!moveOn(bytes)) {
            throw error(remaining() + " bytes remain (expected: at least " + bytes + ")");
        }
    }

    /** Moves the window on; returns false if there are not as many bytes. */
    private boolean moveOn(int bytes) {
        if (bytes > remaining()) {
            return false;
        }
        int kept = limit - position;
        int read = Math.min(Math.max(bytes, windowBytes) - kept, beyond);
        byte[] window = kept + read > array.length ? new byte[kept + read] : array;
        System.arraycopy(array, position, window, 0, kept);
        source.copyTo(source.size() - beyond, window, kept, read);
        array = window;
        beyond -= read;
        start -= position;
        position = 0;
        limit = kept + read;
        return true;
    }

    /** Checks a count from the wire against the bytes left, each item taking at least so many, and returns it. */
    int count(long count, int bytesEach) {
        if (count * bytesEach > remaining()) {
            throw tooMany(count, bytesEach);
        }
        return (int) count;
    }

    private EtfException tooMany(long count, int bytesEach) {
        return error("n=" + count + ", " + remaining() + " bytes remain (expected: at least " + bytesEach + " each)");
    }

    /** Reads bytes that were checked to be there. */
    byte[] bytes(int length) {
        need(length);
        byte[] bytes = Arrays.copyOfRange(array, position, position + length);
        position += length;
        return bytes;
    }

    /** Reads bytes that were checked to be there; of a large binary they are not joined. */
    Binary binary(int length) {
        if (length > limit - position) {
            return binaryBeyond(length);
        }
        position += length;
        return Binary.copyOf(array, position - length, length);
    }

    private Binary binaryBeyond(int length) {
        int from = position - start;
        beyond -= length - (limit - position);
        start = -from - length; // the window begins anew behind it
        position = 0;
        limit = 0;
        return source.part(from, length);
    }

    /** Makes an exception that names the tag being read and its offset. */
    EtfException error(String foundAndExpected) {
        return new EtfException(Tag.name(tag) + " at offset " + tagOffset + ": " + foundAndExpected);
    }
}
