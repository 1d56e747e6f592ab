package io.hawser.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.dist.ControlMessage;
import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.NodeName;
import io.hawser.term.Pid;
import io.hawser.transport.AcceptLimits;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import org.junit.jupiter.api.Test;

/** What a second connection of the same peer does to the first. */
final class StaleConnectionTest extends TwoNodes {
    private final TestNode b = node("b@host").start();

    @Test
    void keepsTheOldConnectionUntilTheNewOneIsAdmitted() {
        RawPeer old = connect(b, "x@host");
        RawPeer fresh = dial(b);
        fresh.sayName("x@host");
        time.runReady();
        assertThat(fresh.handshake).containsExactly("s alive");
        fresh.say("s true");
        time.runReady();
        assertThat(old.isClosed).isFalse();
        fresh.sayReply("secret");
        time.runReady();
        assertThat(old.isClosed).isTrue();
        assertThat(fresh.handshake).hasSize(2);
        assertThat(b.events)
                .containsExactly("up x@host", "down x@host: x@host: replaced by a newer connection", "up x@host");
    }

    @Test
    void aClaimThatFailsCostsTheOldConnectionNothing() {
        RawPeer old = connect(b, "x@host");
        RawPeer stranger = dial(b);
        stranger.sayName("x@host");
        stranger.say("s true");
        stranger.sayReply("wrong");
        time.runReady();
        assertThat(stranger.isClosed).isTrue();
        assertThat(old.isClosed).isFalse();
        assertThat(b.events).containsExactly("up x@host");
    }

    @Test
    void theNewestOfSeveralClaimsWins() {
        RawPeer first = dial(b);
        first.sayName("x@host");
        time.runReady();
        RawPeer second = dial(b);
        second.sayName("x@host");
        time.runReady();
        second.sayReply("secret");
        time.runReady();
        first.sayReply("secret");
        time.runReady();
        assertThat(first.isClosed).isTrue();
        assertThat(second.isClosed).isFalse();
        assertThat(b.events).containsExactly("up x@host");
    }

    @Test
    void saysOnWhichConnectionASignalLeaves() {
        TestNode a = node("a@host").start();
        var signal = new ControlMessage.Link(a.pid(1), b.pid(1));
        long first = a.peers.send(b.atom, signal, null);
        time.runReady();
        assertThat(a.peers.send(b.atom, signal, null)).isEqualTo(first);
        assertThat(a.connectionTo(b).id()).isEqualTo(first);
        a.peers.disconnect(b.atom);
        long second = a.peers.trySend(b.atom, signal, null);
        assertThat(second).isGreaterThan(first);
        time.runReady();
        assertThat(a.connectionTo(b).id()).isEqualTo(second);
        assertThat(a.ended).containsExactly(first);
    }

    @Test
    void saysWithWhichFailureASignalIsLost() {
        TestNode a = node("a@host").start();
        Atom nobody = Atom.of("nobody@host");
        var signal = new ControlMessage.Link(a.pid(1), new Pid(nobody, 1, 0, 7));
        long first = a.peers.send(nobody, signal, null);
        time.runReady();
        long second = a.peers.send(nobody, signal, null);
        time.advance(Damping.MAX);
        assertThat(a.ended).containsExactly(first, second);
        long never = a.peers.send(Atom.of("no node"), signal, null);
        assertThat(a.ended).containsExactly(first, second, never);
    }

    @Test
    void whatEndsARelationLeavesOnItsConnectionOrNotAtAll() {
        TestNode a = node("a@host").start();
        var signal = new ControlMessage.Send(a.pid(1), b.pid(1));
        long first = a.peers.send(b.atom, signal, Int.of(1));
        assertThat(a.peers.trySend(b.atom, first, signal, Int.of(2))).isTrue(); // waits with the one before
        a.peers.answer(b.atom, first, signal, Int.of(3));
        time.runReady();
        a.peers.disconnect(b.atom);
        assertThat(a.peers.trySend(b.atom, first, signal, Int.of(4))).isTrue(); // lost
        a.peers.answer(b.atom, first, signal, Int.of(5));
        time.advance(Duration.ofSeconds(1));
        assertThat(a.peers.connections()).isEmpty();
        a.send(b, 6);
        a.peers.answer(b.atom, first, signal, Int.of(7));
        time.runReady();
        assertThat(b.numbers()).containsExactly(1L, 2L, 3L, 6L);
    }

