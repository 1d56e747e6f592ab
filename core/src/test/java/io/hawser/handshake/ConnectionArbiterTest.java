package io.hawser.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.handshake.ConnectionArbiter.Verdict;
import io.hawser.term.NodeName;
import org.junit.jupiter.api.Test;

class ConnectionArbiterTest {
    @Test
    void theConnectionOfTheGreaterNameGoesOn() {
        assertThat(settle("node@127.0.0.1", "aaa@127.0.0.1")).isEqualTo(Verdict.NOK);
        assertThat(settle("node@127.0.0.1", "zzz@127.0.0.1")).isEqualTo(Verdict.OK_SIMULTANEOUS);
    }

    @Test
    void namesCompareByCharacters() {
        assertThat(settle("a@h", "B@h")).isEqualTo(Verdict.NOK);
        assertThat(settle("a@h", "a1@h")).isEqualTo(Verdict.NOK); // '@' comes after '1'
        assertThat(settle("a@h", "a@h2")).isEqualTo(Verdict.OK_SIMULTANEOUS);
    }

    @Test
    void bothSidesSettleOnTheSameConnection() {
        assertThat(settle("a@h", "b@h")).isNotEqualTo(settle("b@h", "a@h"));
    }

    private static Verdict settle(String self, String peer) {
        return ConnectionArbiter.simultaneous(NodeName.parse(self), NodeName.parse(peer));
    }
}
