package io.hawser.etf;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Inflates a compressed term into an array that grows with what comes out, not with what the header claims. */
final class Inflation {
    private static final int FIRST_BYTES = 16 * 1024;

    private Inflation() {}

    // compressed (80): size when inflated as 4 bytes, zlib stream of tag and body
    static byte[] inflate(ByteInput in, int maxBytes) {
        long size = in.u32();
        if (size > maxBytes) {
            throw in.error(size + " bytes when inflated (expected: at most " + maxBytes + ")");
        }
        var inflater = new Inflater();
        try {
            in.need(in.remaining());
            inflater.setInput(in.array, in.position, in.remaining());
            byte[] inflated = inflate(inflater, (int) size, in);
            in.position += (int) inflater.getBytesRead();
            return inflated;
        } catch (DataFormatException e) {
            throw in.error("not a zlib stream");
        } finally {
            inflater.end();
        }
    }

    private static byte[] inflate(Inflater inflater, int size, ByteInput in) throws DataFormatException {
        // one byte more than claimed, so that a stream that is too long shows
        byte[] out = new byte[(int) Math.min(size + 1L, FIRST_BYTES)];
        int length = 0;
        while (!inflater.finished()) {
            if (length == out.length) {
                out = Arrays.copyOf(out, (int) Math.min(size + 1L, out.length * 2L));
            }
            int inflated = inflater.inflate(out, length, out.length - length);
            length += inflated;
            if (length > size) {
                throw in.error("more bytes when inflated than the " + size + " announced");
            }
            if (inflated == 0 && !inflater.finished()) {
                throw in.error("zlib stream is cut short or needs a dictionary");
            }
        }
        if (length != size) {
            throw in.error(length + " bytes when inflated (expected: " + size + " as announced)");
        }
        return length == out.length ? out : Arrays.copyOf(out, length);
    }
}
