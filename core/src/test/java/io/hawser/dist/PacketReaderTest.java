package io.hawser.dist;

import static io.hawser.dist.Packets.ATOM_CACHE;
import static io.hawser.dist.Packets.FRAGMENTS;
import static io.hawser.dist.Packets.FROM;
import static io.hawser.dist.Packets.NAME;
import static io.hawser.dist.Packets.PASS_THROUGH;
import static io.hawser.dist.Packets.REASON;
import static io.hawser.dist.Packets.TO;
import static io.hawser.dist.Packets.control;
import static io.hawser.dist.Packets.first;
import static io.hawser.dist.Packets.next;
import static io.hawser.dist.Packets.packet;
import static io.hawser.dist.Packets.reader;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.term.Atom;
import io.hawser.term.Binary;
import io.hawser.term.Int;
import io.hawser.term.Tuple;
import io.hawser.testing.Hex;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PacketReaderTest {
    private static final Tuple LINK = control(1, FROM, TO);
    private static final Tuple REG_SEND = control(6, FROM, Atom.EMPTY, NAME);

    static Stream<Arguments> malformed() {
        return Stream.of(
                // the form of another connection
                Arguments.of(PASS_THROUGH, packet("834400", LINK), "packet: first byte 131 (expected: 112)"),
                Arguments.of(ATOM_CACHE, packet("7083", LINK), "packet: first byte 112 (expected: 131)"),
                Arguments.of(ATOM_CACHE, first(1, 1, "6a"), "packet: second byte 69 (expected: 68)"),
                Arguments.of(ATOM_CACHE, next(1, 1, "6a"), "packet: second byte 70 (expected: 68)"),
                Arguments.of(FRAGMENTS, packet("8350"), "packet: second byte 80 (expected: 68, 69 or 70)"),
                Arguments.of(FRAGMENTS, packet("83"), "packet: no second byte (expected: 68, 69 or 70)"),
                // terms
                Arguments.of(PASS_THROUGH, packet("70"), "packet: version byte: no bytes (expected: 131)"),
                Arguments.of(PASS_THROUGH, packet("7083", REG_SEND), "packet: version byte: no bytes (expected: 131)"),
                Arguments.of(
                        PASS_THROUGH, packet("7083", LINK, "836a"), "packet: bytes after the term: 2 (expected: none)"),
                Arguments.of(
                        PASS_THROUGH,
                        packet("7083", REG_SEND, "83500000000278"),
                        "packet: compressed term at offset 39: 2 bytes when inflated (expected: at most 0)"),
                Arguments.of(
                        FRAGMENTS, packet("834400", LINK, "6a"), "packet: bytes after the term: 1 (expected: none)"),
                Arguments.of(
                        FRAGMENTS,
                        packet("834400", REG_SEND, "6a6a"),
                        "packet: bytes after the term: 1 (expected: none)"),
                Arguments.of(
                        FRAGMENTS, packet("834400", REG_SEND), "packet: no bytes left at offset 39 (expected: a term)"),
                Arguments.of(FRAGMENTS, packet("834400"), "packet: no bytes left at offset 3 (expected: a term)"),
                Arguments.of(
                        FRAGMENTS,
                        packet("834400", REG_SEND, "79"),
                        "packet: tag 121 at offset 39: not a term that nodes exchange"),
                // references of headers
                Arguments.of(ATOM_CACHE, packet("8344"), "distribution header: 0 bytes remain (expected: at least 1)"),
                Arguments.of(
                        FRAGMENTS,
                        packet("834401080001 61", LINK),
                        "distribution header: 1 atoms (expected: 0 without an atom cache)"),
                Arguments.of(
                        ATOM_CACHE, packet("8344ff00"), "distribution header: 1 bytes remain (expected: at least 128)"),
                Arguments.of(
                        ATOM_CACHE, packet("83440100"), "distribution header: 0 bytes remain (expected: at least 1)"),
                Arguments.of(ATOM_CACHE, packet("8344010007"), "distribution header: atom cache slot 7 is empty"),
                Arguments.of(ATOM_CACHE, packet("8344010307"), "distribution header: atom cache slot 775 is empty"),
                Arguments.of(
                        ATOM_CACHE, packet("8344010807"), "distribution header: 0 bytes remain (expected: at least 1)"),
                Arguments.of(
                        ATOM_CACHE,
                        packet("8344011807 00"),
                        "distribution header: 0 bytes remain (expected: at least 1)"),
                Arguments.of(
                        ATOM_CACHE,
                        packet("8344010807 0361"),
                        "packet: SMALL_ATOM_UTF8_EXT at offset 6: 1 bytes remain (expected: at least 3)"),
                Arguments.of(
                        ATOM_CACHE,
                        packet("8344010807 01ff"),
                        "packet: SMALL_ATOM_UTF8_EXT at offset 6: invalid UTF-8 in 1 bytes of text"),
                Arguments.of(
                        ATOM_CACHE,
                        packet("8344011807 ffff"),
                        "packet: SMALL_ATOM_UTF8_EXT at offset 7: n=65535 (expected: at most 1020 bytes)"),
                Arguments.of(
                        ATOM_CACHE,
                        packet("8344010807 0161 680252 01"),
                        "packet: ATOM_CACHE_REF at offset 9: index 1, 1 atoms in the distribution header"),
                Arguments.of(
                        PASS_THROUGH,
                        packet("7083 68025200"),
                        "packet: ATOM_CACHE_REF at offset 4: index 0, no distribution header"));
    }

    @Test
    void takesThePacketWithoutBytesAsTick() {
        for (long flags : List.of(PASS_THROUGH, ATOM_CACHE, FRAGMENTS)) {
            assertThat(reader(flags).read(ByteBuffer.allocate(0))).isNull();
        }
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void rejectsWhatTheFormDoesNotAllow(long flags, ByteBuffer packet, String message) {
        assertThatThrownBy(() -> reader(flags).read(packet.duplicate()))
                .isInstanceOf(ProtocolException.class)
                .hasMessage(message);
    }

    @Test
    void readsTheFormsOfEachConnection() {
        var link = new ControlMessage.Link(FROM, TO);
        assertThat(reader(PASS_THROUGH).read(packet("7083", LINK))).isEqualTo(new Signal(link, null, 54, 160));
        assertThat(reader(ATOM_CACHE).read(packet("834400", LINK))).isEqualTo(new Signal(link, null, 55, 160));
        assertThat(reader(FRAGMENTS).read(packet("834400", LINK))).isEqualTo(new Signal(link, null, 55, 160));
        assertThat(reader(PASS_THROUGH).read(packet("7083", control(3, FROM, TO, REASON))))
                .isEqualTo(new Signal(new ControlMessage.Exit(FROM, TO), REASON, 62, 238));
    }

    @Test
    void keepsAtomsFromHeaderToHeader() {
        PacketReader reader = reader(ATOM_CACHE);
        // two new atoms: the node name in slot 1*256+5, the name in slot 7
        assertThat(payload(reader.read(
                        packet("834402 8900 05" + text("peer@host") + "07" + text("first") + fromTo("00") + "5201"))))
                .isEqualTo(Atom.of("first"));
        // both again, in the other order
        assertThat(payload(reader.read(packet("834402 1000 07 05" + fromTo("01") + "5200"))))
                .isEqualTo(Atom.of("first"));
        // the slot is overwritten; the same slot earlier in this header still has the old atom
        assertThat(payload(reader.read(
                        packet("834403 8001 07 07" + text("second") + "05" + fromTo("02") + "680252005201"))))
                .isEqualTo(Tuple.of(Atom.of("first"), Atom.of("second")));
    }

    @Test
    void readsLongAtoms() {
        String long255 = "c3a9".repeat(255);
        assertThat(payload(reader(ATOM_CACHE)
                        .read(packet("834402 8801 05" + "0009"
                                + Hex.of("peer@host".getBytes(StandardCharsets.UTF_8)) + "07" + "01fe"
                                + long255 + fromTo("00") + "5201"))))
                .isEqualTo(Atom.of("é".repeat(255)));
    }

    @Test
    void appliesTheAtomsOfTheFirstFragmentToAllOfThem() {
        PacketReader reader = reader(ATOM_CACHE | FRAGMENTS);
        String ids = Packets.u64(9) + Packets.u64(3);
        assertThat(reader.read(packet("8345" + ids + "02 8800 05" + text("peer@host") + "07" + text("first")
                        + fromTo("00") + "6803")))
                .isNull();
        // meanwhile the slot gets another atom
        assertThat(payload(reader.read(packet("834402 0800 07" + text("second") + "05" + fromTo("01") + "5200"))))
                .isEqualTo(Atom.of("second"));
        assertThat(reader.read(next(9, 2, "5201770161"))).isNull();
        assertThat(payload(reader.read(next(9, 1, "6101"))))
                .isEqualTo(Tuple.of(Atom.of("first"), Atom.of("a"), Int.of(1)));
    }

    @Test
    void rejectsEveryPrefixOfAPacket() {
        ByteBuffer packet =
                packet("834402 8900 05" + text("peer@host") + "07" + text("first") + fromTo("00") + "68025201770161");
        assertThat(reader(ATOM_CACHE).read(packet.duplicate())).isNotNull();
        for (int length = 1; length < packet.remaining(); length++) {
            ByteBuffer prefix = packet.duplicate().limit(length);
            assertThatThrownBy(() -> reader(ATOM_CACHE).read(prefix)).isInstanceOf(ProtocolException.class);
        }
    }

    @Test
    void survivesEveryBitFlip() {
        List<ByteBuffer> packets = List.of(
                packet("834402 8900 05" + text("peer@host") + "07" + text("first") + fromTo("00") + "68025201770161"),
                first(1, 2, "6d00000003"),
                first(1, 1, "6a"),
                packet("7083", REG_SEND, "83", Binary.utf8("text")),
                packet("834400", control(29, Packets.REF, FROM, TO, Tuple.of(NAME, NAME, Int.of(1)), NAME)));
        for (ByteBuffer packet : packets) {
            for (int bit = 0; bit < 8 * packet.remaining(); bit++) {
                ByteBuffer flipped = ByteBuffer.allocate(packet.remaining())
                        .put(packet.duplicate())
                        .flip();
                flipped.put(bit / 8, (byte) (flipped.get(bit / 8) ^ (1 << bit % 8)));
                for (long flags : List.of(PASS_THROUGH, ATOM_CACHE, FRAGMENTS, ATOM_CACHE | FRAGMENTS)) {
                    readOrReject(reader(flags), flipped.duplicate());
                }
            }
        }
    }

    @Test
    void survivesRandomPackets() {
        long seed = System.nanoTime();
        System.out.println("PacketReaderTest seed " + seed);
        var random = new Random(seed);
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = new byte[2 + random.nextInt(60)];
            random.nextBytes(bytes);
            bytes[0] = (byte) (random.nextBoolean() ? 131 : 112);
            bytes[1] = (byte) (random.nextInt(4) == 0 ? 131 : 68 + random.nextInt(3));
            for (int j = 2; j < bytes.length; j++) {
                if (random.nextBoolean()) {
                    bytes[j] = (byte) random.nextInt(4);
                }
            }
            readOrReject(reader(random.nextBoolean() ? ATOM_CACHE | FRAGMENTS : PASS_THROUGH), ByteBuffer.wrap(bytes));
        }
    }

    /** {@code {22, From, To}} with the peer's name as a reference, in hex. */
    private static String fromTo(String reference) {
        String to = Hex.of(packet(TO));
        return "68036116" + "5852" + reference + "000000010000000000000005" + to;
    }

    private static String text(String atom) {
        return String.format("%02x", atom.length()) + Hex.of(atom.getBytes(StandardCharsets.US_ASCII));
    }

    private static @Nullable Object payload(@Nullable Signal signal) {
        return Objects.requireNonNull(signal).payload();
    }

    private static void readOrReject(PacketReader reader, ByteBuffer packet) {
        try {
            reader.read(packet);
        } catch (ProtocolException e) {
            assertThat(e.getMessage()).matches("[ -~]{1,500}");
        }
    }
}
