package io.hawser.cookie;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hawser.cookie.Fixture.FakeArbiter;
import io.hawser.handshake.ConnectionArbiter.Verdict;
import io.hawser.handshake.Handshake;
import io.hawser.handshake.HandshakeException;
import io.hawser.handshake.Step;
import io.hawser.testing.Hex;
import io.hawser.testing.Vectors;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Whatever a peer sends in whichever state: the handshake goes on by the rules, or the peer is refused. */
class HostilePacketTest {
    private static final Set<String> STATUSES = Set.of("sok", "snok", "snot_allowed", "salive", "strue", "sfalse");

    /** Handshakes that were brought to each state that awaits a packet. */
    private static Map<String, Supplier<Handshake>> states() {
        var states = new LinkedHashMap<String, Supplier<Handshake>>();
        states.put("status", () -> initiator());
        states.put("challenge", () -> initiator(Fixture.status("ok")));
        states.put("ack", () -> initiator(Fixture.status("ok"), Fixture.challenge()));
        states.put("initiator over", () -> initiator(Fixture.status("ok"), Fixture.challenge(), Fixture.ack()));
        states.put("send_name", () -> acceptor(Verdict.OK));
        states.put("send_name, alive", () -> acceptor(Verdict.ALIVE));
        states.put("answer to alive", () -> acceptor(Verdict.ALIVE, Fixture.sendName()));
        states.put("complement", () -> acceptor(Verdict.OK, Fixture.oldSendName()));
        states.put("reply", () -> acceptor(Verdict.OK, Fixture.sendName()));
        states.put("reply, old", () -> acceptor(Verdict.OK, Fixture.oldSendName(), Fixture.complement()));
        states.put("acceptor over", () -> acceptor(Verdict.OK, Fixture.sendName(), Fixture.reply()));
        states.put("strong challenge", () -> fed(Fixture.strongInitiator(), Fixture.status("ok")));
        states.put("strong ack", () -> fed(Fixture.strongInitiator(), Fixture.status("ok"), Fixture.strongChallenge()));
        states.put("strong send_name", Fixture::strongAcceptor);
        states.put("strong reply", () -> fed(Fixture.strongAcceptor(), Fixture.sendName()));
        return states;
    }

    private static Handshake initiator(ByteBuffer... packets) {
        return fed(Fixture.initiator(new FakeArbiter()), packets);
    }

    private static Handshake acceptor(Verdict verdict, ByteBuffer... packets) {
        var arbiter = new FakeArbiter();
        arbiter.verdict = verdict;
        return fed(Fixture.acceptor(arbiter), packets);
    }

    private static Handshake fed(Handshake handshake, ByteBuffer... packets) {
        for (ByteBuffer packet : packets) {
            handshake.onPacket(packet);
        }
        return handshake;
    }

    /** One of each kind of message, legal between our two nodes, and recorded ones. */
    private static List<byte[]> packets() {
        var packets = new ArrayList<byte[]>();
        for (ByteBuffer packet : List.of(
                Fixture.sendName(),
                Fixture.oldSendName(),
                Fixture.complement(),
                Fixture.status("ok"),
                Fixture.status("ok_simultaneous"),
                Fixture.status("nok"),
                Fixture.status("not_allowed"),
                Fixture.status("alive"),
                Fixture.status("true"),
                Fixture.status("false"),
                Fixture.challenge(),
                Fixture.reply(),
                Fixture.ack(),
                Fixture.strongChallenge(),
                Fixture.strongReply(),
                Fixture.strongAck())) {
            packets.add(Fixture.bytes(packet));
        }
        Set<String> recorded = new LinkedHashSet<>();
        for (JsonNode line : Vectors.lines("/handshake.jsonl")) {
            boolean sample = List.of("dynamic-25-27", "oldname-27", "alive-25-27", "missingflag-27")
                    .contains(line.get("session").asText());
            if (sample && !line.has("record") && recorded.add(line.get("type").asText())) {
                byte[] framed = Hex.bytes(line.get("hex").asText());
                packets.add(Arrays.copyOfRange(framed, 2, framed.length));
            }
        }
        assertThat(recorded).hasSize(7);
        return packets;
    }

    @Test
    void refusesOrAcceptsEveryPrefixOfEveryPacketInEveryState() {
        states().forEach((state, fresh) -> {
            for (byte[] packet : packets()) {
                for (int length = 0; length <= packet.length; length++) {
                    feed(state, fresh, Arrays.copyOf(packet, length));
                }
            }
        });
    }

