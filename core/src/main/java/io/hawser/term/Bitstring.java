package io.hawser.term;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An Erlang bitstring whose bit count is no multiple of eight. Immutable. With a multiple of eight it is a
 * {@link Binary}.
 */
public final class Bitstring implements Term {
    private final byte[] bytes;
    private final int lastBits;

    /**
     * Makes a bitstring.
     *
     * @param bytes the bits, high bits first, at least one byte; copied, the unused low bits of the last byte set to 0
     * @param lastBits how many bits of the last byte are used, 1 to 7
     * @throws IllegalArgumentException if there is no byte or lastBits is not 1 to 7
     */
    public Bitstring(byte[] bytes, int lastBits) {
        if (bytes.length == 0 || lastBits < 1 || lastBits > 7) {
            throw new IllegalArgumentException("bitstring: " + bytes.length + " bytes, " + lastBits
                    + " bits of the last one (expected: at least one byte, 1 to 7 bits)");
        }
        this.bytes = bytes.clone();
        this.lastBits = lastBits;
        this.bytes[bytes.length - 1] &= (byte) (0xFF << (8 - lastBits));
    }

    /**
     * Returns the bytes.
     *
     * @return a copy; unused low bits of the last byte are 0
     */
    public byte[] toByteArray() {
        return bytes.clone();
    }

    /**
     * Returns how many bits of the last byte are used.
     *
     * @return 1 to 7
     */
    public int lastBits() {
        return lastBits;
    }

    /**
     * Returns the number of bits.
     *
     * @return the size in bits
     */
    public long bitSize() {
        return (bytes.length - 1) * 8L + lastBits;
    }

    /** Not copied: for use in this package, which does not write to it. */
    byte[] bytes() {
        return bytes;
    }

    @Override
    public boolean equals(@Nullable Object o) {
        return o instanceof Bitstring other && lastBits == other.lastBits && Arrays.equals(bytes, other.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes) * 31 + lastBits;
    }

    @Override
    public String toString() {
        return TermPrinter.print(this);
    }
}
