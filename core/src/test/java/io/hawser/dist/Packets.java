package io.hawser.dist;

import io.hawser.etf.ByteOutput;
import io.hawser.etf.DecodeLimits;
import io.hawser.etf.TermEncoder;
import io.hawser.handshake.DistFlag;
import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.Pid;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import io.hawser.testing.Hex;
import java.nio.ByteBuffer;

/** What the tests of this package send. */
final class Packets {
    static final Atom PEER = Atom.of("peer@host");
    static final Pid FROM = new Pid(PEER, 1, 0, 5);
    static final Pid TO = new Pid(Atom.of("self@host"), 2, 0, 6);
    static final Pid STRANGER = new Pid(Atom.of("other@host"), 3, 0, 7);
    static final Reference REF = new Reference(PEER, 5, 1, 2, 3);
    static final Atom NAME = Atom.of("name");
    static final Atom REASON = Atom.of("reason");
    static final Tuple TOKEN = Tuple.of(Int.of(1), Int.of(2), Int.of(3), FROM, Int.of(4));

    static final long PASS_THROUGH = 0;
    static final long ATOM_CACHE = DistFlag.DFLAG_DIST_HDR_ATOM_CACHE.mask();
    static final long FRAGMENTS = DistFlag.DFLAG_FRAGMENTS.mask();

    private Packets() {}

    static PacketReader reader(long flags) {
        return reader(flags, 10_000_000);
    }

    static PacketReader reader(long flags, int maxFragmentBytes) {
        return new PacketReader(
                flags, TO.node(), PEER, DecodeLimits.CONNECTION, maxFragmentBytes, new FragmentShare(1L << 30));
    }

    /** Makes a packet of hex, where a term stands for its encoding without version byte. */
    static ByteBuffer packet(Object... parts) {
        var out = new ByteOutput(64);
        for (Object part : parts) {
            if (part instanceof Term term) {
                TermEncoder.write(term, out);
            } else {
                byte[] bytes = Hex.bytes((String) part);
                out.bytes(bytes, 0, bytes.length);
            }
        }
        return out.asByteBuffer();
    }

    /** Makes a control tuple. */
    static Tuple control(int op, Term... more) {
        var elements = new Term[more.length + 1];
        elements[0] = Int.of(op);
        System.arraycopy(more, 0, elements, 1, more.length);
        return Tuple.of(elements);
    }

    /** Makes the first fragment of a message to a name. */
    static ByteBuffer first(long sequenceId, long fragments, String payload) {
        return packet("8345" + u64(sequenceId) + u64(fragments) + "00", control(6, FROM, Atom.EMPTY, NAME), payload);
    }

    /** Makes another fragment. */
    static ByteBuffer next(long sequenceId, long number, String payload) {
        return packet("8346" + u64(sequenceId) + u64(number), payload);
    }

    static String u64(long value) {
        return String.format("%016x", value);
    }
}
