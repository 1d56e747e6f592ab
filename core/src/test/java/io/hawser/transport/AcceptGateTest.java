package io.hawser.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AcceptGateTest {
    private static InetAddress address(int last) {
        try {
            return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void countsPerAddressAndInTotal() {
        var gate = new AcceptGate(new AcceptLimits(Duration.ofSeconds(1), 3, 2));
        AcceptGate.Place first = gate.enter(address(1)).orElseThrow();
        assertThat(gate.enter(address(1))).isPresent();
        assertThat(gate.enter(address(1))).isEmpty();
        assertThat(gate.enter(address(2))).isPresent();
        assertThat(gate.enter(address(3))).isEmpty();
        first.leave();
        first.leave(); // counts once
        assertThat(gate.enter(address(1))).isPresent();
        assertThat(gate.enter(address(3))).isEmpty();
    }

    @Test
    void refusesLimitsOfNothing() {
        assertThatThrownBy(() -> new AcceptLimits(Duration.ZERO, 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("accept limits: deadline PT0S, pending 1, per address 1 (expected: each above 0)");
    }
}
