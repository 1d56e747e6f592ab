package io.hawser.term;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;

/** Joins integers of any number of bits to a binary or bitstring. Not thread-safe; used by one caller at a time. */
final class BitBuilder {
    private final ByteArrayOutputStream complete = new ByteArrayOutputStream();
    private int last;
    private int lastBits;

    /** Appends the low bits of a value in two's complement, the highest first. */
    void append(BigInteger value, int bits) {
        for (int i = bits - 1; i >= 0; i--) {
            last = (last << 1) | (value.testBit(i) ? 1 : 0);
            lastBits++;
            if (lastBits == 8) {
                complete.write(last);
                last = 0;
                lastBits = 0;
            }
        }
    }

    void append(byte[] bytes) {
        if (lastBits == 0) {
            complete.writeBytes(bytes);
            return;
        }
        for (byte b : bytes) {
            append(BigInteger.valueOf(b), 8);
        }
    }

    Term toTerm() {
        if (lastBits == 0) {
            return Binary.copyOf(complete.toByteArray());
        }
        var bits = new ByteArrayOutputStream();
        bits.writeBytes(complete.toByteArray());
        bits.write(last << (8 - lastBits));
        return new Bitstring(bits.toByteArray(), lastBits);
    }
}
