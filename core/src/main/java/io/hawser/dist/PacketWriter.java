package io.hawser.dist;

import io.hawser.etf.ByteOutput;
import io.hawser.etf.TermEncoder;
import io.hawser.term.Pid;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import org.jspecify.annotations.Nullable;

/**
 * Writes packets for one connection after the handshake, with their lengths in front, in the form that the flags call
 * for. Atoms are written in full; the atom cache, where negotiated, stays unused.
 *
 * <p>Thread-safe: immutable.
 *
 * @see <a href="https://www.erlang.org/doc/apps/erts/erl_dist_protocol.html#protocol-between-connected-nodes">Protocol
 *     between connected nodes</a>
 */
public final class PacketWriter {
    /** What a fragment has of the payload, but for the last one: as much as OTP's. */
    public static final int FRAGMENT_BYTES = 64 * 1024;

    /**
     * A payload of more bytes leaves in fragments where those were negotiated. More than one fragment, since 64 KiB is what
     * many take for the size of a block: with the few bytes around it such a binary would be taken apart, and put together
     * again, for nothing.
     */
    public static final int WHOLE_BYTES = FRAGMENT_BYTES + FRAGMENT_BYTES / 2;

    private static final int LENGTH_BYTES = 4;

    private final boolean hasHeader;
    private final boolean hasFragments;
    private final ControlEncoder controls;

    /**
     * Makes a writer.
     *
     * @param flags the flags that both sides announced
     */
    public PacketWriter(long flags) {
        hasHeader = PacketForm.hasHeader(flags);
        hasFragments = PacketForm.hasFragments(flags);
        controls = new ControlEncoder(flags);
    }

    /**
     * Appends a tick, the packet without bytes.
     *
     * @param out what it is appended to
     */
    public static void writeTick(ByteOutput out) {
        out.u32(0);
    }

    /**
     * Appends the packet of a signal, or hands out the fragments of one that is too large for that. Nothing stays
     * appended when it throws.
     *
     * @param message the control message
     * @param payload the message, reason or argument list; null for kinds that have none
     * @param sequenceId names the message among those whose fragments are on their way: one number for each sending
     *     process, which must send nothing else before its last fragment
     * @param out what the packet is appended to
     * @return null if the packet was appended; otherwise nothing was, and the fragments are to be written
     * @throws IllegalArgumentException if there is a payload too many or too few, or no form that the peer understands
     */
    public @Nullable OutgoingFragments write(
            ControlMessage message, @Nullable Term payload, long sequenceId, ByteOutput out) {
        return write(message, payload, sequenceId, new SendHeaders(), out);
    }

    /**
     * Does the same with the headers of messages that were written before: those of this writer, or of one with its flags.
     *
     * @param message the control message
     * @param payload the message, reason or argument list; null for kinds that have none
     * @param sequenceId as above
     * @param headers what was kept; this call may add to it
     * @param out what the packet is appended to
     * @return as above
     * @throws IllegalArgumentException as above
     */
    public @Nullable OutgoingFragments write(
            ControlMessage message, @Nullable Term payload, long sequenceId, SendHeaders headers, ByteOutput out) {
        if (message.hasPayload() != (payload != null)) {
            throw new IllegalArgumentException(message.getClass().getSimpleName() + ": "
                    + (payload == null ? "no payload (expected: one)" : "a payload (expected: none)"));
        }
        int start = out.size();
        boolean written = false;
        try {
            OutgoingFragments fragments = append(message, payload, sequenceId, headers, out);
            written = fragments == null;
            return fragments;
        } finally {
            if (!written) {
                out.truncate(start);
            }
        }
    }

    private @Nullable OutgoingFragments append(
            ControlMessage message, @Nullable Term payload, long sequenceId, SendHeaders headers, ByteOutput out) {
        int start = out.size();
        out.u32(0); // the length, set when all is written
        if (message instanceof ControlMessage.Send send && send.from() != null) {
            writeHeader(send, send.from(), headers, out);
        } else {
            writeControl(message, payload, out);
        }
        int controlEnd = out.size();
        if (payload != null && controls.payloadFollows(message)) {
            out.gather(hasFragments ? WHOLE_BYTES : ByteOutput.NOTHING_GATHERED);
            try {
                writePayload(payload, out);
            } finally {
                out.gather(ByteOutput.NOTHING_GATHERED);
            }
            long length = out.lengthFrom(controlEnd);
            if (hasFragments && length > WHOLE_BYTES) {
                Tuple control = controls.encode(message, payload);
                return new OutgoingFragments(control, out.split(controlEnd), length, sequenceId);
            }
        }
        out.setU32(start, out.size() - start - LENGTH_BYTES);
        return null;
    }

    private void writeHeader(ControlMessage.Send send, Pid from, SendHeaders headers, ByteOutput out) {
        byte[] header = headers.find(from, send.to());
        if (header != null) {
            out.bytes(header, 0, header.length);
            return;
        }
        int start = out.size();
        writeControl(send, null, out);
        headers.keep(from, send.to(), out.copyFrom(start));
    }

    // 131, 68, 0 references, control · or pass-through: 112, 131, control
    private void writeControl(ControlMessage message, @Nullable Term payload, ByteOutput out) {
        if (hasHeader) {
            out.u8(PacketForm.VERSION);
            out.u8(PacketForm.HEADER);
            out.u8(0);
        } else {
            out.u8(PacketForm.PASS_THROUGH);
            out.u8(PacketForm.VERSION);
        }
        TermEncoder.write(controls.encode(message, payload), out);
    }

    // after a header: payload · pass-through: 131, payload
    private void writePayload(Term payload, ByteOutput out) {
        if (!hasHeader) {
            out.u8(PacketForm.VERSION);
        }
        TermEncoder.write(payload, out);
    }
}
