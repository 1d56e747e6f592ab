package io.hawser.dist;

import io.hawser.term.Atom;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts the fragments of messages together. Sequences may interleave; what all of them hold is bounded, and nothing is
 * sized from a number that the peer announces.
 *
 * <p>Not thread-safe; used by one caller at a time.
 */
final class FragmentAssembler {
    /** The most fragments of one message. OTP sends 64 KiB each, which makes 64 GiB. */
    static final long MAX_FRAGMENTS = 1 << 20;

    /** The most messages begun and not ended: at a peer each is a process that waits to go on sending. */
    static final int MAX_SEQUENCES = 1024;

    /** What a sequence and a part are charged besides their bytes, since a part may have none. */
    private static final int SEQUENCE_OVERHEAD = 512;

    private static final int PART_OVERHEAD = 64;

    private final int maxBufferedBytes;
    private final Map<Long, Sequence> sequences = new HashMap<>();
    private long bufferedBytes;

    /** @param maxBufferedBytes the most that the parts of all messages may take, about */
    FragmentAssembler(int maxBufferedBytes) {
        this.maxBufferedBytes = maxBufferedBytes;
    }

    /** A message that was begun. */
    static final class Sequence {
        final ControlDecoder.Control control;
        final Atom[] atoms;
        private final List<byte[]> parts = new ArrayList<>();
        private long nextFragment;
        private long charged;
        private int payloadBytes;
        private int wireBytes;

        private Sequence(ControlDecoder.Control control, Atom[] atoms, long fragments) {
            this.control = control;
            this.atoms = atoms;
            nextFragment = fragments;
        }

        /** Returns the bytes of all packets it came in. */
        int wireBytes() {
            return wireBytes;
        }

        /** Joins the parts. */
        byte[] payload() {
            byte[] payload = new byte[payloadBytes];
            int length = 0;
            for (byte[] part : parts) {
                System.arraycopy(part, 0, payload, length, part.length);
                length += part.length;
            }
            return payload;
        }
    }

    /** Returns the bytes charged for messages that were begun and not ended. */
    long bufferedBytes() {
        return bufferedBytes;
    }

    /** Checks the ids of a first fragment, before the rest of it is looked at. */
    void checkFirst(long sequenceId, long fragments) {
        if (fragments < 1 || fragments > MAX_FRAGMENTS) {
            throw new ProtocolException("first fragment: " + Long.toUnsignedString(fragments)
                    + " fragments (expected: 1 to " + MAX_FRAGMENTS + ")");
        }
        if (sequences.containsKey(sequenceId)) {
            throw new ProtocolException(
                    "first fragment: sequence " + Long.toUnsignedString(sequenceId) + " is already open");
        }
        if (sequences.size() >= MAX_SEQUENCES) {
            throw new ProtocolException(
                    "first fragment: " + sequences.size() + " sequences are open (expected: fewer)");
        }
    }

    /**
     * Begins a message.
     *
     * @param fragments how many there will be, at least 2
     * @param part the first part, copied
     * @param wireBytes the size of the packet it came in
     */
    void begin(
            long sequenceId,
            long fragments,
            ControlDecoder.Control control,
            Atom[] atoms,
            ByteBuffer part,
            int wireBytes) {
        var sequence = new Sequence(control, atoms, fragments);
        long charge = (long) SEQUENCE_OVERHEAD + wireBytes - part.remaining();
        for (Atom atom : atoms) {
            charge += atom.text().length();
        }
        append(sequence, charge, part, wireBytes);
        sequences.put(sequenceId, sequence);
    }

    /**
     * Adds a part to a message.
     *
     * @param fragment the number of the part, which counts down to 1
     * @param part copied
     * @param wireBytes the size of the packet it came in
     * @return the message when the part was the last one
     */
    @Nullable
    Sequence add(long sequenceId, long fragment, ByteBuffer part, int wireBytes) {
        Sequence sequence = sequences.get(sequenceId);
        if (sequence == null) {
            throw new ProtocolException("fragment: sequence " + Long.toUnsignedString(sequenceId) + " is not open");
        }
        if (fragment != sequence.nextFragment) {
            throw new ProtocolException("fragment: number " + Long.toUnsignedString(fragment) + " (expected: "
                    + sequence.nextFragment + ")");
        }
        append(sequence, 0, part, wireBytes);
        if (sequence.nextFragment > 0) {
            return null;
        }
        sequences.remove(sequenceId);
        bufferedBytes -= sequence.charged;
        return sequence;
    }

    private void append(Sequence sequence, long overhead, ByteBuffer part, int wireBytes) {
        long charge = overhead + PART_OVERHEAD + part.remaining();
        if (charge > maxBufferedBytes - bufferedBytes) {
            throw new ProtocolException("fragment: " + (bufferedBytes + charge)
                    + " bytes of messages not complete (expected: at most " + maxBufferedBytes + ")");
        }
        bufferedBytes += charge;
        sequence.charged += charge;
        sequence.payloadBytes += part.remaining();
        sequence.wireBytes = (int) Math.min(Integer.MAX_VALUE, (long) sequence.wireBytes + wireBytes);
        sequence.nextFragment--;
        byte[] copy = new byte[part.remaining()];
        part.get(copy);
        sequence.parts.add(copy);
    }
}
