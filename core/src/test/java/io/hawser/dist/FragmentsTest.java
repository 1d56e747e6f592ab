package io.hawser.dist;

import static io.hawser.dist.Packets.FRAGMENTS;
import static io.hawser.dist.Packets.FROM;
import static io.hawser.dist.Packets.NAME;
import static io.hawser.dist.Packets.TO;
import static io.hawser.dist.Packets.control;
import static io.hawser.dist.Packets.first;
import static io.hawser.dist.Packets.next;
import static io.hawser.dist.Packets.packet;
import static io.hawser.dist.Packets.reader;
import static io.hawser.dist.Packets.u64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.term.Binary;
import io.hawser.term.ListTerm;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class FragmentsTest {
    private final PacketReader reader = reader(FRAGMENTS);

    @Test
    void joinsPartsCutAnywhere() {
        assertThat(reader.read(first(5, 4, "6d000000"))).isNull();
        assertThat(reader.read(next(5, 3, "0361"))).isNull();
        assertThat(reader.read(next(5, 2, ""))).isNull();
        Signal signal = Objects.requireNonNull(reader.read(next(5, 1, "6263")));
        assertThat(signal.control()).isEqualTo(new ControlMessage.RegSend(FROM, NAME));
        assertThat(signal.payload()).isEqualTo(Binary.utf8("abc"));
        assertThat(signal.wireBytes()).isEqualTo(first(5, 4, "6d000000").remaining() + 3 * 18 + 2 + 2);
        assertThat(signal.heapBytes()) // {6, Pid, '', name} with two atoms besides the known one, and a binary
                .isEqualTo(56 + 4 * 8 + 40 + 2 * 64 + 0 + 4 + 48 + 3);
        assertThat(reader.bufferedBytes()).isZero();
    }

    @Test
    void takesAMessageInOneFragment() {
        assertThat(Objects.requireNonNull(reader.read(first(5, 1, "6a"))).payload())
                .isEqualTo(ListTerm.EMPTY);
        assertThat(Objects.requireNonNull(reader.read(first(5, 1, "6a"))).payload())
                .isEqualTo(ListTerm.EMPTY);
    }

    @Test
    void keepsSequencesApart() {
        reader.read(first(1, 2, "6d00000001"));
        reader.read(first(-1, 3, "6d0000"));
        assertThat(reader.read(packet("834400", control(1, FROM, TO)))).isNotNull();
        assertThat(reader.read(ByteBuffer.allocate(0))).isNull();
        reader.read(next(-1, 2, "0001"));
        assertThat(Objects.requireNonNull(reader.read(next(1, 1, "61"))).payload())
                .isEqualTo(Binary.utf8("a"));
        assertThat(Objects.requireNonNull(reader.read(next(-1, 1, "62"))).payload())
                .isEqualTo(Binary.utf8("b"));
        assertThat(reader.bufferedBytes()).isZero();
        reader.read(first(1, 2, "6d00000001"));
        assertThat(reader.read(next(1, 1, "63"))).isNotNull();
    }

    @Test
    void rejectsFragmentsOutOfOrder() {
        reader.read(first(1, 4, "6d"));
        rejects(next(1, 4, ""), "fragment: number 4 (expected: 3)");
        rejects(next(1, 2, ""), "fragment: number 2 (expected: 3)");
        rejects(next(1, 0, ""), "fragment: number 0 (expected: 3)");
        rejects(next(1, -1, ""), "fragment: number 18446744073709551615 (expected: 3)");
    }

    @Test
    void rejectsASequenceThatIsNotOpen() {
        rejects(next(-2, 1, ""), "fragment: sequence 18446744073709551614 is not open");
        reader.read(first(1, 2, "6a"));
        reader.read(next(1, 1, ""));
        rejects(next(1, 1, ""), "fragment: sequence 1 is not open");
    }

    @Test
    void rejectsASecondStart() {
        reader.read(first(1, 2, "6a"));
        rejects(first(1, 2, "6a"), "first fragment: sequence 1 is already open");
        rejects(first(1, 1, "6a"), "first fragment: sequence 1 is already open");
    }

    @Test
    void rejectsCountsThatNobodyNeeds() {
        rejects(first(1, 0, "6a"), "first fragment: 0 fragments (expected: 1 to 1048576)");
        rejects(first(1, (1 << 20) + 1, "6a"), "first fragment: 1048577 fragments (expected: 1 to 1048576)");
        rejects(first(1, -1, "6a"), "first fragment: 18446744073709551615 fragments (expected: 1 to 1048576)");
        assertThat(reader.read(first(1, 1 << 20, "6a"))).isNull();
        assertThat(reader.bufferedBytes()).isLessThan(1000);
    }

    @Test
    void rejectsMoreSequencesThanTheCap() {
        for (int i = 0; i < FragmentAssembler.MAX_SEQUENCES; i++) {
            reader.read(first(i, 2, "6a"));
        }
        rejects(first(5000, 2, "6a"), "first fragment: 1024 sequences are open (expected: fewer)");
    }

    @Test
    void rejectsMoreBytesThanTheCap() {
        PacketReader small = reader(FRAGMENTS, 4000);
        small.read(first(1, 100, "00".repeat(1000)));
        small.read(first(2, 100, "00".repeat(1000)));
        assertThatThrownBy(() -> small.read(next(1, 99, "00".repeat(1000))))
                .isInstanceOf(ProtocolException.class)
                .hasMessageMatching("fragment: \\d+ bytes of messages not complete \\(expected: at most 4000\\)");
    }

    @Test
    void holdsNothingOfAFirstFragmentThatExceedsTheCap() {
        PacketReader small = reader(FRAGMENTS, 5000);
        for (int i = 0; i < 6; i++) {
            small.read(first(i, 2, ""));
        }
        long before = small.bufferedBytes();
        assertThatThrownBy(() -> small.read(first(6, 2, ""))).isInstanceOf(ProtocolException.class);
        assertThat(small.bufferedBytes()).isEqualTo(before);
    }

    @Test
    void countsFragmentsWithoutBytesToo() {
        PacketReader small = reader(FRAGMENTS, 4000);
        small.read(first(1, 1000, ""));
        assertThatThrownBy(() -> {
                    for (int i = 999; i > 0; i--) {
                        small.read(next(1, i, ""));
                    }
                })
                .isInstanceOf(ProtocolException.class);
        assertThat(small.bufferedBytes()).isLessThanOrEqualTo(4000);
    }

    @Test
    void rejectsIdsCutShort() {
        rejects(packet("8345" + u64(1) + "00000000000000"), "fragment: 15 bytes remain (expected: at least 16)");
        rejects(packet("8346" + u64(1)), "fragment: 8 bytes remain (expected: at least 16)");
    }

    @Test
    void rejectsAControlMessageCutIntoFragments() {
        rejects(
                packet("8345" + u64(1) + u64(2) + "00", "6804610658"),
                "packet: SMALL_TUPLE_EXT at offset 19: n=4, 3 bytes remain (expected: at least 1 each)");
    }

    @Test
    void rejectsFragmentsOfAnOperationWithoutPayload() {
        rejects(
                packet("8345" + u64(1) + u64(2) + "00", control(1, FROM, TO)),
                "first fragment: Link has no payload to be fragmented");
        rejects(
                packet("8345" + u64(1) + u64(2) + "00", control(3, FROM, TO, NAME)),
                "first fragment: Exit has no payload to be fragmented");
    }

    @Test
    void rejectsBytesAfterTheJoinedTerm() {
        reader.read(first(1, 2, "6a"));
        rejects(next(1, 1, "6a"), "packet: bytes after the term: 1 (expected: none)");
    }

    private void rejects(ByteBuffer packet, String message) {
        assertThatThrownBy(() -> reader.read(packet))
                .isInstanceOf(ProtocolException.class)
                .hasMessage(message);
    }
}