    @Test
    void refusesOrAcceptsEveryBitFlipOfEveryPacketInEveryState() {
        states().forEach((state, fresh) -> {
            for (byte[] packet : packets()) {
                for (int bit = 0; bit < packet.length * 8; bit++) {
                    byte[] flipped = packet.clone();
                    flipped[bit / 8] ^= (byte) (1 << bit % 8);
                    feed(state, fresh, flipped);
                }
            }
        });
    }

    @Test
    void refusesOrAcceptsRandomPacketsInEveryState() {
        long seed = System.nanoTime();
        System.out.println("HostilePacketTest seed " + seed);
        var random = new Random(seed);
        states().forEach((state, fresh) -> {
            for (int i = 0; i < 2000; i++) {
                var packet = new byte[random.nextInt(80)];
                random.nextBytes(packet);
                if (packet.length > 0 && random.nextBoolean()) {
                    packet[0] = (byte) "NnscraCRAX".charAt(random.nextInt(10));
                }
                feed(state, fresh, packet);
            }
        });
    }

    @Test
    void proofsSurviveNoBitFlip() {
        for (String state : List.of("ack", "reply", "reply, old")) {
            byte[] packet = Fixture.bytes(state.equals("ack") ? Fixture.ack() : Fixture.reply());
            for (int bit = (packet.length - Digest.BYTES) * 8; bit < packet.length * 8; bit++) {
                byte[] flipped = packet.clone();
                flipped[bit / 8] ^= (byte) (1 << bit % 8);
                Handshake handshake = requireState(state).get();
                assertThat(admits(handshake, flipped))
                        .as(state + ", bit " + bit)
                        .isFalse();
            }
            assertThat(admits(requireState(state).get(), packet)).isTrue();
        }
    }

    @Test
    void noBitOfAStrongHandshakeCanBeFlipped() {
        Map<String, ByteBuffer> packets = Map.of(
                "strong send_name", Fixture.sendName(),
                "strong challenge", Fixture.strongChallenge(),
                "strong reply", Fixture.strongReply(),
                "strong ack", Fixture.strongAck());
        packets.forEach((state, packet) -> {
            for (int bit = 0; bit < packet.remaining() * 8; bit++) {
                byte[] flipped = Fixture.bytes(packet);
                flipped[bit / 8] ^= (byte) (1 << bit % 8);
                assertThat(endsWell(state, ByteBuffer.wrap(flipped)))
                        .as(state + ", bit " + bit)
                        .isFalse();
            }
            assertThat(endsWell(state, packet)).as(state).isTrue();
        });
    }

    /** Hands a handshake its packet of one state, then the other packets of the conversation that nobody touched. */
    private static boolean endsWell(String state, ByteBuffer packet) {
        Handshake handshake = requireState(state).get();
        try {
            return switch (state) {
                case "strong send_name" -> {
                    handshake.onPacket(packet);
                    yield handshake.onPacket(Fixture.strongReply()).admitted().isPresent();
                }
                case "strong challenge" -> handshake.onPacket(packet).send().equals(List.of(Fixture.strongReply()));
                default -> handshake.onPacket(packet).admitted().isPresent();
            };
        } catch (HandshakeException refused) {
            return false;
        }
    }

    private static Supplier<Handshake> requireState(String state) {
        return requireNonNull(states().get(state));
    }

    private static boolean admits(Handshake handshake, byte[] packet) {
        try {
            return handshake.onPacket(ByteBuffer.wrap(packet)).admitted().isPresent();
        } catch (HandshakeException refused) {
            return false;
        }
    }

    private static void feed(String state, Supplier<Handshake> fresh, byte[] packet) {
        Handshake handshake = fresh.get();
        try {
            Step step = handshake.onPacket(ByteBuffer.wrap(packet));
            assertThat(step.admitted().isPresent()).isEqualTo(step.lastReceived());
            assertThat(handshake.onClosed()).isNotNull();
            assertThat(state).doesNotContain("over");
        } catch (HandshakeException refused) {
            assertThat(refused.getMessage()).matches("[ -~]{1,600}");
            assertThat(STATUSES).containsAll(Fixture.farewells(refused));
            assertOver(handshake);
        } catch (RuntimeException | StackOverflowError e) {
            throw new AssertionError(state + ": " + Hex.of(packet), e);
        }
    }

    /** Nothing is accepted after a refusal, be it right or wrong. */
    private static void assertOver(Handshake handshake) {
        for (ByteBuffer packet : List.of(Fixture.status("ok"), Fixture.ack(), Fixture.sendName(), Fixture.reply())) {
            try {
                handshake.onPacket(packet);
            } catch (HandshakeException expected) {
                continue;
            }
            throw new AssertionError("a packet was accepted after a refusal: " + Hex.of(packet));
        }
    }
}