    /** Has a stranger listen under a name that the directory then gives out; it says nothing by itself. */
    private RawPeer listenAs(String name) {
        var silent = new RawPeer();
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 7);
        stranger.listen(address, AcceptLimits.DEFAULT, () -> silent);
        directory.addresses.put(NodeName.parse(name), address);
        return silent;
    }

    private void sendTo(TestNode from, String name, int number) {
        Atom to = Atom.of(name);
        from.peers.send(to, new ControlMessage.Send(from.pid(1), new Pid(to, 1, 0, 7)), Int.of(number));
    }

    @Test
    void answersNokWhileItsOwnTryIsOnItsWayAndItsNameIsGreater() {
        RawPeer dialled = listenAs("a@host");
        sendTo(b, "a@host", 1);
        RawPeer claim = dial(b);
        claim.sayName("a@host");
        time.runReady();
        assertThat(claim.handshake).containsExactly("s nok");
        assertThat(claim.isClosed).isTrue();
        assertThat(dialled.isClosed).isFalse();
    }

    @Test
    void givesItsOwnTryUpWhenThePeerWithTheGreaterNameHasProvedItsClaim() {
        RawPeer dialled = listenAs("c@host");
        sendTo(b, "c@host", 1);
        RawPeer claim = dial(b);
        claim.sayName("c@host");
        time.runReady();
        assertThat(claim.handshake).containsExactly("s ok_simultaneous");
        assertThat(dialled.isClosed).isFalse();
        claim.sayReply("secret");
        time.runReady();
        assertThat(dialled.isClosed).isTrue();
        assertThat(claim.packetSizes).hasSize(1);
        assertThat(b.events).containsExactly("up c@host");
    }

    @Test
    void waitsForThePeersOwnTryWhenHungUpOn() {
        RawPeer dialled = listenAs("c@host");
        sendTo(b, "c@host", 1);
        time.runReady();
        dialled.connection().close(null);
        time.advance(Duration.ofMillis(400));
        assertThat(b.events).isEmpty();
        RawPeer winner = connect(b, "c@host");
        time.advance(Duration.ofSeconds(1));
        assertThat(winner.packetSizes).hasSize(1);
        assertThat(b.events).containsExactly("up c@host");
    }

    @Test
    void reportsAfterAWhileThatItWasHungUpOn() {
        RawPeer dialled = listenAs("c@host");
        sendTo(b, "c@host", 1);
        time.runReady();
        dialled.connection().close(null);
        time.advance(Route.LOST_RACE_WAIT);
        assertThat(b.events).containsExactly("unreachable c@host: c@host: closed before its status");
    }

    @Test
    void dialsWhenTheClaimItGaveWayToComesToNothing() {
        RawPeer squatter = dial(b);
        squatter.sayName("c@host");
        time.runReady();
        TestNode c = node("c@host").start();
        b.send(c, 1);
        time.runReady();
        assertThat(b.events).isEmpty();
        squatter.sayReply("wrong");
        time.runReady();
        assertThat(c.numbers()).containsExactly(1L);
        assertThat(b.events).containsExactly("up c@host");
    }

    @Test
    void dialsWhenTheClaimItGaveWayToIsNotProvedSoon() {
        RawPeer squatter = dial(b);
        squatter.sayName("c@host");
        time.runReady();
        TestNode c = node("c@host").start();
        b.send(c, 1);
        time.advance(Route.CLAIM_GRACE);
        assertThat(squatter.isClosed).isFalse();
        assertThat(c.numbers()).containsExactly(1L);
        assertThat(b.events).containsExactly("up c@host");
    }

    @Test
    void connectsWhileAStrangerHammersClaimsToThePeersName() {
        for (String name : new String[] {"c@host", "a@host"}) { // the greater name, and the smaller
            var lookUps = new ArrayDeque<Runnable>();
            TestNode d = node("b@host").executor(lookUps::add).start();
            TestNode peer = node(name).start();
            d.send(peer, 1);
            for (int millis = 0; millis < 2000 && peer.numbers().isEmpty(); millis += 10) {
                RawPeer claim = dial(d);
                claim.sayName(name);
                time.advance(Duration.ofMillis(5));
                if (millis % 3 == 0) {
                    claim.sayReply("wrong");
                }
                if (millis % 70 == 0 && !lookUps.isEmpty()) { // a directory that takes its time
                    lookUps.remove().run();
                }
                time.advance(Duration.ofMillis(5));
            }
            assertThat(peer.numbers()).containsExactly(1L);
            assertThat(d.events).containsExactly("up " + name);
            d.close();
            peer.close();
            time.runReady();
        }
    }

    @Test
    void reportsAndDialsAgainWhenAConnectionBreaksWithSignalsQueued() {
        TestNode a = node("a@host").start();
        a.send(b, 1);
        time.runReady();
        network.links().get(0).cut();
        time.runReady();
        a.send(b, 2);
        time.runReady();
        assertThat(b.numbers()).containsExactly(1L, 2L);
        assertThat(a.events).hasSize(3);
        assertThat(a.events.get(1)).startsWith("down b@host: ").endsWith("connection reset by peer");
    }

    @Test
    void garbageClosesItsOwnConnectionOnly() {
        TestNode a = node("a@host").start();
        a.send(b, 1);
        RawPeer hostile = connect(b, "x@host");
        hostile.write(ByteBuffer.wrap(new byte[] {0, 0, 0, 3, (byte) 131, 68, 9}));
        time.runReady();
        assertThat(hostile.isClosed).isTrue();
        assertThat(b.events).hasSize(3).last().asString().startsWith("down x@host: x@host: ");
        a.send(b, 2);
        time.runReady();
        assertThat(b.numbers()).containsExactly(1L, 2L);
    }

    @Test
    void garbageInTheHandshakeCostsTheConnection() {
        RawPeer hostile = dial(b);
        hostile.say("\u0007what");
        time.runReady();
        assertThat(hostile.isClosed).isTrue();
        RawPeer early = dial(b);
        early.sayReply("secret");
        time.runReady();
        assertThat(early.isClosed).isTrue();
        assertThat(b.events).isEmpty();
        assertThat(b.peers.routeCount()).isZero();
    }

    @Test
    void doesNotAdmitItsOwnNameOrTheOtherKindOfName() {
        for (String name : new String[] {"b@host", "x@host.example.org"}) {
            RawPeer peer = dial(b);
            peer.sayName(name);
            time.runReady();
            assertThat(peer.handshake).containsExactly("s not_allowed");
            assertThat(peer.isClosed).isTrue();
        }
    }

    @Test
    void dropsASilentStrangerAtTheDeadline() {
        RawPeer silent = dial(b);
        silent.sayName("x@host");
        time.advance(Duration.ofMillis(7001));
        assertThat(silent.isClosed).isTrue();
        assertThat(b.peers.routeCount()).isZero();
    }
}
