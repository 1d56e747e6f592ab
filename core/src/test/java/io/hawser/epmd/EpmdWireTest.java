package io.hawser.epmd;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.hawser.testing.Hex;
import io.hawser.testing.Vectors;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The traffic of OTP 25.2.3 and 27.3.4 nodes with a real epmd, byte by byte. */
class EpmdWireTest {
    /** One request with its length, and the answer to it, as hex. */
    record Exchange(String type, String request, String answer) {
        ByteBuffer body() {
            return EpmdWireTest.body(ByteBuffer.wrap(Hex.bytes(request)));
        }
    }

    static List<Exchange> recorded() {
        List<JsonNode> lines = Vectors.lines("/epmd.jsonl");
        return lines.stream()
                .filter(line -> text(line, "dir").equals("C>E"))
                .map(line -> new Exchange(text(line, "type"), text(line, "hex"), text(answerTo(line, lines), "hex")))
                .toList();
    }

    private static JsonNode answerTo(JsonNode request, List<JsonNode> lines) {
        return lines.stream()
                .filter(line -> text(line, "dir").equals("E>C")
                        && text(line, "session").equals(text(request, "session"))
                        && text(line, "conn").equals(text(request, "conn")))
                .findFirst()
                .orElseThrow();
    }

    private static String text(JsonNode line, String field) {
        return line.get(field).textValue();
    }

    @Test
    void bothKindsOfRequestAreRecorded() {
        assertThat(recorded()).extracting(Exchange::type).contains("ALIVE2_REQ", "PORT_PLEASE2_REQ");
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void writesTheRecordedRequest(Exchange exchange) {
        ByteBuffer body = exchange.body();
        ByteBuffer written = switch (body.get()) {
            case EpmdWire.ALIVE2_REQ -> {
                EpmdNode node = EpmdWire.readDescription(body);
                assertThat(node).isEqualTo(EpmdNode.normal(node.name(), node.port()));
                yield EpmdWire.aliveRequest(node);
            }
            case EpmdWire.PORT_PLEASE2_REQ ->
                EpmdWire.portRequest(ISO_8859_1.decode(body).toString());
            default -> throw new AssertionError("not expected: " + exchange);
        };
        assertThat(Hex.of(written)).isEqualTo(exchange.request());
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void answersTheRecordedRequestAsEpmdDid(Exchange exchange) {
        ByteBuffer answer = ByteBuffer.wrap(Hex.bytes(exchange.answer()));
        EpmdRegistry registry;
        if (exchange.type().equals("ALIVE2_REQ")) {
            // the creation is the one thing that differs from server to server
            registry = new EpmdRegistry(4369, Integer.toUnsignedLong(answer.getInt(2)) - 1);
        } else {
            registry = new EpmdRegistry(4369, 0);
            if (answer.get(1) == EpmdWire.OK) {
                registry.answer(
                        body(EpmdWire.aliveRequest(EpmdWire.readDescription(answer.slice(2, answer.capacity() - 2)))));
            }
        }
        ByteBuffer answered =
                Objects.requireNonNull(registry.answer(exchange.body()).bytes());
        assertThat(Hex.of(answered)).isEqualTo(exchange.answer());
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void refusesEveryPrefixOfADescription(Exchange exchange) {
        ByteBuffer body = exchange.body();
        if (body.get() != EpmdWire.ALIVE2_REQ) {
            return;
        }
        ByteBuffer description = body.slice();
        for (int length = 0; length < description.capacity(); length++) {
            ByteBuffer prefix = description.slice(0, length);
            assertThatThrownBy(() -> EpmdWire.readDescription(prefix))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("EPMD description: shorter than its lengths say");
        }
    }

    static ByteBuffer body(ByteBuffer request) {
        return request.slice(2, request.remaining() - 2);
    }
}
