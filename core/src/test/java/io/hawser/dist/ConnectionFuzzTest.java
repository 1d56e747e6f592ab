package io.hawser.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.etf.ByteOutput;
import io.hawser.testing.FuzzInputs;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The packets of one connection, whatever they are, and what each leaves behind for the next: atoms in the cache,
 * fragments. Input: one byte that chooses the flags, then packets, each behind its length of 2 bytes; the last may be
 * shorter than that.
 */
class ConnectionFuzzTest {
    private static final int MAX_FRAGMENT_BYTES = 32 * 1024;
    private static final int LENGTH_BYTES = 4;
    private static final long[] FLAGS = {
        Packets.PASS_THROUGH, Packets.ATOM_CACHE, Packets.FRAGMENTS, Packets.ATOM_CACHE | Packets.FRAGMENTS
    };

    /** What Jazzer calls. */
    public static void fuzzerTestOneInput(byte[] input) {
        new ConnectionFuzzTest().reads(input);
    }

    @FuzzInputs
    void reads(byte[] input) {
        if (input.length == 0) {
            return;
        }
        long flags = FLAGS[input[0] & 3];
        PacketReader reader = Packets.reader(flags, MAX_FRAGMENT_BYTES);
        PacketReader copying = Packets.reader(flags, MAX_FRAGMENT_BYTES);
        ByteBuffer packets = ByteBuffer.wrap(input).position(1);
        boolean goesOn = true;
        while (goesOn && packets.remaining() >= Short.BYTES) {
            int length = Math.min(Short.toUnsignedInt(packets.getShort()), packets.remaining());
            ByteBuffer packet = packets.slice(packets.position(), length);
            packets.position(packets.position() + length);
            goesOn = readByBoth(flags, packet, reader, copying);
        }
    }

    /** Reads a packet in place and as a copy; returns whether the connection goes on. */
    private static boolean readByBoth(long flags, ByteBuffer packet, PacketReader reader, PacketReader copying) {
        ByteBuffer copy = ByteBuffer.allocateDirect(packet.remaining())
                .put(packet.duplicate())
                .flip();
        @Nullable Signal signal;
        try {
            signal = reader.read(packet);
        } catch (ProtocolException refused) {
            assertThat(refused.getMessage()).matches("[ -~]{1,600}");
            assertRefuses(copying, copy, refused);
            return false;
        }
        assertThat(packet.hasRemaining()).isFalse();
        assertThat(reader.bufferedBytes()).isBetween(0L, (long) MAX_FRAGMENT_BYTES);
        @Nullable Signal same = copying.read(copy);
        assertThat(same == null).isEqualTo(signal == null);
        if (signal != null && same != null) {
            assertThat(same).isEqualTo(signal);
            assertIsWrittenAndReadAgain(flags, signal);
        }
        return true;
    }

    private static void assertRefuses(PacketReader reader, ByteBuffer packet, ProtocolException expected) {
        try {
            reader.read(packet);
        } catch (ProtocolException refused) {
            assertThat(refused).hasMessage(expected.getMessage());
            return;
        }
        throw new AssertionError("a copy was accepted where an array is refused", expected);
    }

    private static void assertIsWrittenAndReadAgain(long flags, Signal signal) {
        var out = new ByteOutput(64);
        try {
            assertThat(new PacketWriter(flags).write(signal.control(), signal.payload(), 7, out))
                    .isNull();
        } catch (IllegalArgumentException noForm) {
            assertThat(noForm).hasMessageContaining("expected:");
            return;
        }
        Signal again = Objects.requireNonNull(
                Packets.reader(flags).read(out.asByteBuffer().position(LENGTH_BYTES)));
        assertThat(again.payload()).isEqualTo(signal.payload());
        assertThat(new ControlEncoder(flags).encode(again.control(), again.payload()))
                .isEqualTo(new ControlEncoder(flags).encode(signal.control(), signal.payload()));
    }
}
