package io.hawser.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AcceptGateTest {
    private static InetAddress address(int last) {
        try {
            return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private final List<String> displaced = new ArrayList<>();

    private AcceptGate.Place enter(AcceptGate gate, int address, String name) {
        AcceptGate.Place place = gate.enter(address(address));
        place.whenDisplaced(() -> displaced.add(name));
        return place;
    }

    @Test
    void displacesTheOldestOfAnAddressThatIsOverItsCeiling() {
        var gate = new AcceptGate(new AcceptLimits(Duration.ofSeconds(1), 10, 2));
        enter(gate, 1, "first");
        enter(gate, 1, "second");
        enter(gate, 2, "other");
        assertThat(displaced).isEmpty();
        enter(gate, 1, "third");
        enter(gate, 1, "fourth");
        assertThat(displaced).containsExactly("first", "second");
    }

    @Test
    void displacesTheOldestOfTheGreediestAddressWhenAllPlacesAreTaken() {
        var gate = new AcceptGate(new AcceptLimits(Duration.ofSeconds(1), 3, 2));
        enter(gate, 1, "modest");
        enter(gate, 2, "greedy 1");
        enter(gate, 2, "greedy 2");
        enter(gate, 3, "newcomer");
        assertThat(displaced).containsExactly("greedy 1");
        enter(gate, 4, "next newcomer"); // all have one now: the oldest goes
        assertThat(displaced).containsExactly("greedy 1", "modest");
    }

    @Test
    void aPlaceIsGivenBackOnce() {
        var gate = new AcceptGate(new AcceptLimits(Duration.ofSeconds(1), 2, 2));
        AcceptGate.Place first = enter(gate, 1, "first");
        enter(gate, 1, "second");
        first.leave();
        first.leave();
        enter(gate, 1, "third");
        assertThat(displaced).isEmpty();
        enter(gate, 1, "fourth");
        assertThat(displaced).containsExactly("second");
    }

    @Test
    void tellsAConnectionThatWasDisplacedBeforeItCouldListen() {
        var gate = new AcceptGate(new AcceptLimits(Duration.ofSeconds(1), 1, 1));
        AcceptGate.Place first = gate.enter(address(1));
        gate.enter(address(2));
        first.whenDisplaced(() -> displaced.add("first"));
        assertThat(displaced).containsExactly("first");
    }

    @Test
    void refusesLimitsOfNothing() {
        assertThatThrownBy(() -> new AcceptLimits(Duration.ZERO, 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("accept limits: deadline PT0S, pending 1, per address 1 (expected: each above 0)");
    }
}
