package io.hawser.dist;

import io.hawser.etf.DecodeLimits;
import io.hawser.etf.EtfException;
import io.hawser.etf.TermDecoder;
import io.hawser.term.Atom;
import io.hawser.term.Term;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the packets of one connection after the handshake, in the form that the flags call for. Strict: a packet of
 * another form, or with bytes left over, is an error, and after an error the connection is of no use.
 *
 * <p>Holds the connection's inbound atom cache and the fragments of messages that are not complete; every packet must
 * come by here once, in order.
 *
 * <p>Not thread-safe; used by one caller at a time.
 *
 * @see <a href="https://www.erlang.org/doc/apps/erts/erl_dist_protocol.html#protocol-between-connected-nodes">Protocol
 *     between connected nodes</a>
 */
public final class PacketReader {
    /** A message in fragments of more bytes is handed out undecoded: the caller chooses where that is done. */
    public static final int DECODED_BYTES = 512 * 1024;

    private static final int FRAGMENT_IDS_LENGTH = 16;

    private final boolean hasHeader;
    private final boolean hasFragments;
    private final AtomCache atomCache;
    private final FragmentAssembler fragments;
    private final DecodeLimits limits;
    private final ControlDecoder controls;
    private final ReceivedHeaders headers = new ReceivedHeaders();
    private final TermDecoder decoder;
    private final ByteBuffer nothing = ByteBuffer.allocate(0);

    /**
     * Makes a reader.
     *
     * @param flags the flags that both sides announced
     * @param self our node name; links, monitors and exit signals may only be to its pids
     * @param peer the peer's node name as it stands in its pids; links, monitors and link exits may only come from those
     * @param limits what terms may be at most
     * @param maxFragmentBytes the most bytes, about, that fragments of messages not complete may take together
     * @param share what those of other connections count in, too
     */
    public PacketReader(
            long flags, Atom self, Atom peer, DecodeLimits limits, int maxFragmentBytes, FragmentShare share) {
        hasHeader = PacketForm.hasHeader(flags);
        hasFragments = PacketForm.hasFragments(flags);
        atomCache = new AtomCache(PacketForm.hasAtomCache(flags));
        fragments = new FragmentAssembler(maxFragmentBytes, share);
        this.limits = limits;
        controls = new ControlDecoder(self, peer);
        decoder = new TermDecoder(nothing, limits);
        decoder.know(self);
        decoder.know(peer);
    }

    /**
     * Reads one packet.
     *
     * @param packet position to limit is the packet without its length; consumed, and not referred to afterwards
     * @return the signal; null if the packet is a tick, or a fragment that does not complete a message
     * @throws ProtocolException if the packet is not what the protocol allows, or exceeds a limit
     */
    public @Nullable Signal read(ByteBuffer packet) {
        if (!packet.hasRemaining()) {
            return null;
        }
        try {
            decoder.reset(packet);
            return hasHeader ? readWithHeader(packet) : readPassThrough(packet);
        } catch (EtfException e) {
            throw new ProtocolException("packet: " + e.getMessage(), e);
        } finally {
            decoder.atomCacheRefs(null);
            decoder.reset(nothing); // packets can be large
        }
    }

    /** Drops what is held of messages that are not complete: the connection is closed. */
    public void close() {
        fragments.clear();
    }

    /**
     * Returns how much is held of messages that are not complete.
     *
     * @return bytes, about; at most what the constructor was given
     */
    public long bufferedBytes() {
        return fragments.bufferedBytes();
    }

    // 112, 131, control [, 131, payload]
    private Signal readPassThrough(ByteBuffer packet) {
        int wireBytes = packet.remaining();
        expect(packet.get() & 0xFF, PacketForm.PASS_THROUGH, "first byte");
        var control = controls.decode(decoder.readVersionedTerm());
        Term payload = control.payloadFollows() ? decoder.readVersionedTerm() : control.reason();
        decoder.requireEnd();
        return new Signal(control.message(), payload, wireBytes, Signal.clamp(decoder.heapBytes()));
    }

