package io.hawser.dist;

import io.hawser.term.Atom;
import io.hawser.term.Binary;
import java.nio.ByteBuffer;
import java.util.HashMap;
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
    private static final int ATOM_OVERHEAD = 64;

    /** Messages of a few fragments, which most are, are put together in one array that is kept. */
    private static final int ROOM_BYTES = 3 * PacketWriter.FRAGMENT_BYTES;

    /** What a connection may take when those of all connections together take too much. */
    private static final int SPARED_BYTES = 1024 * 1024;

    private final int maxBufferedBytes;
    private final FragmentShare share;
    private final Map<Long, Sequence> sequences = new HashMap<>();
    private @Nullable ByteBuffer room; // for one short message at a time; made with the first
    private boolean roomLent;
    private long bufferedBytes;

    /**
     * @param maxBufferedBytes the most that the parts of all messages may take, about
     * @param share counts them with those of other connections
     */
    FragmentAssembler(int maxBufferedBytes, FragmentShare share) {
        this.maxBufferedBytes = maxBufferedBytes;
        this.share = share;
    }

    /** A message that was begun. */
    static final class Sequence {
        private final FragmentShare share;
        final ControlDecoder.Control control;
        final long controlHeapBytes;
        final Atom[] atoms;
        private final Binary.Builder payload = Binary.builder();
        private @Nullable ByteBuffer room; // what came so far, if it is not in the builder
        private long nextFragment;
        private long charged;
        private int wireBytes;

        private Sequence(
                FragmentShare share,
                ControlDecoder.Control control,
                long controlHeapBytes,
                Atom[] atoms,
                long fragments,
                @Nullable ByteBuffer room) {
            this.room = room;
            this.share = share;
            this.control = control;
            this.controlHeapBytes = controlHeapBytes;
            this.atoms = atoms;
            nextFragment = fragments;
        }

        /** Returns the bytes of all packets it came in. */
        int wireBytes() {
            return wireBytes;
        }

        /** Makes room for other messages: this one is a term now. */
        void release() {
            share.add(-charged);
            charged = 0;
        }

        int payloadBytes() {
            return room != null ? room.position() : payload.size();
        }

        /** Returns the payload in an array that is used again after {@link #takeBack}; null if it lies elsewhere. */
        @Nullable
        ByteBuffer payloadInRoom() {
            return room == null ? null : room.duplicate().flip();
        }

        /** Hands out the payload, and lets go of what is not in such an array: called once. */
        Binary payload() {
            ByteBuffer inRoom = payloadInRoom();
            return inRoom != null ? Binary.copyOf(inRoom) : payload.build();
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
     * @param controlHeapBytes about how much heap the control message takes
     * @param atoms what the parts may refer to; counted though the atom cache has them too, for others may take their places
     * @param part the first part, copied
     * @param wireBytes the size of the packet it came in
     */
    void begin(
            long sequenceId,
            long fragments,
            ControlDecoder.Control control,
            long controlHeapBytes,
            Atom[] atoms,
            ByteBuffer part,
            int wireBytes) {
        var sequence = new Sequence(share, control, controlHeapBytes, atoms, fragments, lendRoom());
        long charge = SEQUENCE_OVERHEAD + controlHeapBytes;
        for (Atom atom : atoms) {
            charge += ATOM_OVERHEAD + atom.text().length();
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
     * @return the message when the part was the last one; to be released
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
        bufferedBytes -= sequence.charged; // in the share it counts until it is decoded
        return sequence;
    }

    void clear() {
        sequences.clear();
        if (room != null) {
            room = null;
            share.add(-ROOM_BYTES);
        }
        charge(-bufferedBytes);
    }

    private void charge(long more) {
        bufferedBytes += more;
        share.add(more);
    }

    private void append(Sequence sequence, long overhead, ByteBuffer part, int wireBytes) {
        long charge = overhead + PART_OVERHEAD + part.remaining();
        if (charge > maxBufferedBytes - bufferedBytes) {
            throw new ProtocolException("fragment: " + (bufferedBytes + charge)
                    + " bytes of messages not complete (expected: at most " + maxBufferedBytes + ")");
        }
        if (share.isFull() && bufferedBytes + charge > SPARED_BYTES) {
            throw new ProtocolException("fragment: all peers' messages not complete take more than " + share.maxBytes()
                    + " bytes, this one's " + (bufferedBytes + charge) + " (expected: at most " + SPARED_BYTES + ")");
        }
        charge(charge);
        sequence.charged += charge;
        sequence.wireBytes = (int) Math.min(Integer.MAX_VALUE, (long) sequence.wireBytes + wireBytes);
        sequence.nextFragment--;
        if (sequence.room != null && sequence.room.remaining() < part.remaining()) {
            sequence.payload.append(sequence.room.duplicate().flip());
            takeBack(sequence);
        }
        if (sequence.room != null) {
            sequence.room.put(part);
        } else {
            sequence.payload.append(part);
        }
    }

    private @Nullable ByteBuffer lendRoom() {
        if (roomLent || (room == null && share.isFull())) {
            return null;
        }
        roomLent = true;
        if (room == null) {
            room = ByteBuffer.allocate(ROOM_BYTES);
            share.add(ROOM_BYTES);
        }
        return room.clear();
    }

    /** The payload of a message is decoded. */
    void takeBack(Sequence sequence) {
        if (sequence.room != null) {
            sequence.room = null;
            roomLent = false;
        }
    }
}
