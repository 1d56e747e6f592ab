package io.hawser.etf;

import io.hawser.term.FloatTerm;
import io.hawser.term.Int;
import io.hawser.term.IntegerTerm;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads integers and floats. */
final class NumberReader {
    private static final int OLD_FLOAT_LENGTH = 31;

    private final ByteInput in;
    private final HeapEstimate heap;
    private final int maxIntegerBytes;

    NumberReader(ByteInput in, HeapEstimate heap, int maxIntegerBytes) {
        this.in = in;
        this.heap = heap;
        this.maxIntegerBytes = maxIntegerBytes;
    }

    /** Reads the integer after a tag that was read, or returns null when the tag is not one of an integer. */
    @Nullable
    IntegerTerm readInteger(int tag) {
        return switch (tag) {
            case Tag.SMALL_INTEGER_EXT -> Int.of(in.u8());
            case Tag.INTEGER_EXT -> readInt();
            case Tag.SMALL_BIG_EXT -> readBig(in.u8());
            case Tag.LARGE_BIG_EXT -> readBig(in.u32());
            default -> null;
        };
    }

    // INTEGER_EXT (98): 4 bytes
    Int readInt() {
        heap.add(HeapEstimate.NUMBER);
        return Int.of(in.i32());
    }

    // SMALL_BIG_EXT (110): n as 1 byte, sign (0 is plus), n bytes, lowest first. LARGE_BIG_EXT (111): n as 4 bytes
    private IntegerTerm readBig(long n) {
        if (n > maxIntegerBytes) {
            throw in.error("n=" + n + " (expected: at most " + maxIntegerBytes + " bytes)");
        }
        boolean negative = in.u8() != 0;
        int length = in.count(n, 1);
        in.need(length);
        int first = in.position;
        in.position += length;
        while (length > 0 && in.array[first + length - 1] == 0) {
            length--;
        }
        if (length < Long.BYTES || (length == Long.BYTES && in.array[first + length - 1] > 0)) {
            long value = 0;
            for (int i = length - 1; i >= 0; i--) {
                value = value << 8 | (in.array[first + i] & 0xFF);
            }
            heap.add(HeapEstimate.NUMBER);
            return Int.of(negative ? -value : value);
        }
        heap.add((long) HeapEstimate.BIG + length);
        byte[] magnitude = new byte[length];
        for (int i = 0; i < length; i++) {
            magnitude[i] = in.array[first + length - 1 - i];
        }
        return IntegerTerm.of(new BigInteger(negative ? -1 : 1, magnitude));
    }

    // NEW_FLOAT_EXT (70): IEEE 754 as 8 bytes
    FloatTerm readFloat() {
        return finite(Double.longBitsToDouble(in.i64()));
    }

    // FLOAT_EXT (99): decimal text, filled up with NUL to 31 bytes
    FloatTerm readOldFloat() {
        in.need(OLD_FLOAT_LENGTH);
        int first = in.position;
        in.position += OLD_FLOAT_LENGTH;
        int length = 0;
        while (length < OLD_FLOAT_LENGTH && in.array[first + length] != 0) {
            length++;
        }
        String text = new String(in.array, first, length, StandardCharsets.ISO_8859_1);
        if (!isDecimal(text)) {
            throw in.error("text is not a number (expected: digits, a point, digits, perhaps an exponent)");
        }
        return finite(Double.parseDouble(text));
    }

    private FloatTerm finite(double value) {
        heap.add(HeapEstimate.NUMBER);
        if (!Double.isFinite(value)) {
            throw in.error("found " + value + " (expected: a finite number)");
        }
        return new FloatTerm(value);
    }

    /** Double.parseDouble takes more than Erlang: blanks, hexadecimals, suffixes, NaN. */
    private static boolean isDecimal(String text) {
        int i = afterSign(text, 0);
        int point = afterDigits(text, i);
        if (point == i || point == text.length() || text.charAt(point) != '.') {
            return false;
        }
        i = afterDigits(text, point + 1);
        if (i == point + 1) {
            return false;
        }
        if (i < text.length() && (text.charAt(i) == 'e' || text.charAt(i) == 'E')) {
            int exponent = afterSign(text, i + 1);
            i = afterDigits(text, exponent);
            if (i == exponent) {
                return false;
            }
        }
        return i == text.length();
    }

    private static int afterSign(String text, int from) {
        return from < text.length() && (text.charAt(from) == '-' || text.charAt(from) == '+') ? from + 1 : from;
    }

    private static int afterDigits(String text, int from) {
        int i = from;
        while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
            i++;
        }
        return i;
    }
}
