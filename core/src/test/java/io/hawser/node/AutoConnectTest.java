package io.hawser.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.Reference;
import io.hawser.term.Tuple;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A process that has no nodes connected to, of one of two nodes that are connected at first, or not. */
class AutoConnectTest extends ProcessPair {
    AutoConnectTest() {
        super(new ConnectedNodes(), false);
    }

    @BeforeEach
    void turnOff() {
        a.autoConnect(false);
        a.trapExit(true);
    }

    private void connect() throws InterruptedException {
        nodeA.connect(nodeB.name(), SOON);
    }

    @Test
    void whatItSendsToANodeThatIsNotConnectedIsLost() throws Exception {
        a.send(b.self(), Int.of(1));
        assertThat(a.trySend(b.self(), Int.of(2))).isTrue();
        a.exit(b.self(), BOOM);
        connect();
        a.send(b.self(), Int.of(3));
        assertThat(next(b)).isEqualTo(new Message.Sent(Int.of(3)));
    }

    @Test
    void monitorsAndLinksEndAtOnceWithoutAConnection() throws Exception {
        Reference monitor = a.monitor(b.self());
        assertThat(next(a)).isEqualTo(new Message.Down(monitor, b.self(), Atoms.NOCONNECTION));
        a.link(b.self());
        assertThat(next(a)).isEqualTo(new Message.Exit(b.self(), Atoms.NOCONNECTION));
        Reference alias = a.monitor(b.self(), AliasMode.DEMONITOR);
        assertThat(next(a)).isEqualTo(new Message.Down(alias, b.self(), Atoms.NOCONNECTION));
        assertThat(a.demonitor(monitor)).isFalse();
        assertThat(nodeA.connections()).isEmpty();
        assertThat(nodeA.kernel().peers.relatedCount()).isZero();
    }

    @Test
    void aSpawnRequestFailsAtOnceWithoutAConnection() throws Exception {
        Reference request = a.spawnRequest(nodeB.name().atom(), Atom.of("calc"), Atom.of("quick"), List.of(Atom.OK));
        assertThat(next(a))
                .isEqualTo(new Message.Sent(Tuple.of(Atoms.SPAWN_REPLY, request, Atom.ERROR, Atoms.NOCONNECTION)));
        assertThat(nodeA.connections()).isEmpty();
    }

    @Test
    void itMonitorsAndLinksOverAConnection() throws Exception {
        connect();
        Reference monitor = a.monitor(b.self());
        a.link(b.self());
        a.send(b.self(), Int.of(1));
        assertThat(next(b)).isEqualTo(new Message.Sent(Int.of(1))); // both are set
        b.exit(BOOM);
        assertThat(List.of(next(a), next(a)))
                .containsExactlyInAnyOrder(new Message.Down(monitor, b.self(), BOOM), new Message.Exit(b.self(), BOOM));
    }

    @Test
    void itConnectsAgainWhenToldTo() throws Exception {
        a.autoConnect(true);
        a.send(b.self(), Int.of(1));
        assertThat(next(b)).isEqualTo(new Message.Sent(Int.of(1)));
    }
}
