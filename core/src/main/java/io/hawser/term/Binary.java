package io.hawser.term;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An Erlang binary: a sequence of bytes. Immutable. A bit count that is no multiple of eight is a {@link Bitstring}.
 *
 * <p>A binary of more than 4 MiB that came from another node or from a {@link Builder} lies in blocks, since one array as
 * large holds the JVM up while it is made. {@link #copyTo}, {@link #part} and {@link #asByteBuffers} never join them.
 */
public final class Binary implements Term {
    /** The binary without bytes. */
    public static final Binary EMPTY = new Binary(new byte[0]);

    private static final int COPIED_AT_ONCE = 1024 * 1024;

    private final Object content; // byte[] or Blocks: a field for each would make small ones larger

    private Binary(Object content) {
        this.content = content;
    }

    /**
     * Makes a binary from a copy of bytes.
     *
     * @param bytes the bytes; copied
     * @return the binary
     */
    public static Binary copyOf(byte[] bytes) {
        return bytes.length == 0 ? EMPTY : new Binary(bytes.clone());
    }

    /**
     * Makes a binary from a copy of some bytes.
     *
     * @param bytes where they are
     * @param offset the first
     * @param length how many
     * @return the binary
     * @throws IndexOutOfBoundsException if there are not as many
     */
    public static Binary copyOf(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length > COPIED_AT_ONCE) {
            return copyOf(ByteBuffer.wrap(bytes, offset, length));
        }
        return length == 0 ? EMPTY : new Binary(Arrays.copyOfRange(bytes, offset, offset + length));
    }

    /**
     * Makes a binary from a copy of what is left in a buffer.
     *
     * @param buffer position to limit is copied and consumed
     * @return the binary
     */
    public static Binary copyOf(ByteBuffer buffer) {
        if (!buffer.hasRemaining()) {
            return EMPTY;
        }
        if (buffer.hasArray() && buffer.remaining() <= COPIED_AT_ONCE) { // an array that is not filled with zeros first
            int start = buffer.arrayOffset() + buffer.position();
            int end = buffer.arrayOffset() + buffer.limit();
            buffer.position(buffer.limit());
            return new Binary(Arrays.copyOfRange(buffer.array(), start, end));
        }
        byte[] copy = new byte[buffer.remaining()];
        for (int at = 0;
                buffer.hasRemaining(); ) { // in steps: a thread that copies stops for nothing, collectors included
            int step = Math.min(buffer.remaining(), COPIED_AT_ONCE);
            buffer.get(copy, at, step);
            at += step;
        }
        return new Binary(copy);
    }

    /**
     * Makes a binary of text in UTF-8, as Elixir strings are.
     *
     * @param text the text
     * @return the binary
     */
    public static Binary utf8(String text) {
        return new Binary(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Begins a binary whose bytes come one after the other, without an array for all of them.
     *
     * @return a builder without bytes
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the number of bytes.
     *
     * @return the size in bytes
     */
    public int size() {
        return content instanceof Blocks blocks ? blocks.size() : ((byte[]) content).length;
    }

    /**
     * Returns the bytes.
     *
     * @return a copy
     */
    public byte[] toByteArray() {
        var copy = new byte[size()];
        copyTo(0, copy, 0, copy.length);
        return copy;
    }

    /**
     * Returns the bytes in one buffer: a view without a copy, but a copy of a binary that lies in blocks.
     *
     * @return a read-only buffer of its own position, from the first byte to the last
     * @see #asByteBuffers
     */
    public ByteBuffer asByteBuffer() {
        return ByteBuffer.wrap(bytes()).asReadOnlyBuffer();
    }

    /**
     * Returns a view of the bytes without a copy.
     *
     * @return read-only buffers of their own positions, which hold the bytes one after the other; several if they lie in
     *     blocks
     */
    public List<ByteBuffer> asByteBuffers() {
        return content instanceof Blocks blocks ? blocks.asByteBuffers() : List.of(asByteBuffer());
    }

    /**
     * Copies bytes.
     *
     * @param offset the first, from 0
     * @param target where they go
     * @param targetOffset where the first of them goes
     * @param length how many
     * @throws IndexOutOfBoundsException if there are not as many here, or there
     */
    public void copyTo(int offset, byte[] target, int targetOffset, int length) {
        if (content instanceof byte[] bytes && length <= COPIED_AT_ONCE) {
            System.arraycopy(bytes, offset, target, targetOffset, length);
        } else {
            copyLarge(offset, target, targetOffset, length);
        }
    }

    private void copyLarge(int offset, byte[] target, int targetOffset, int length) {
        int available = size();
        Objects.checkFromIndexSize(offset, length, available);
        Objects.checkFromIndexSize(targetOffset, length, target.length);
        if (content instanceof Blocks blocks) {
            blocks.copyTo(offset, target, targetOffset, length);
            return;
        }
        for (int done = 0; done < length; ) { // in steps: a thread that copies stops for nothing, collectors included
            int step = Math.min(length - done, COPIED_AT_ONCE);
            System.arraycopy(content, offset + done, target, targetOffset + done, step);
            done += step;
        }
    }

    /**
     * Returns a part, as {@code binary:part/3} does. The part keeps nothing else of this binary in memory.
     *
     * @param offset its first byte, from 0
     * @param length how many bytes it has
     * @return the part; what lies in blocks stays there, anything else is copied
     * @throws IndexOutOfBoundsException if there are not as many
     */
    public Binary part(int offset, int length) {
        int available = size();
        Objects.checkFromIndexSize(offset, length, available);
        if (length == 0) {
            return EMPTY;
        } else if (length == available) {
            return this;
        } else if (content instanceof Blocks blocks && length > Blocks.MAX_BYTES) {
            return new Binary(blocks.part(offset, length));
        }
        var copy = new byte[length];
        copyTo(offset, copy, 0, length);
        return new Binary(copy);
    }

    /**
     * Returns the bytes as UTF-8 text; malformed sequences become U+FFFD.
     *
     * @return the text
     */
    public String utf8() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    /** Not copied if they lie in one array: for use in this package, which does not write to it. */
    byte[] bytes() {
        return content instanceof Blocks blocks ? blocks.join() : (byte[]) content;
    }

    @Override
    public boolean equals(@Nullable Object o) {
        if (o instanceof Binary other && size() == other.size()) {
            return (content instanceof byte[] mine && other.content instanceof byte[] others)
                    ? Arrays.equals(mine, others)
                    : Blocks.mismatch(asByteBuffers(), other.asByteBuffers(), size()) == size();
        }
        return false;
    }

    @Override
    public int hashCode() {
        return content instanceof Blocks blocks ? blocks.contentHash() : Arrays.hashCode((byte[]) content);
    }

    @Override
    public String toString() {
        return TermPrinter.print(this);
    }

    /** Collects the bytes of a binary. Not thread-safe; used by one caller at a time. */
    public static final class Builder {
        private final List<byte[]> full = new ArrayList<>();
        private byte[] last = EMPTY.bytes();
        private int filled; // of the last one
        private int size;

        private Builder() {}

        /**
         * Returns how many bytes there are.
         *
         * @return the size in bytes
         */
        public int size() {
            return size;
        }

        /**
         * Appends bytes.
         *
         * @param bytes position to limit is copied and consumed
         * @return this builder
         * @throws IllegalStateException if there would be more than 2<sup>31</sup> - 1
         */
        public Builder append(ByteBuffer bytes) {
            if (bytes.remaining() > Integer.MAX_VALUE - size) {
                throw new IllegalStateException("binary: " + ((long) size + bytes.remaining())
                        + " bytes (expected: at most " + Integer.MAX_VALUE + ")");
            }
            while (bytes.hasRemaining()) {
                if (filled == last.length) {
                    next(bytes.remaining());
                }
                int step = Math.min(bytes.remaining(), last.length - filled);
                bytes.get(last, filled, step);
                filled += step;
                size += step;
            }
            return this;
        }

        /** Grows with what was appended, so that little is made for a binary that stays small. */
        private void next(int more) {
            if (filled > 0) {
                full.add(last);
            }
            last = new byte[Math.min(Blocks.MAX_BYTES, Math.max(more, size / 2))];
            filled = 0;
        }

        /**
         * Makes the binary, and begins anew.
         *
         * @return the binary; of up to 4 MiB it lies in one array
         */
        public Binary build() {
            if (filled > 0) {
                full.add(filled < last.length ? Arrays.copyOf(last, filled) : last);
            }
            Binary built = EMPTY;
            if (full.size() == 1) {
                built = new Binary(full.get(0));
            } else if (size > 0) {
                var blocks = new Blocks(full, size);
                built = new Binary(size > Blocks.MAX_BYTES ? blocks : blocks.join());
            }
            full.clear();
            last = EMPTY.bytes();
            filled = 0;
            size = 0;
            return built;
        }
    }
}
