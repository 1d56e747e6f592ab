package io.hawser.cookie;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.hawser.cookie.Fixture.FakeArbiter;
import io.hawser.cookie.Fixture.FakePeer;
import io.hawser.handshake.ConnectionArbiter.Verdict;
import io.hawser.handshake.Handshake;
import io.hawser.handshake.HandshakeContext;
import io.hawser.handshake.HandshakeException;
import io.hawser.handshake.HandshakeException.Reason;
import io.hawser.handshake.Peer;
import io.hawser.handshake.Step;
import io.hawser.term.NodeName;
import io.hawser.testing.Hex;
import io.hawser.testing.Vectors;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Handshakes between real nodes, recorded: each half is put in the place of the node, with the node's name, flags and
 * challenge, and must send what the node sent, byte by byte.
 */
class RecordedHandshakeTest {
    /** One connection of a session. */
    private record Recording(String id, JsonNode session, List<JsonNode> messages) {
        Optional<JsonNode> first(String... types) {
            return messages.stream()
                    .filter(message ->
                            List.of(types).contains(message.get("type").asText()))
                    .findFirst();
        }

        JsonNode require(String... types) {
            return first(types).orElseThrow(() -> new AssertionError(id + " has none of " + List.of(types)));
        }

        List<ByteBuffer> packets(String direction) {
            return messages.stream()
                    .filter(message -> message.get("dir").asText().equals(direction))
                    .map(Recording::packet)
                    .toList();
        }

        /** What was recorded, without its 2 bytes of length. */
        private static ByteBuffer packet(JsonNode message) {
            byte[] framed = Hex.bytes(message.get("hex").asText());
            var packet = ByteBuffer.wrap(framed);
            assertThat(Short.toUnsignedInt(packet.getShort())).isEqualTo(packet.remaining());
            return packet.slice();
        }

        boolean is(String prefix) {
            return id.startsWith(prefix);
        }

        @Override
        public String toString() {
            return id;
        }
    }

    private static List<Recording> recordings() {
        var recordings = new LinkedHashMap<String, Recording>();
        @Nullable JsonNode session = null;
        for (JsonNode line : Vectors.lines("/handshake.jsonl")) {
            if (line.has("record")) {
                session = line; // its messages follow
                continue;
            }
            JsonNode ofLine = requireNonNull(session);
            assertThat(line.get("session")).isEqualTo(ofLine.get("session"));
            String id = ofLine.get("session").asText() + "/" + line.get("conn").asText();
            recordings
                    .computeIfAbsent(id, key -> new Recording(key, ofLine, new ArrayList<>()))
                    .messages()
                    .add(line);
        }
        assertThat(recordings).hasSizeGreaterThan(30);
        return List.copyOf(recordings.values());
    }

    static Stream<Recording> asInitiator() {
        // we neither ask for a name nor send the old form
        return recordings().stream().filter(it -> !it.is("dynamic-") && !it.is("oldname-"));
    }

    static Stream<Recording> asAcceptor() {
        // we give no names; OTP 25.2 closes what it calls an old form, and we do not
        return recordings().stream().filter(it -> !it.is("dynamic-") && !it.is("oldname-25"));
    }

    @ParameterizedTest
    @MethodSource("asInitiator")
    void sendsWhatTheInitiatorSent(Recording recording) {
        JsonNode name = recording.require("send_name");
        var dialled = recording.first("challenge").map(it -> it.get("name").asText());
        var context = new HandshakeContext(
                NodeName.parse(name.get("name").asText()),
                name.get("creation").asLong(),
                flags(name),
                dialled.or(() -> Optional.of("unanswered@127.0.0.1")).map(NodeName::parse),
                new FakePeer(Optional.empty()),
                new FakeArbiter());
        Handshake handshake = handshakes(recording, "challenge_reply", recording.session.get("cookie"))
                .initiator(context);

        var run = Run.of(handshake, recording.packets("B>A"));

        assertThat(run.sent).isEqualTo(recording.packets("A>B"));
        if (recording.first("challenge_ack").isPresent()) {
            JsonNode challenge = recording.require("challenge");
            long agreed = flags(challenge) & flags(name);
            assertThat(run.admitted)
                    .contains(new Peer(
                            NodeName.parse(challenge.get("name").asText()),
                            challenge.get("creation").asLong(),
                            agreed,
                            "otp"));
        } else {
            assertThat(run.reason(handshake)).isEqualTo(expectedByInitiator(recording));
        }
    }

