package io.hawser.dist;

import static io.hawser.dist.Packets.ATOM_CACHE;
import static io.hawser.dist.Packets.FRAGMENTS;
import static io.hawser.dist.Packets.FROM;
import static io.hawser.dist.Packets.NAME;
import static io.hawser.dist.Packets.PASS_THROUGH;
import static io.hawser.dist.Packets.PEER;
import static io.hawser.dist.Packets.REASON;
import static io.hawser.dist.Packets.REF;
import static io.hawser.dist.Packets.TO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.etf.ByteOutput;
import io.hawser.etf.TermEncoder;
import io.hawser.handshake.DistFlag;
import io.hawser.term.Atom;
import io.hawser.term.Binary;
import io.hawser.term.Int;
import io.hawser.term.ListTerm;
import io.hawser.term.LocalFun;
import io.hawser.term.Pid;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import io.hawser.testing.Hex;
import io.hawser.testing.RandomTerms;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PacketWriterTest {
    private static final ControlMessage SEND = new ControlMessage.Send(FROM, TO);

    @Test
    void writesTheFormNegotiated() {
        String control = Hex.of(Packets.packet(Packets.control(1, FROM, TO)));
        var link = new ControlMessage.Link(FROM, TO);
        assertThat(written(PASS_THROUGH, link, null)).isEqualTo("00000036" + "7083" + control);
        assertThat(written(ATOM_CACHE, link, null)).isEqualTo("00000037" + "834400" + control);
        assertThat(written(FRAGMENTS, link, null)).isEqualTo("00000037" + "834400" + control);
        assertThat(written(PASS_THROUGH, SEND, ListTerm.EMPTY)).endsWith("836a");
        assertThat(written(FRAGMENTS | DistFlag.DFLAG_EXIT_PAYLOAD.mask(), new ControlMessage.Exit(FROM, TO), REASON))
                .endsWith(Hex.of(Packets.packet(TO, REASON)));
    }

    @Test
    void writesATickAsALengthOfZero() {
        var out = new ByteOutput(4);
        PacketWriter.writeTick(out);
        assertThat(Hex.of(out.toByteArray())).isEqualTo("00000000");
    }

    @Test
    void leavesTheOutputAsItWasWhenItThrows() {
        var out = new ByteOutput(4);
        out.u8(1);
        var writer = new PacketWriter(PASS_THROUGH);
        assertThatThrownBy(() -> writer.write(SEND, null, 0, out))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Send: no payload (expected: one)");
        assertThatThrownBy(() -> writer.write(new ControlMessage.Link(FROM, TO), NAME, 0, out))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Link: a payload (expected: none)");
        assertThatThrownBy(() -> writer.write(new ControlMessage.AliasExit(FROM, REF), NAME, 0, out))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(out.size()).isEqualTo(1);
    }

    @Test
    void fragmentsWhatIsLargerThan96Kib() {
        int headOfBinary = 5;
        for (int size : new int[] {1, 65_536, 98_304, 98_305, 131_072, 131_073, 1_000_000}) {
            Binary payload = Binary.copyOf(new byte[size - headOfBinary + (size == 1 ? headOfBinary : 0)]);
            var out = new ByteOutput(64);
            out.u32(0);
            OutgoingFragments fragments = new PacketWriter(FRAGMENTS).write(SEND, payload, 42, out);
            int expected = size <= 98_304 ? 0 : (size + 65_535) / 65_536;
            assertThat(fragments == null).isEqualTo(expected == 0);
            if (fragments != null) {
                assertThat(out.size()).isEqualTo(4); // what stood there before
                int count = 0;
                do {
                    count++;
                } while (fragments.writeNext(out));
                assertThat(count).isEqualTo(expected);
                assertThat(fragments.remaining()).isZero();
                assertThatThrownBy(() -> fragments.writeNext(out)).isInstanceOf(IllegalStateException.class);
            }
            List<Signal> signals = read(Packets.reader(FRAGMENTS), out.asByteBuffer());
            assertThat(signals).hasSize(1);
            assertThat(payload.equals(signals.get(0).payload()))
                    .as("%s bytes", size)
                    .isTrue();
        }
    }

    @Test
    void leavesLargeBinariesWhereTheyAreUntilTheirFragmentsAreWritten() {
        Binary large = Binary.copyOf(new byte[200_000]);
        Binary small = Binary.copyOf(new byte[60_000]);
        var fun = new LocalFun(
                NAME, 1, Binary.copyOf(new byte[16]), 1, Int.of(1), Int.of(2), FROM, List.of(small, large, large));
        Term payload = Tuple.of(large, Atom.of("between"), small, ListTerm.of(fun, Binary.EMPTY), large);
        var out = new ByteOutput(64);
        OutgoingFragments fragments = Objects.requireNonNull(new PacketWriter(FRAGMENTS).write(SEND, payload, 42, out));
        assertThat(out.size()).isZero();
        byte[] encoded = TermEncoder.encode(payload);
        assertThat(fragments.remaining()).isEqualTo(encoded.length - 1); // without the version byte
        while (fragments.writeNext(out)) {}
        assertThat(read(Packets.reader(FRAGMENTS), out.asByteBuffer()).get(0).payload())
                .isEqualTo(payload);
    }

    @Test
    void gathersNothingWhereThereAreNoFragments() {
        var out = new ByteOutput(64);
        Term reason = Binary.copyOf(new byte[100_000]);
        assertThat(new PacketWriter(FRAGMENTS).write(new ControlMessage.Exit(FROM, TO), reason, 42, out))
                .isNull(); // the reason is part of the control message
        assertThat(out.lengthFrom(0)).isEqualTo(out.size()).isGreaterThan(100_000);
        assertThat(read(Packets.reader(FRAGMENTS), out.asByteBuffer()).get(0).payload())
                .isEqualTo(reason);
    }

    private static @Nullable Term payloadOf(Signal signal) {
        UndecodedPayload undecoded = signal.undecoded();
        return undecoded != null ? undecoded.decode().payload() : signal.payload();
    }

    @Test
    void fragmentsNothingThatThePeerCouldNotJoin() {
        var out = new ByteOutput(64);
        Binary payload = Binary.copyOf(new byte[1_000_000]);
        assertThat(new PacketWriter(ATOM_CACHE).write(SEND, payload, 42, out)).isNull();
        assertThat(read(Packets.reader(ATOM_CACHE), out.asByteBuffer()).get(0).payload())
                .isEqualTo(payload);
    }

    @Test
    void writesWhatTheReaderReadsWhateverComesBetween() {
        long seed = System.nanoTime();
        System.out.println("PacketWriterTest seed " + seed);
        var random = new Random(seed);
        var terms = new RandomTerms(random, false);
        for (long flags : List.of(PASS_THROUGH, ATOM_CACHE, FRAGMENTS, DistFlag.RECOMMENDED_HIDDEN, -1L)) {
            var writer = new PacketWriter(flags);
            PacketReader reader = Packets.reader(flags);
            var out = new ByteOutput(64);
            var open = new ArrayDeque<Outgoing>();
            List<Signal> expected = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                ControlMessage message = message(random);
                @Nullable Term payload = message.hasPayload() ? payload(random, terms) : null;
                if (message instanceof ControlMessage.Send send && !DistFlag.DFLAG_SEND_SENDER.in(flags)) {
                    message = new ControlMessage.Send(null, send.to());
                }
                if (message instanceof ControlMessage.AliasExit && !DistFlag.DFLAG_ALTACT_SIG.in(flags)) {
                    continue;
                }
                var signal = new Signal(message, payload, 0, 0);
                OutgoingFragments fragments = writer.write(message, payload, i, out);
                if (fragments == null) {
                    expected.add(signal);
                } else {
                    open.add(new Outgoing(fragments, signal));
                }
                while (!open.isEmpty() && random.nextBoolean()) {
                    Outgoing next = open.remove();
                    if (next.fragments.writeNext(out)) {
                        open.add(next); // at the end: they take turns
                    } else {
                        expected.add(next.signal);
                    }
                }
            }
            while (!open.isEmpty()) {
                Outgoing next = open.remove();
                while (next.fragments.writeNext(out)) {
                    PacketWriter.writeTick(out);
                }
                expected.add(next.signal);
            }
            assertThat(read(reader, out.asByteBuffer())).isEqualTo(expected);
            assertThat(reader.bufferedBytes()).isZero();
        }
    }

    private record Outgoing(OutgoingFragments fragments, Signal signal) {}

    private static ControlMessage message(Random random) {
        var to = new Pid(Packets.TO.node(), random.nextInt(100), 0, 6);
        var from = new Pid(PEER, random.nextInt(100), 0, 3);
        return switch (random.nextInt(16)) {
            case 0 -> new ControlMessage.Link(from, to);
            case 1 -> new ControlMessage.RegSend(from, NAME);
            case 2 -> new ControlMessage.AliasSend(from, REF);
            case 3 -> new ControlMessage.Exit(from, to);
            case 4 -> new ControlMessage.Exit2(from, to);
            case 5 -> new ControlMessage.Unlink(from, to);
            case 6 -> new ControlMessage.UnlinkId(random.nextLong() | 1, from, to);
            case 7 -> new ControlMessage.UnlinkIdAck(random.nextLong() | 1, from, to);
            case 8 -> new ControlMessage.GroupLeader(from, to);
            case 9 -> new ControlMessage.Monitor(from, random.nextBoolean() ? to : NAME, REF);
            case 10 -> new ControlMessage.Demonitor(from, random.nextBoolean() ? to : NAME, REF);
            case 11 -> new ControlMessage.MonitorExit(random.nextBoolean() ? from : NAME, to, REF);
            case 12 -> new ControlMessage.SpawnRequest(REF, from, to, NAME, NAME, 3, ListTerm.of(Atom.of("link")));
            case 13 -> new ControlMessage.SpawnReply(REF, to, random.nextInt(4), random.nextBoolean() ? from : NAME);
            case 14 -> new ControlMessage.AliasExit(from, REF);
            default -> new ControlMessage.Send(from, to);
        };
    }

    private static Term payload(Random random, RandomTerms terms) {
        return random.nextInt(12) == 0 ? Binary.copyOf(new byte[random.nextInt(300_000)]) : terms.term(3);
    }

    private static List<Signal> read(PacketReader reader, ByteBuffer packets) {
        List<Signal> signals = new ArrayList<>();
        while (packets.hasRemaining()) {
            int length = packets.getInt();
            Signal signal = reader.read(packets.slice().limit(length));
            packets.position(packets.position() + length);
            if (signal != null) {
                signals.add(new Signal(signal.control(), payloadOf(signal), 0, 0));
            }
        }
        return signals;
    }

    private static String written(long flags, ControlMessage message, @Nullable Term payload) {
        var out = new ByteOutput(4);
        assertThat(new PacketWriter(flags).write(message, payload, 1, out)).isNull();
        return Hex.of(Objects.requireNonNull(out.toByteArray()));
    }
}
