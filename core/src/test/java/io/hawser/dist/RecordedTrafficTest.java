package io.hawser.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hawser.etf.ByteOutput;
import io.hawser.etf.DecodeLimits;
import io.hawser.etf.TermDecoder;
import io.hawser.etf.TermEncoder;
import io.hawser.handshake.DistFlag;
import io.hawser.term.Atom;
import io.hawser.term.Tuple;
import io.hawser.testing.Hex;
import io.hawser.testing.ValueTree;
import io.hawser.testing.Vectors;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Traffic recorded between OTP 25 and 27 nodes, and between them and a peer of few flags, with atom caches, fragments
 * and pass-through packets.
 */
class RecordedTrafficTest {
    private static final int LENGTH_BYTES = 4;

    /** One connection: what was said in its handshake, and the packets after it. */
    record Recording(String name, Map<String, JsonNode> handshake, List<JsonNode> packets) {
        long flags() {
            return flags("send_name") & flags("challenge");
        }

        private JsonNode said(String packet) {
            return Objects.requireNonNull(handshake.get(packet), packet);
        }

        private long flags(String packet) {
            return DistFlag.expand(Long.decode(said(packet).get("flags").asText()));
        }

        /** Returns the node that sends in a direction; an initiator without name is given one in the status. */
        Atom sender(String direction) {
            if (direction.equals("B>A")) {
                return Atom.of(said("challenge").get("name").asText());
            }
            JsonNode status = said("status");
            JsonNode named = status.get("status").asText().equals("named:") ? status : said("send_name");
            return Atom.of(named.get("name").asText());
        }

        Atom receiver(String direction) {
            return sender(direction.equals("B>A") ? "A>B" : "B>A");
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Recording> recordings() {
        var connections = new LinkedHashMap<String, Recording>();
        for (JsonNode line : Vectors.lines("/io/hawser/dist/connected.jsonl")) {
            String name = line.get("session").asText() + " " + line.get("conn").asText();
            var recording =
                    connections.computeIfAbsent(name, key -> new Recording(key, new HashMap<>(), new ArrayList<>()));
            if (line.has("hex")) {
                recording.packets().add(line);
            } else {
                recording.handshake().put(line.get("type").asText(), line);
            }
        }
        return connections.values().stream().filter(c -> !c.packets().isEmpty());
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void readsEveryPacketAsARealNodeDid(Recording recording) {
        var readers = new HashMap<String, PacketReader>();
        for (JsonNode line : recording.packets()) {
            PacketReader reader =
                    readers.computeIfAbsent(line.get("dir").asText(), direction -> reader(recording, direction));
            @Nullable Signal signal = reader.read(packet(line));
            if (!line.has("ctl")) {
                assertThat(signal).as(line.toString()).isNull();
                continue;
            }
            assertThat(signal).as(line.toString()).isNotNull();
            Objects.requireNonNull(signal);
            assertIsWhatWasRecorded(signal, line, recording);
            Signal again = Objects.requireNonNull(
                    writtenAndRead(signal, recording, line.get("dir").asText()));
            assertThat(again.control()).isEqualTo(signal.control());
            assertThat(again.payload()).isEqualTo(signal.payload());
        }
        assertThat(readers.values()).allMatch(reader -> reader.bufferedBytes() == 0);
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void readsDirectBuffers(Recording recording) {
        var readers = new HashMap<String, PacketReader>();
        for (JsonNode line : recording.packets()) {
            ByteBuffer heap = packet(line);
            ByteBuffer direct = ByteBuffer.allocateDirect(heap.remaining() + 3).position(3);
            direct.put(heap).flip().position(3);
            @Nullable
            Signal signal = readers.computeIfAbsent(line.get("dir").asText(), direction -> reader(recording, direction))
                    .read(direct);
            assertThat(signal != null).isEqualTo(line.has("ctl"));
            assertThat(direct.hasRemaining()).isFalse();
        }
    }

    @Test
    void holdsEveryFormOfPacket() {
        assertThat(recordings()
                        .flatMap(c -> c.packets().stream())
                        .map(p -> p.get("type").asText()))
                .contains("tick", "pass_through", "header", "frag_start", "frag_cont");
    }

    private static PacketReader reader(Recording recording, String direction) {
        return new PacketReader(
                recording.flags(),
                recording.receiver(direction),
                recording.sender(direction),
                DecodeLimits.CONNECTION,
                1 << 20,
                new FragmentShare(1 << 20));
    }

    private static ByteBuffer packet(JsonNode line) {
        byte[] bytes = Hex.bytes(line.get("hex").asText());
        return ByteBuffer.wrap(bytes, LENGTH_BYTES, bytes.length - LENGTH_BYTES);
    }

    private static void assertIsWhatWasRecorded(Signal signal, JsonNode line, Recording recording) {
        Tuple control = (Tuple) TermDecoder.decode(Hex.bytes(line.get("ctl").asText()));
        String direction = line.get("dir").asText();
        ControlDecoder.Control expected =
                new ControlDecoder(recording.receiver(direction), recording.sender(direction)).decode(control);
        assertThat(signal.control()).isEqualTo(expected.message());
        if (!line.get("op").asText().endsWith("_TT")) {
            assertThat(new ControlEncoder(recording.flags()).encode(signal.control(), signal.payload()))
                    .isEqualTo(control);
        }
        if (line.has("msg")) {
            assertThat(signal.payload())
                    .isEqualTo(TermDecoder.decode(Hex.bytes(line.get("msg").asText())));
        } else if (line.has("msg_md5")) {
            byte[] encoded = TermEncoder.encode(Objects.requireNonNull(signal.payload()));
            assertThat(encoded).hasSize(line.get("msg_size").asInt());
            assertThat(ValueTree.md5(encoded)).isEqualTo(line.get("msg_md5").asText());
        } else {
            assertThat(signal.payload()).isEqualTo(expected.reason());
        }
    }

    private static @Nullable Signal writtenAndRead(Signal signal, Recording recording, String direction) {
        var out = new ByteOutput(64);
        var writer = new PacketWriter(recording.flags());
        var reader = reader(recording, direction);
        OutgoingFragments fragments = writer.write(signal.control(), signal.payload(), 7, out);
        if (fragments == null) {
            return reader.read(out.asByteBuffer().position(LENGTH_BYTES));
        }
        @Nullable Signal read;
        boolean more;
        do {
            out.truncate(0);
            more = fragments.writeNext(out);
            read = reader.read(out.asByteBuffer().position(LENGTH_BYTES));
        } while (more);
        return read;
    }
}
