package io.hawser.cookie;

import io.hawser.handshake.HandshakeException;
import io.hawser.handshake.HandshakeException.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Reads the fields of one handshake packet; what does not fit ends the handshake. */
final class PacketReader {
    private final String message;
    private final ByteBuffer in;

    /** Takes a view of the packet from position to limit; {@code message} names it in errors. */
    PacketReader(String message, ByteBuffer packet) {
        this.message = message;
        this.in = packet.slice(); // big-endian, whatever order the packet's buffer has
    }

    /** Reads the first byte and compares it. */
    void tag(char expected) {
        int tag = u8("tag");
        if (tag != expected) {
            throw malformed("tag " + tag + " (expected: " + (int) expected + ")");
        }
    }

    int u8(String field) {
        return Byte.toUnsignedInt(need(field, Byte.BYTES).get());
    }

    int u16(String field) {
        return Short.toUnsignedInt(need(field, Short.BYTES).getShort());
    }

    long u32(String field) {
        return Integer.toUnsignedLong(need(field, Integer.BYTES).getInt());
    }

    long u64(String field) {
        return need(field, Long.BYTES).getLong();
    }

    byte[] bytes(String field, int length) {
        need(field, length);
        var bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    /** Reads a name or a status: Latin-1, as OTP reads them, so that every byte becomes one character. */
    String text(String field, int length) {
        return new String(bytes(field, length), StandardCharsets.ISO_8859_1);
    }

    String rest(String field) {
        return text(field, in.remaining());
    }

    void end() {
        if (in.hasRemaining()) {
            throw malformed(in.remaining() + " bytes left over (expected: none)");
        }
    }

    HandshakeException malformed(String what) {
        return new HandshakeException(Reason.PROTOCOL, message + ": " + what);
    }

    private ByteBuffer need(String field, int length) {
        if (in.remaining() < length) {
            throw malformed(field + " of " + length + " bytes at offset " + in.position() + ", " + in.remaining()
                    + " bytes remain");
        }
        return in;
    }
}
