package io.hawser.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.testing.FuzzInputs;
import io.hawser.testing.Hex;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a connection that arrive in pieces of any size give the packets that they give in one piece. Input: one byte
 * with the length bytes of the handshake, the packets it has and the size of the pieces, then the bytes.
 */
class PacketSplitterFuzzTest {
    private static final int MAX_PACKET_BYTES = 300_000;

    /** What became of the bytes. */
    private record Outcome(List<String> packets, @Nullable String error, boolean withinPacket) {}

    /** What Jazzer calls. */
    public static void fuzzerTestOneInput(byte[] input) {
        new PacketSplitterFuzzTest().splits(input);
    }

    @FuzzInputs
    void splits(byte[] input) {
        if (input.length == 0) {
            return;
        }
        int lengthBytes = (input[0] & 1) == 0 ? 2 : 4;
        int handshakePackets = input[0] >> 1 & 3;
        int pieceBytes = (input[0] >> 3 & 0x1F) + 1;
        Outcome whole = split(input, lengthBytes, handshakePackets, input.length);
        Outcome pieces = split(input, lengthBytes, handshakePackets, pieceBytes);
        assertThat(pieces).isEqualTo(whole);
    }

    private static Outcome split(byte[] input, int lengthBytes, int handshakePackets, int pieceBytes) {
        var splitter = new PacketSplitter("peer", lengthBytes);
        var packets = new ArrayList<String>();
        if (handshakePackets == 0) {
            splitter.connected(MAX_PACKET_BYTES);
        }
        String error = null;
        try {
            for (int from = 1; from < input.length; from += pieceBytes) {
                ByteBuffer piece = ByteBuffer.wrap(input, from, Math.min(pieceBytes, input.length - from));
                int before = packets.size();
                boolean any = splitter.read(piece, packet -> {
                    packets.add(Hex.of(packet));
                    if (packets.size() == handshakePackets) {
                        splitter.connected(MAX_PACKET_BYTES);
                    }
                });
                assertThat(any).isEqualTo(packets.size() > before);
                assertThat(piece.hasRemaining()).isFalse();
            }
        } catch (TransportException e) {
            error = e.getMessage();
        }
        return new Outcome(packets, error, splitter.isWithinPacket());
    }
}
