package io.hawser.dist;

import io.hawser.etf.TermDecoder;
import io.hawser.term.Atom;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The atoms that the headers of one direction of a connection refer to: 2048 slots that the sender fills as it likes.
 *
 * <p>Not thread-safe; used by one caller at a time.
 */
final class AtomCache {
    private static final int SEGMENTS = 8;
    private static final int SEGMENT_SLOTS = 256;
    private static final int NEW_ENTRY = 8;
    private static final int LONG_ATOMS = 1;
    private static final Atom[] NONE = {};

    private final boolean negotiated;
    private @Nullable Atom @Nullable [] slots; // made when an atom comes

    /** @param negotiated whether headers may refer to atoms at all */
    AtomCache(boolean negotiated) {
        this.negotiated = negotiated;
    }

    /**
     * Reads the references of a header: n as 1 byte; unless n is 0, n + 1 half bytes of flags, low half first, then n
     * times the slot's low byte and, if new, length and text.
     *
     * @param packet position at n; moves behind the header
     * @param decoder reads the same buffer
     * @return the atoms, in the order the terms refer to them
     */
    Atom[] readHeader(ByteBuffer packet, TermDecoder decoder) {
        int count = u8(packet);
        if (count == 0) {
            return NONE;
        }
        if (!negotiated) {
            throw new ProtocolException("distribution header: " + count + " atoms (expected: 0 without an atom cache)");
        }
        int flags = packet.position();
        need(packet, count / 2 + 1);
        packet.position(flags + count / 2 + 1);
        boolean longAtoms = (halfByte(packet, flags, count) & LONG_ATOMS) != 0;
        var atoms = new Atom[count];
        for (int i = 0; i < count; i++) {
            int flag = halfByte(packet, flags, i);
            int slot = (flag & (SEGMENTS - 1)) * SEGMENT_SLOTS + u8(packet);
            if ((flag & NEW_ENTRY) != 0) {
                int length = longAtoms ? u8(packet) << Byte.SIZE | u8(packet) : u8(packet);
                atoms[i] = put(slot, decoder.readAtomText(length));
            } else {
                atoms[i] = get(slot);
            }
        }
        return atoms;
    }

    private Atom put(int slot, Atom atom) {
        if (slots == null) {
            slots = new @Nullable Atom[SEGMENTS * SEGMENT_SLOTS];
        }
        slots[slot] = atom;
        return atom;
    }

    private Atom get(int slot) {
        Atom atom = slots == null ? null : slots[slot];
        if (atom == null) {
            throw new ProtocolException("distribution header: atom cache slot " + slot + " is empty");
        }
        return atom;
    }

    private static int halfByte(ByteBuffer packet, int start, int index) {
        int pair = packet.get(start + index / 2);
        return (index % 2 == 0 ? pair : pair >>> 4) & 0xF;
    }

    private static int u8(ByteBuffer packet) {
        need(packet, 1);
        return packet.get() & 0xFF;
    }

    private static void need(ByteBuffer packet, int bytes) {
        if (packet.remaining() < bytes) {
            throw new ProtocolException(
                    "distribution header: " + packet.remaining() + " bytes remain (expected: at least " + bytes + ")");
        }
    }
}
