package io.hawser.dist;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Control messages that came before, found by their bytes: the same process sends to the same one again and again, and what
 * stands before the message then is always the same, and most of what a small message takes to decode. A term says by
 * itself where it ends, so that bytes that begin with those of a term are that term.
 *
 * <p>Only for headers without atom cache references, whose meaning changes, and only for messages from pid to pid. A small
 * table with one place for each hash of both pids. Not thread-safe; used by one caller at a time.
 */
final class ReceivedHeaders {
    private static final int PLACES = 64;

    // 0 references, {22, From, To}: tuple of 3, 22 as a small integer, pid, node as a short atom; then its length
    private static final int BEGINNING_BYTES = 7;
    private static final long BEGINNING = 0x00_68_03_61_16_58_77L;
    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int IDENTIFIER_BYTES = 12; // id, serial and creation
    private static final int TO_NODE_LENGTH = 2; // tags of the second pid and of its node

    /** What the decoder counts for such a tuple, the atoms in it being known. */
    static final int HEAP_BYTES = 160;

    private @Nullable Header @Nullable [] headers; // made with the first message

    /** Bytes, and the control message that they are. */
    static final class Header {
        private final byte[] bytes;
        final ControlDecoder.Control control;

        private Header(byte[] bytes, ControlDecoder.Control control) {
            this.bytes = bytes;
            this.control = control;
        }

        int length() {
            return bytes.length;
        }
    }

    /** Returns the header that bytes begin with, or null if it is not known. */
    @Nullable
    Header find(byte[] array, int from, int to) {
        if (headers == null) {
            return null;
        }
        int place = place(array, from, to);
        Header there = place < 0 ? null : headers[place];
        return there != null
                        && to - from >= there.bytes.length
                        && Arrays.equals(there.bytes, 0, there.bytes.length, array, from, from + there.bytes.length)
                ? there
                : null;
    }

    /** Keeps a header, if it is one that can be found again. */
    void keep(byte[] array, int from, int to, ControlDecoder.Control control) {
        int place = place(array, from, to);
        if (place >= 0) {
            if (headers == null) {
                headers = new @Nullable Header[PLACES];
            }
            headers[place] = new Header(Arrays.copyOfRange(array, from, to), control);
        }
    }

    /** Returns the place of the header that bytes begin with, or -1 if it has none. */
    private static int place(byte[] array, int from, int to) {
        if (to - from < Long.BYTES) {
            return -1;
        }
        long beginning = (long) EIGHT_BYTES.get(array, from);
        if (beginning >>> Byte.SIZE != BEGINNING) {
            return -1;
        }
        int fromId = from + BEGINNING_BYTES + 1 + (int) (beginning & 0xFF);
        int toNode = fromId + IDENTIFIER_BYTES + TO_NODE_LENGTH;
        if (toNode >= to) {
            return -1;
        }
        int toId = toNode + 1 + (array[toNode] & 0xFF);
        if (toId + IDENTIFIER_BYTES > to) {
            return -1;
        }
        return (31 * low16(array, fromId) + low16(array, toId)) & (PLACES - 1);
    }

    /** Returns the low half of an id, which counts up. */
    private static int low16(byte[] array, int at) {
        return (array[at + 2] & 0xFF) << Byte.SIZE | (array[at + 3] & 0xFF);
    }
}
