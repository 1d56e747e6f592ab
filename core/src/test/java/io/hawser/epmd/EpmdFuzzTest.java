package io.hawser.epmd;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.testing.FuzzInputs;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Requests to one EPMD, whatever they are. Input: requests, each behind its length of 2 bytes; a length of 0 ends the
 * connection of the node that registered last.
 */
class EpmdFuzzTest {
    private static final int PORT = 4369;

    /** What Jazzer calls. */
    public static void fuzzerTestOneInput(byte[] input) {
        new EpmdFuzzTest().answers(input);
    }

    @FuzzInputs
    void answers(byte[] input) {
        var registry = new EpmdRegistry(PORT, 5);
        var registered = new LinkedHashMap<String, EpmdNode>();
        ByteBuffer requests = ByteBuffer.wrap(input);
        while (requests.remaining() >= Short.BYTES) {
            int length = Math.min(Short.toUnsignedInt(requests.getShort()), requests.remaining());
            ByteBuffer request = requests.slice(requests.position(), length);
            requests.position(requests.position() + length);
            if (length == 0) {
                removeLast(registry, registered);
                continue;
            }
            ByteBuffer sent = request.duplicate();
            EpmdRegistry.Answer answer = registry.answer(request);
            if (answer.registered() != null) {
                EpmdNode node = EpmdWire.readDescription(sent.position(1));
                assertThat(node.name()).isEqualTo(answer.registered()).matches("[^\\x00-\\x1F\\x7F]{1,255}");
                assertThat(registered.put(node.name(), node)).isNull();
            }
        }
        assertThat(text(registry.answer(ByteBuffer.wrap(new byte[] {EpmdWire.NAMES_REQ}))))
                .hasSameSizeAs(registered.keySet());
        registered.forEach((name, node) -> {
            ByteBuffer answer = Objects.requireNonNull(
                    registry.answer(EpmdWire.portRequest(name).position(2)).bytes());
            assertThat(EpmdWire.readDescription(answer.position(2))).isEqualTo(node);
        });
    }

    private static void removeLast(EpmdRegistry registry, Map<String, EpmdNode> registered) {
        String last = null;
        for (String name : registered.keySet()) {
            last = name;
        }
        if (last != null) {
            registered.remove(last);
            registry.remove(last);
        }
    }

    private static String[] text(EpmdRegistry.Answer names) {
        ByteBuffer bytes = Objects.requireNonNull(names.bytes());
        assertThat(bytes.getInt()).isEqualTo(PORT);
        String lines = ISO_8859_1.decode(bytes).toString();
        return lines.isEmpty() ? new String[0] : lines.split("\n");
    }
}
