package io.hawser.dist;

import io.hawser.etf.ByteOutput;
import io.hawser.etf.TermEncoder;
import io.hawser.term.Tuple;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;

/**
 * The fragments of one large message, written one packet at a time so that other packets can go between them.
 *
 * <p>Not thread-safe; used by one caller at a time.
 */
public final class OutgoingFragments {
    private final Tuple control;
    private final Iterator<ByteBuffer> pieces;
    private ByteBuffer piece = ByteBuffer.allocate(0);
    private long remaining;
    private final long sequenceId;
    private boolean begun;

    /**
     * @param pieces the payload; read as the fragments are written
     * @param length the bytes in them
     */
    OutgoingFragments(Tuple control, List<ByteBuffer> pieces, long length, long sequenceId) {
        this.control = control;
        this.pieces = pieces.iterator();
        this.remaining = length;
        this.sequenceId = sequenceId;
    }

    /**
     * Returns how many bytes of payload are still to be written.
     *
     * @return the bytes; 0 after the last fragment
     */
    public long remaining() {
        return remaining;
    }

    /**
     * Appends the next fragment: a packet with its length in front, of about {@link PacketWriter#FRAGMENT_BYTES}.
     *
     * @param out what it is appended to
     * @return whether there are more
     * @throws IllegalStateException if the last one was written
     */
    public boolean writeNext(ByteOutput out) {
        if (remaining == 0) {
            throw new IllegalStateException("fragments: all are written");
        }
        int start = out.size();
        out.u32(0); // the length, set when all is written
        out.u8(PacketForm.VERSION);
        out.u8(begun ? PacketForm.NEXT_FRAGMENT : PacketForm.FIRST_FRAGMENT);
        out.u64(sequenceId);
        // the number of fragments from this one on
        out.u64((remaining + PacketWriter.FRAGMENT_BYTES - 1L) / PacketWriter.FRAGMENT_BYTES);
        if (!begun) {
            out.u8(0); // references
            TermEncoder.write(control, out);
            begun = true;
        }
        writePart(out, (int) Math.min(remaining, PacketWriter.FRAGMENT_BYTES));
        out.setU32(start, out.size() - start - Integer.BYTES);
        return remaining > 0;
    }

    private void writePart(ByteOutput out, int length) {
        for (int left = length; left > 0; ) {
            if (!piece.hasRemaining()) {
                piece = pieces.next();
            }
            int step = Math.min(left, piece.remaining());
            out.bytes(piece.slice().limit(step));
            piece.position(piece.position() + step);
            left -= step;
        }
        remaining -= length;
    }
}