    private static Reason expectedByInitiator(Recording recording) {
        if (recording.is("badcookie-")) {
            return Reason.COOKIE;
        }
        String status =
                recording.first("status").map(it -> it.get("status").asText()).orElse("");
        return switch (status) {
            case "not_allowed" -> Reason.NOT_ALLOWED;
            case "nok", "ok_simultaneous" -> Reason.SUPERSEDED; // the latter: the recording stops there
            default -> Reason.PROTOCOL;
        };
    }

    @ParameterizedTest
    @MethodSource("asAcceptor")
    void sendsWhatTheAcceptorSent(Recording recording) {
        var arbiter = new FakeArbiter();
        recording
                .first("status")
                .map(it -> it.get("status").asText())
                .ifPresent(status -> arbiter.verdict = Verdict.valueOf(status.toUpperCase(Locale.ROOT)));
        Optional<JsonNode> challenge = recording.first("challenge");
        var context = new HandshakeContext(
                NodeName.parse(challenge.map(it -> it.get("name").asText()).orElse("acceptor@127.0.0.1")),
                challenge.map(it -> it.get("creation").asLong()).orElse(1L),
                challenge.map(RecordedHandshakeTest::flags).orElse(0L),
                Optional.empty(),
                new FakePeer(Optional.empty()),
                arbiter);
        JsonNode session = recording.session;
        JsonNode cookie = session.has("cookie_b") ? session.get("cookie_b") : session.get("cookie");
        Handshake handshake = handshakes(recording, "challenge", cookie).acceptor(context);

        var run = Run.of(handshake, recording.packets("A>B"));

        List<ByteBuffer> recorded = recording.packets("B>A");
        assertThat(run.sent.subList(0, recorded.size())).isEqualTo(recorded);
        if (recording.first("challenge_ack").isPresent()) {
            assertThat(run.sent).hasSameSizeAs(recorded);
            JsonNode name = recording.require("send_name", "send_name_old");
            Optional<JsonNode> complement = recording.first("complement");
            long high = complement
                    .map(it -> Long.decode(it.get("flags_high").asText()))
                    .orElse(0L);
            long creation = complement.orElse(name).get("creation").asLong();
            long agreed = (flags(name) | high << 32) & context.flags();
            assertThat(run.admitted)
                    .contains(new Peer(NodeName.parse(name.get("name").asText()), creation, agreed, "otp"));
        } else if (recording.is("badcookie-")) {
            assertThat(run.reason(handshake)).isEqualTo(Reason.COOKIE);
            assertThat(run.sent).hasSameSizeAs(recorded);
        } else {
            assertThat(run.admitted).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void refusesToGiveNames(Recording recording) {
        if (!recording.is("dynamic-")) {
            return;
        }
        Handshake acceptor = Fixture.acceptor(new FakeArbiter());
        ByteBuffer name = recording.packets("A>B").get(0);
        assertThatExceptionOfType(HandshakeException.class)
                .isThrownBy(() -> acceptor.onPacket(name))
                .withMessage("127.0.0.1:40000: asks for a name (expected: a name of its own): we give none")
                .satisfies(e -> assertThat(Fixture.farewells(e)).containsExactly("snot_allowed"));
    }

    private static long flags(JsonNode message) {
        return Long.decode(message.get("flags").asText());
    }

    private static CookieHandshakes handshakes(Recording recording, String type, JsonNode cookie) {
        long challenge =
                recording.first(type).map(it -> it.get("challenge").asLong()).orElse(1L);
        return Fixture.handshakes(Fixture.cookie(cookie.asText()), challenge);
    }

    /** What came of one half when it was fed what the other half had sent. */
    private static final class Run {
        final List<ByteBuffer> sent = new ArrayList<>();
        Optional<Peer> admitted = Optional.empty();
        Optional<HandshakeException> refusal = Optional.empty();

        static Run of(Handshake handshake, List<ByteBuffer> packets) {
            var run = new Run();
            run.add(handshake.start());
            for (ByteBuffer packet : packets) {
                var thrown = catchThrowableOfType(
                        HandshakeException.class, () -> run.add(handshake.onPacket(packet.duplicate())));
                if (thrown != null) {
                    run.refusal = Optional.of(thrown);
                    run.sent.addAll(thrown.farewell());
                    break;
                }
            }
            return run;
        }

        private void add(Step step) {
            sent.addAll(step.send());
            admitted = step.admitted();
        }

        /** Why the peer is not admitted: the refusal, or what the close that followed the recording means. */
        Reason reason(Handshake handshake) {
            return refusal.orElseGet(handshake::onClosed).reason();
        }
    }
}
