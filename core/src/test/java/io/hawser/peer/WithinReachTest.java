package io.hawser.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.dist.ControlMessage;
import io.hawser.term.Atom;
import io.hawser.term.Int;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Signals for nodes that are connected, or being connected to, and for no others; on virtual time. */
final class WithinReachTest extends TwoNodes {
    private static final Atom INTRODUCER = Atom.of("introducer@host");

    private TestNode a;
    private TestNode b;

    @BeforeEach
    void start() {
        a = node("a@host").start();
        b = node("b@host").start();
    }

    private long send(Atom node, long number) {
        var signal = new ControlMessage.Send(a.pid(1), b.pid(1));
        return a.peers.sendWithinReach(node, signal, Int.of(number), Peers.Room.NEEDED, () -> false);
    }

    @Test
    void aNodeThatNobodyWantsIsOutOfReach() {
        assertThat(send(b.atom, 1)).isEqualTo(Peers.OUT_OF_REACH);
        time.runReady();
        assertThat(a.isUp(b)).isFalse();
        assertThat(a.peers.routeCount()).isZero();
        assertThat(a.events).isEmpty();
    }

    @Test
    void aNodeThatIsConnectedIsSentTo() {
        connect();
        assertThat(send(b.atom, 1)).isEqualTo(a.connectionTo(b).id());
        time.runReady();
        assertThat(b.numbers()).containsExactly(1L);
    }

    private void connect() {
        var unused = a.peers.connect(b.atom);
        time.runReady();
    }

    @Test
    void aNodeThatHasLeftIsOutOfReach() {
        connect();
        b.peers.disconnect(a.atom);
        time.runReady();
        assertThat(send(b.atom, 1)).isEqualTo(Peers.OUT_OF_REACH);
        time.runReady();
        assertThat(a.isUp(b)).isFalse();
    }

    @Test
    void aConnectionThatEndsJustNowIsOutOfReach() {
        connect();
        a.peers.disconnect(b.atom);
        assertThat(send(b.atom, 1)).isEqualTo(Peers.OUT_OF_REACH);
        time.runReady();
        assertThat(a.isUp(b)).isFalse();
    }

    @Test
    void aNodeThatIsBeingConnectedToIsSentToThen() {
        var unused = a.peers.connect(b.atom);
        assertThat(send(b.atom, 1)).isPositive();
        time.runReady();
        assertThat(b.numbers()).containsExactly(1L);
    }

    @Test
    void aNodeThatWasIntroducedIsSentToWhenItIsConnected() {
        var unused = b.peers.introduce(INTRODUCER, a.atom);
        var signal = new ControlMessage.Send(b.pid(1), a.pid(1));
        assertThat(b.peers.sendWithinReach(a.atom, signal, Int.of(1), Peers.Room.AWAIT, () -> false))
                .isPositive();
        time.advance(Introductions.YIELD.multipliedBy(2));
        assertThat(a.numbers()).containsExactly(1L);
    }

    @Test
    void whatWasSentToOneThatWasIntroducedInVainIsLost() {
        Atom gone = Atom.of("gone@host");
        var introduced = a.peers.introduce(INTRODUCER, gone).toCompletableFuture();
        long sent = send(gone, 1);
        assertThat(sent).isPositive();
        while (!introduced.isDone()) {
            time.advance(Introductions.FIRST_BACK_OFF);
        }
        assertThat(introduced).isCompletedExceptionally();
        assertThat(a.ended).containsExactly(sent);
        assertThat(send(gone, 2)).isEqualTo(Peers.OUT_OF_REACH);
        assertThat(a.events).hasSize(1);
    }
}
