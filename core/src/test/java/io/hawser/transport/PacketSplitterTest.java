package io.hawser.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class PacketSplitterTest {
    private static final int MAX = 4 << 20;

    private final PacketSplitter reader = new PacketSplitter("peer", 2);
    private final List<byte[]> packets = new ArrayList<>();

    private static ByteBuffer hex(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    private void keep(ByteBuffer packet) {
        byte[] copy = new byte[packet.remaining()];
        packet.get(copy);
        packets.add(copy);
    }

    private List<String> seen() {
        return packets.stream().map(HexFormat.of()::formatHex).toList();
    }

    @Test
    void changesLengthsBetweenTwoPacketsOfOneBuffer() {
        Consumer<ByteBuffer> switching = packet -> {
            keep(packet);
            if (packets.size() == 2) {
                reader.connected(MAX);
            }
        };
        // two with 2-byte lengths, then 4-byte ones: a tick, and one that the wrong parser would cut to pieces
        boolean any = reader.read(hex("0001 61  0002 7231  00000000  00000003 700102"), switching);
        assertThat(any).isTrue();
        assertThat(seen()).containsExactly("61", "7231", "", "700102");
        assertThat(reader.isWithinPacket()).isFalse();
    }

    @Test
    void changesLengthsWhereverTheBytesAreSplit() {
        ByteBuffer all = hex("0001 61  0002 7231  00000000  00000003 700102");
        for (int first = 0; first <= all.limit(); first++) {
            for (int second = first; second <= all.limit(); second++) {
                var split = new PacketSplitter("peer", 2);
                packets.clear();
                Consumer<ByteBuffer> switching = packet -> {
                    keep(packet);
                    if (packets.size() == 2) {
                        split.connected(MAX);
                    }
                };
                split.read(all.slice(0, first), switching);
                split.read(all.slice(first, second - first), switching);
                split.read(all.slice(second, all.limit() - second), switching);
                assertThat(seen()).containsExactly("61", "7231", "", "700102");
            }
        }
    }

    @Test
    void usesFourBytesFromTheFirstOnWhereTheTransportDoes() {
        var tls = new PacketSplitter("peer", 4);
        tls.read(hex("00000001 61 00000000"), this::keep);
        assertThat(seen()).containsExactly("61", "");
    }

    @Test
    void handsOverInPlaceAPacketThatLiesInOneArray() {
        reader.connected(MAX);
        ByteBuffer two = hex("00000003 010203 00000001 04");
        List<Integer> places = new ArrayList<>();
        reader.read(two, packet -> {
            assertThat(packet).isSameAs(two);
            places.add(packet.position());
            packet.position(packet.limit());
        });
        assertThat(places).containsExactly(4, 11);
        assertThat(two.hasRemaining()).isFalse();
    }

    @Test
    void copiesASmallPacketFromOutsideTheHeap() {
        reader.connected(MAX);
        ByteBuffer direct = ByteBuffer.allocateDirect(12)
                .put(hex("00000003 010203 00000001 04"))
                .flip();
        reader.read(direct, packet -> {
            assertThat(packet.hasArray()).isTrue();
            keep(packet);
        });
        assertThat(seen()).containsExactly("010203", "04");
        assertThat(direct.hasRemaining()).isFalse();
    }

    @Test
    void refusesALongHandshakePacketFromItsLength() {
        assertThat(reader.read(hex("0400"), this::keep)).isFalse();
        var other = new PacketSplitter("1.2.3.4:5", 2);
        assertThatThrownBy(() -> other.read(hex("0401"), this::keep))
                .isInstanceOf(TransportException.class)
                .hasMessage("1.2.3.4:5: packet of 1025 bytes (expected: at most 1024)");
        assertThat(other.read(hex("0001 61"), this::keep)).isFalse();
        assertThat(packets).isEmpty();
    }

    @Test
    void refusesALengthThatIsNegativeAsAnInt() {
        reader.connected(MAX);
        assertThatThrownBy(() -> reader.read(hex("ffffffff"), this::keep))
                .hasMessage("peer: packet of 4294967295 bytes (expected: at most 4194304)");
    }

    @Test
    void takesNothingAfterAStop() {
        boolean any = reader.read(hex("0001 61 0001 62"), packet -> {
            keep(packet);
            reader.stop();
        });
        assertThat(any).isTrue();
        assertThat(seen()).containsExactly("61");
        assertThat(reader.read(hex("0001 63"), this::keep)).isFalse();
    }

    @Test
    void putsPacketsOfEverySizeTogetherFromRandomPieces() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        var random = new Random(seed);
        int[] sizes = {
            0,
            1,
            1023,
            64 * 1024 - 1,
            64 * 1024,
            64 * 1024 + 1,
            PacketSplitter.STEP,
            PacketSplitter.STEP + 1,
            3 * PacketSplitter.STEP + 17,
            MAX
        };
        reader.connected(MAX);
        for (int size : sizes) {
            byte[] body = new byte[size];
            random.nextBytes(body);
            ByteBuffer all =
                    ByteBuffer.allocate(4 + size).putInt(size).put(body).flip();
            packets.clear();
            while (all.hasRemaining()) {
                int n = Math.min(all.remaining(), 1 + random.nextInt(1 + size / 3));
                reader.read(all.slice(all.position(), n), this::keep);
                all.position(all.position() + n);
            }
            assertThat(packets).hasSize(1);
            assertThat(Arrays.equals(packets.get(0), body)).as("size %d", size).isTrue();
        }
    }
}
