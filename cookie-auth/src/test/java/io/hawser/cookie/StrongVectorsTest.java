package io.hawser.cookie;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hawser.cookie.StrongSession.Role;
import io.hawser.testing.ErlShell;
import io.hawser.testing.Hex;
import io.hawser.testing.Interop;
import io.hawser.testing.Vectors;
import io.hawser.transport.ChannelBinding;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The vectors that {@code PROTOCOL.md} speaks of: {@code strong-vectors.py} made them, apart from this code. */
class StrongVectorsTest {
    private static List<JsonNode> vectors() {
        return Vectors.lines("/strong.jsonl");
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void proofsAreThoseOfTheVector(JsonNode vector) {
        StrongSession session = session(vector);
        byte[] cookie = bytes(vector, "cookie");
        for (Role role : Role.values()) {
            String name = role.name().toLowerCase(Locale.ROOT);
            assertThat(Hex.of(session.transcript(role))).isEqualTo(text(vector, name + "_transcript"));
            assertThat(Hex.of(session.proof(role, cookie))).isEqualTo(text(vector, name + "_proof"));
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void packetsAreThoseOfTheVector(JsonNode vector) {
        JsonNode initiator = vector.get("initiator");
        JsonNode acceptor = vector.get("acceptor");
        assertThat(Hex.of(new StrongChallenge(introduction(acceptor), bytes(acceptor, "nonce")).encode()))
                .isEqualTo(text(vector, "challenge"));
        assertThat(Hex.of(new StrongReply(bytes(initiator, "nonce"), bytes(vector, "initiator_proof")).encode()))
                .isEqualTo(text(vector, "reply"));
        assertThat(Hex.of(new StrongAck(bytes(vector, "acceptor_proof")).encode()))
                .isEqualTo(text(vector, "ack"));
    }

    @Test
    void noTwoProofsAreTheSame() {
        assertThat(vectors().stream()
                        .flatMap(v -> List.of(text(v, "initiator_proof"), text(v, "acceptor_proof")).stream()))
                .doesNotHaveDuplicates()
                .hasSize(2 * vectors().size());
    }

    @Test
    @Interop
    void erlangComputesTheSame() {
        try (ErlShell erl = ErlShell.start()) {
            for (JsonNode vector : vectors()) {
                for (String role : List.of("initiator", "acceptor")) {
                    byte[] proof = erl.evalBinary(
                            "Hmac = fun(K, D) -> crypto:mac(hmac, sha256, K, D) end,"
                                    + " Id = <<\"hawser-strong-1\">>,"
                                    + " Key = Hmac(Hmac(Id, A1), [Id, <<\" \">>, A2, 1]),"
                                    + " Hmac(Key, A3)",
                            bytes(vector, "cookie"),
                            role.getBytes(StandardCharsets.US_ASCII),
                            bytes(vector, role + "_transcript"));
                    assertThat(Hex.of(proof)).isEqualTo(text(vector, role + "_proof"));
                }
            }
        }
    }

    private static StrongSession session(JsonNode vector) {
        JsonNode initiator = vector.get("initiator");
        JsonNode acceptor = vector.get("acceptor");
        var seenByInitiator = ChannelBinding.of(
                StrongSession.PROTOCOL, bytes(initiator, "certificate"), bytes(acceptor, "certificate"));
        return StrongSession.of(
                StrongSession.side(
                        introduction(initiator), bytes(initiator, "nonce"), seenByInitiator.ownCertificate()),
                StrongSession.side(
                        introduction(acceptor), bytes(acceptor, "nonce"), seenByInitiator.peerCertificate()));
    }

    private static Introduction introduction(JsonNode node) {
        return new Introduction(
                text(node, "name"), node.get("creation").asLong(), Long.parseUnsignedLong(text(node, "flags"), 16));
    }

    private static String text(JsonNode node, String field) {
        return node.get(field).asText();
    }

    private static byte[] bytes(JsonNode node, String field) {
        return Hex.bytes(text(node, field));
    }
}
