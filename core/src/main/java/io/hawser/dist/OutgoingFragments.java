package io.hawser.dist;

import io.hawser.etf.ByteOutput;
import io.hawser.etf.TermEncoder;
import io.hawser.term.Tuple;
import java.nio.ByteBuffer;

/**
 * The fragments of one large message, written one packet at a time so that other packets can go between them.
 *
 * <p>Not thread-safe; used by one caller at a time.
 */
public final class OutgoingFragments {
    private final Tuple control;
    private final ByteBuffer payload;
    private final long sequenceId;
    private boolean begun;

    OutgoingFragments(Tuple control, ByteBuffer payload, long sequenceId) {
        this.control = control;
        this.payload = payload;
        this.sequenceId = sequenceId;
    }

    /**
     * Returns how many bytes of payload are still to be written.
     *
     * @return the bytes; 0 after the last fragment
     */
    public int remaining() {
        return payload.remaining();
    }

    /**
     * Appends the next fragment: a packet with its length in front, of about {@link PacketWriter#FRAGMENT_BYTES}.
     *
     * @param out what it is appended to
     * @return whether there are more
     * @throws IllegalStateException if the last one was written
     */
    public boolean writeNext(ByteOutput out) {
        if (!payload.hasRemaining()) {
            throw new IllegalStateException("fragments: all are written");
        }
        int start = out.size();
        out.u32(0); // the length, set when all is written
        out.u8(PacketForm.VERSION);
        out.u8(begun ? PacketForm.NEXT_FRAGMENT : PacketForm.FIRST_FRAGMENT);
        out.u64(sequenceId);
        // the number of fragments from this one on
        out.u64((payload.remaining() + PacketWriter.FRAGMENT_BYTES - 1L) / PacketWriter.FRAGMENT_BYTES);
        if (!begun) {
            out.u8(0); // references
            TermEncoder.write(control, out);
            begun = true;
        }
        int length = Math.min(payload.remaining(), PacketWriter.FRAGMENT_BYTES);
        out.bytes(payload.slice().limit(length));
        payload.position(payload.position() + length);
        out.setU32(start, out.size() - start - Integer.BYTES);
        return payload.hasRemaining();
    }
}
