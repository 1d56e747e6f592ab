package io.hawser.term;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An Erlang binary: a sequence of bytes. Immutable. A bit count that is no multiple of eight is a {@link Bitstring}. */
public final class Binary implements Term {
    /** The binary without bytes. */
    public static final Binary EMPTY = new Binary(new byte[0]);

    private static final int COPIED_AT_ONCE = 1024 * 1024;

    private final byte[] bytes;

    private Binary(byte[] bytes) {
        this.bytes = bytes;
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
     * Makes a binary from a copy of what is left in a buffer.
     *
     * @param buffer position to limit is copied and consumed
     * @return the binary
     */
    public static Binary copyOf(ByteBuffer buffer) {
        if (!buffer.hasRemaining()) {
            return EMPTY;
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
     * Returns the number of bytes.
     *
     * @return the size in bytes
     */
    public int size() {
        return bytes.length;
    }

    /**
     * Returns the bytes.
     *
     * @return a copy
     */
    public byte[] toByteArray() {
        return bytes.clone();
    }

    /**
     * Returns a view of the bytes without a copy.
     *
     * @return a read-only buffer of its own position, from the first byte to the last
     */
    public ByteBuffer asByteBuffer() {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    /**
     * Returns the bytes as UTF-8 text; malformed sequences become U+FFFD.
     *
     * @return the text
     */
    public String utf8() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Not copied: for use in this package, which does not write to it. */
    byte[] bytes() {
        return bytes;
    }

    @Override
    public boolean equals(@Nullable Object o) {
        return o instanceof Binary other && Arrays.equals(bytes, other.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return TermPrinter.print(this);
    }
}