    private @Nullable Signal readWithHeader(ByteBuffer packet) {
        int wireBytes = packet.remaining();
        expect(packet.get() & 0xFF, PacketForm.VERSION, "first byte");
        int form = packet.hasRemaining() ? packet.get() & 0xFF : -1;
        if (form == PacketForm.HEADER) {
            return readWhole(packet, wireBytes);
        } else if (form == PacketForm.FIRST_FRAGMENT && hasFragments) {
            return readFirstFragment(packet, wireBytes);
        } else if (form == PacketForm.NEXT_FRAGMENT && hasFragments) {
            return readNextFragment(packet, wireBytes);
        }
        throw new ProtocolException("packet: " + (form < 0 ? "no second byte" : "second byte " + form) + " (expected: "
                + (hasFragments ? "68, 69 or 70)" : "68)"));
    }

    // 131, 68, references, control [, payload]
    private Signal readWhole(ByteBuffer packet, int wireBytes) {
        if (!packet.hasArray()) {
            return finish(readControl(packet), wireBytes, 0);
        }
        int start = packet.position();
        int arrayStart = packet.arrayOffset() + start;
        ReceivedHeaders.Header known = headers.find(packet.array(), arrayStart, packet.arrayOffset() + packet.limit());
        if (known != null) {
            packet.position(start + known.length());
            return finish(known.control, wireBytes, ReceivedHeaders.HEAP_BYTES);
        }
        ControlDecoder.Control control = readControl(packet);
        headers.keep(packet.array(), arrayStart, packet.arrayOffset() + packet.position(), control);
        return finish(control, wireBytes, 0);
    }

    private ControlDecoder.Control readControl(ByteBuffer packet) {
        decoder.atomCacheRefs(atomCache.readHeader(packet, decoder));
        return controls.decode(decoder.readTerm());
    }

    // 131, 69, sequence id as 8 bytes, number of fragments as 8 bytes, references, control, part of the payload
    private @Nullable Signal readFirstFragment(ByteBuffer packet, int wireBytes) {
        needFragmentIds(packet);
        long sequenceId = packet.getLong();
        long count = packet.getLong();
        fragments.checkFirst(sequenceId, count);
        Atom[] atoms = atomCache.readHeader(packet, decoder);
        decoder.atomCacheRefs(atoms);
        var control = controls.decode(decoder.readTerm());
        if (!control.payloadFollows()) {
            throw new ProtocolException("first fragment: "
                    + control.message().getClass().getSimpleName() + " has no payload to be fragmented");
        }
        if (count == 1) {
            return finish(control, wireBytes, 0);
        }
        fragments.begin(sequenceId, count, control, decoder.heapBytes(), atoms, packet, wireBytes);
        return null;
    }

    // 131, 70, sequence id as 8 bytes, fragments to go with this one as 8 bytes, part of the payload
    private @Nullable Signal readNextFragment(ByteBuffer packet, int wireBytes) {
        needFragmentIds(packet);
        long sequenceId = packet.getLong();
        long number = packet.getLong();
        FragmentAssembler.Sequence message = fragments.add(sequenceId, number, packet, wireBytes);
        if (message == null) {
            return null;
        }
        if (message.payloadBytes() > DECODED_BYTES) {
            var undecoded = new UndecodedPayload(message, limits);
            return new Signal(
                    message.control.message(),
                    null,
                    message.wireBytes(),
                    Signal.clamp(message.controlHeapBytes),
                    undecoded);
        }
        message.release();
        ByteBuffer inRoom = message.payloadInRoom();
        if (inRoom != null) {
            decoder.reset(inRoom);
        } else {
            decoder.reset(message.payload());
        }
        decoder.atomCacheRefs(message.atoms);
        Signal signal = finish(message.control, message.wireBytes(), message.controlHeapBytes);
        fragments.takeBack(message);
        return signal;
    }

    /** Reads the payload; what was decoded before this buffer takes so much heap. */
    private Signal finish(ControlDecoder.Control control, int wireBytes, long heapBytesBefore) {
        Term payload = control.payloadFollows() ? decoder.readTerm() : control.reason();
        decoder.requireEnd();
        int heapBytes = Signal.clamp(heapBytesBefore + decoder.heapBytes());
        return new Signal(control.message(), payload, wireBytes, heapBytes);
    }

    private static void needFragmentIds(ByteBuffer packet) {
        if (packet.remaining() < FRAGMENT_IDS_LENGTH) {
            throw new ProtocolException("fragment: " + packet.remaining() + " bytes remain (expected: at least "
                    + FRAGMENT_IDS_LENGTH + ")");
        }
    }

    private static void expect(int found, int expected, String what) {
        if (found != expected) {
            throw new ProtocolException("packet: " + what + " " + found + " (expected: " + expected + ")");
        }
    }
}
