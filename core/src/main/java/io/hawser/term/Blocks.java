package io.hawser.term;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The bytes of a large binary in several arrays, one after the other, since one array of hundreds of megabytes takes so
 * long to make that the whole JVM waits for it. Immutable: nobody writes to the arrays any longer.
 */
final class Blocks {
    /** The most bytes of an array. Arrays of this size are those that collectors do not copy about. */
    static final int MAX_BYTES = 4 * 1024 * 1024 - 64;

    private final byte[][] arrays; // none is empty
    private final int size;

    Blocks(List<byte[]> arrays, int size) {
        this.arrays = arrays.toArray(byte[][]::new);
        this.size = size;
    }

    int size() {
        return size;
    }

    byte[] join() {
        var joined = new byte[size];
        copyTo(0, joined, 0, size);
        return joined;
    }

    void copyTo(int offset, byte[] target, int targetOffset, int length) {
        int start = 0; // of the array
        for (byte[] array : arrays) {
            int from = Math.max(offset - start, 0);
            int to = Math.min(offset + length - start, array.length);
            if (from < to) {
                System.arraycopy(array, from, target, targetOffset + start + from - offset, to - from);
            }
            start += array.length;
        }
    }

    /** Returns a part: arrays that lie in it whole are shared, those at its ends are not. */
    Blocks part(int offset, int length) {
        var parts = new ArrayList<byte[]>();
        int start = 0; // of the array
        for (byte[] array : arrays) {
            int from = Math.max(offset - start, 0);
            int to = Math.min(offset + length - start, array.length);
            if (from < to) {
                parts.add(to - from == array.length ? array : Arrays.copyOfRange(array, from, to));
            }
            start += array.length;
        }
        return new Blocks(parts, length);
    }

    List<ByteBuffer> asByteBuffers() {
        var buffers = new ArrayList<ByteBuffer>(arrays.length);
        for (byte[] array : arrays) {
            buffers.add(ByteBuffer.wrap(array).asReadOnlyBuffer());
        }
        return buffers;
    }

    /** Returns the first index of at most {@code limit} at which two sequences of bytes differ, else the limit. */
    static int mismatch(List<ByteBuffer> left, List<ByteBuffer> right, int limit) {
        int leftBlock = 0;
        int rightBlock = 0;
        int same = 0;
        while (same < limit) {
            ByteBuffer a = left.get(leftBlock);
            ByteBuffer b = right.get(rightBlock);
            int step = Math.min(limit - same, Math.min(a.remaining(), b.remaining()));
            int differs = a.slice(a.position(), step).mismatch(b.slice(b.position(), step));
            if (differs >= 0) {
                return same + differs;
            }
            same += step;
            a.position(a.position() + step);
            b.position(b.position() + step);
            leftBlock += a.hasRemaining() ? 0 : 1;
            rightBlock += b.hasRemaining() ? 0 : 1;
        }
        return limit;
    }

    /** Returns what {@link Arrays#hashCode(byte[])} returns for all of them in one array. */
    int contentHash() {
        int hash = 1;
        for (byte[] array : arrays) {
            for (byte b : array) {
                hash = 31 * hash + b;
            }
        }
        return hash;
    }
}
