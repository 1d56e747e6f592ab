package io.hawser.cookie;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hawser.testing.Hex;
import io.hawser.testing.Vectors;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Digests seen on the wire between Erlang nodes, and computed by one. */
class DigestTest {
    @Test
    void equalsWhatErlangNodesCompute() {
        List<JsonNode> vectors = Vectors.lines("/handshake-digest.jsonl");
        assertThat(vectors).hasSize(148);
        for (JsonNode vector : vectors) {
            byte[] cookie = Hex.bytes(vector.get("cookie_hex").asText());
            byte[] digest = Digest.of(cookie, vector.get("challenge").asLong());
            assertThat(Hex.of(digest))
                    .as(vector.toString())
                    .isEqualTo(vector.get("digest").asText());
        }
    }

    @Test
    void matchesOnlyTheSameBytes() {
        byte[] digest = Digest.of(Fixture.COOKIE.bytes(), 1);
        byte[] other = digest.clone();
        other[15] ^= 1;
        assertThat(Digest.matches(digest, digest.clone())).isTrue();
        assertThat(Digest.matches(digest, other)).isFalse();
        assertThat(Digest.matches(digest, new byte[0])).isFalse();
    }
}
