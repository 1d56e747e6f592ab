package io.hawser.etf;

import io.hawser.term.Binary;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A growing byte array that big-endian numbers and bytes are appended to. Large binaries may be left where they are and only
 * be noted, with their place: see {@link #gather}.
 *
 * <p>Not thread-safe; used by one caller at a time.
 */
public final class ByteOutput {
    /** For {@link #gather}: no binary, as at the beginning. */
    public static final int NOTHING_GATHERED = Integer.MAX_VALUE;

    private static final VarHandle TWO_BYTES =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle FOUR_BYTES = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int COPIED_AT_ONCE = 1024 * 1024;
    private static final int MAX_SIZE = Integer.MAX_VALUE - 8;

    private byte[] bytes;
    private int size;
    private int gatheredFrom = NOTHING_GATHERED;
    private final List<Gathered> gathered = new ArrayList<>(0);

    /** A binary that is not in the array, and how much of that goes before it. */
    private record Gathered(int position, Binary binary) {}

    /**
     * Makes an empty output.
     *
     * @param initialCapacity bytes to reserve, at least 1
     */
    public ByteOutput(int initialCapacity) {
        bytes = new byte[Math.max(1, initialCapacity)];
    }

    /**
     * Has binaries of some size gathered from here on: noted instead of copied. They leave with {@link #split}.
     *
     * @param minBytes the size of the smallest, or {@link #NOTHING_GATHERED}
     */
    public void gather(int minBytes) {
        gatheredFrom = minBytes;
    }

    /**
     * Returns the number of bytes written, but for binaries that were gathered.
     *
     * @return the size in bytes
     */
    public int size() {
        return size;
    }

    /**
     * Cuts off or forgets what was written from a position on.
     *
     * @param newSize the size from here on, at most {@link #size()}
     */
    public void truncate(int newSize) {
        if (newSize < 0 || newSize > size) {
            throw new IllegalArgumentException("size: " + newSize + " (expected: 0 to " + size + ")");
        }
        size = newSize;
        while (!gathered.isEmpty() && gathered.get(gathered.size() - 1).position() > newSize) {
            gathered.remove(gathered.size() - 1);
        }
    }

    /**
     * Returns how much was written since a position, with what was gathered.
     *
     * @param position where, from 0
     * @return bytes
     */
    public long lengthFrom(int position) {
        long length = (long) size - position;
        for (Gathered each : gathered) {
            length += each.position() >= position ? each.binary().size() : 0;
        }
        return length;
    }

    /**
     * Appends one byte.
     *
     * @param value its low 8 bits
     */
    public void u8(int value) {
        ensure(1);
        bytes[size++] = (byte) value;
    }

    /**
     * Appends two bytes.
     *
     * @param value its low 16 bits
     */
    public void u16(int value) {
        ensure(2);
        TWO_BYTES.set(bytes, size, (short) value);
        size += 2;
    }

    /**
     * Appends four bytes.
     *
     * @param value its low 32 bits
     */
    public void u32(long value) {
        ensure(4);
        FOUR_BYTES.set(bytes, size, (int) value);
        size += 4;
    }

    /**
     * Appends eight bytes.
     *
     * @param value all 64 bits
     */
    public void u64(long value) {
        first(Long.BYTES, value);
    }

    /** Appends a tag and one byte. */
    void tagU8(int tag, int value) {
        u16(tag << Byte.SIZE | (value & 0xFF));
    }

    /** Appends a tag and four bytes. */
    void tagU32(int tag, long value) {
        first(5, ((long) tag << Integer.SIZE | (value & 0xFFFF_FFFFL)) << 24);
    }

    /** Appends the first bytes of eight; one store for all is cheaper than several. */
    private void first(int length, long eight) {
        ensure(Long.BYTES);
        EIGHT_BYTES.set(bytes, size, eight);
        size += length;
    }

    /**
     * Overwrites four bytes written before, such as a length known only afterwards.
     *
     * @param position where, from 0
     * @param value its low 32 bits
     */
    public void setU32(int position, long value) {
        if (position < 0 || position > size - 4) {
            throw new IllegalArgumentException("position: " + position + " (expected: 0 to " + (size - 4) + ")");
        }
        FOUR_BYTES.set(bytes, position, (int) value);
    }

    /**
     * Appends bytes.
     *
     * @param source the array they come from
     * @param offset the first
     * @param length how many
     */
    public void bytes(byte[] source, int offset, int length) {
        ensure(length);
        System.arraycopy(source, offset, bytes, size, length);
        size += length;
    }

    /**
     * Appends the bytes of a binary, or has it gathered.
     *
     * @param source the binary
     */
    public void bytes(Binary source) {
        int length = source.size();
        if (length >= gatheredFrom) {
            gathered.add(new Gathered(size, source));
            return;
        }
        ensure(length);
        source.copyTo(0, bytes, size, length);
        size += length;
    }

    /**
     * Appends bytes.
     *
     * @param source position to limit is appended and consumed
     */
    public void bytes(ByteBuffer source) {
        ensure(source.remaining());
        while (source.hasRemaining()) { // in steps, as a thread that copies stops for nothing, a collector least of all
            int step = Math.min(source.remaining(), COPIED_AT_ONCE);
            source.get(bytes, size, step);
            size += step;
        }
    }

    /**
     * Appends a tag, the length of a text as one byte, and one byte for each character, unless the text holds others than
     * ASCII.
     *
     * @param text at most 255 characters
     * @return false if it does: nothing was appended
     */
    boolean tagAscii(int tag, String text) {
        int length = text.length();
        ensure(2 + length);
        byte[] to = bytes;
        int start = size + 2;
        int bits = 0;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            bits |= c;
            to[start + i] = (byte) c;
        }
        if (bits >= 0x80) {
            return false;
        }
        TWO_BYTES.set(to, size, (short) (tag << Byte.SIZE | length));
        size = start + length;
        return true;
    }

    /**
     * Hands out what was written from a position on, with what was gathered, and forgets it here. The array goes with it: the copy is of what stands before the position.
     *
     * @param position where, from 0; nothing was gathered before it
     * @return buffers of their own with the bytes from the position to the last, one after the other
     */
    public List<ByteBuffer> split(int position) {
        var pieces = new ArrayList<ByteBuffer>(1 + 2 * gathered.size());
        int start = position;
        for (Gathered each : gathered) {
            pieces.add(ByteBuffer.wrap(bytes, start, each.position() - start));
            pieces.addAll(each.binary().asByteBuffers());
            start = each.position();
        }
        pieces.add(ByteBuffer.wrap(bytes, start, size - start));
        bytes = Arrays.copyOf(bytes, Math.max(1, position));
        size = position;
        gathered.clear();
        return pieces;
    }

    /**
     * Returns a copy of what was written.
     *
     * @return the bytes
     */
    public byte[] toByteArray() {
        return copyFrom(0);
    }

    /**
     * Returns a copy of what was written from a position on, but for what was gathered.
     *
     * @param position where, from 0
     * @return the bytes
     */
    public byte[] copyFrom(int position) {
        return Arrays.copyOfRange(bytes, position, size);
    }

    /**
     * Returns how much room there is.
     *
     * @return the bytes of the array
     */
    public int capacity() {
        return bytes.length;
    }

    /**
     * Returns what was written, without a copy; valid until the next call.
     *
     * @return a buffer over this output's own array, from the first byte to the last
     */
    public ByteBuffer asByteBuffer() {
        return ByteBuffer.wrap(bytes, 0, size);
    }

    private void ensure(int more) {
        if (more > bytes.length - size) {
            grow(more);
        }
    }

    private void grow(int more) {
        long needed = (long) size + more;
        if (needed > MAX_SIZE) {
            throw new IllegalStateException("output: " + needed + " bytes (expected: at most " + MAX_SIZE + ")");
        }
        bytes = Arrays.copyOf(bytes, (int) Math.min(MAX_SIZE, Math.max(needed, bytes.length * 2L)));
    }
}
