package io.hawser.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.dist.ControlMessage;
import io.hawser.handshake.DistFlag;
import io.hawser.term.Atom;
import io.hawser.term.Binary;
import io.hawser.term.Int;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.testing.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Back-pressure both ways, and the order of large and small signals. */
@Timeout(60) // a sender that waits for good fails its test
final class FlowTest extends TwoNodes {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final TestNode a = node("a@host").highWater(100_000).start();
    private final TestNode b = node("b@host").budget(100_000).start();

    private void connectAndStall() {
        a.send(b, 0);
        time.runReady();
        network.links().forEach(link -> link.stall());
    }

    private int fill() {
        int sent = 0;
        while (a.trySend(b, TestNode.bytes(10_000))) {
            sent++;
            time.runReady();
            assertThat(sent).isLessThan(1000);
        }
        return sent;
    }

    @Test
    void trySendRefusesAboveTheHighWaterMarkAndGoesOnBelowTheLow() {
        connectAndStall();
        int sent = fill();
        assertThat(sent).isGreaterThan(10);
        assertThat(a.trySend(b, Int.of(1))).isFalse();
        network.links().forEach(link -> link.resume());
        time.runReady();
        assertThat(a.trySend(b, Int.of(1))).isTrue();
        time.runReady();
        assertThat(b.payloads).hasSize(sent + 2);
    }

    private Thread blockedSender(Term payload, AtomicBoolean interrupted) {
        var sender = new Thread(() -> {
            a.send(b, 2, payload);
            interrupted.set(Thread.currentThread().isInterrupted());
        });
        sender.start();
        Await.until(SOON, "the sender waits", () -> sender.getState() == Thread.State.WAITING);
        return sender;
    }

    private static void awaitEnd(Thread sender) {
        Await.until(SOON, "the sender goes on", () -> !sender.isAlive());
    }

    @Test
    void aSenderWaitsForRoomAndGoesOn() {
        connectAndStall();
        fill();
        Thread sender = blockedSender(Int.of(77), new AtomicBoolean());
        network.links().forEach(link -> link.resume());
        time.runReady();
        awaitEnd(sender);
        time.runReady();
        assertThat(b.numbers()).containsExactly(0L, 77L);
    }

    @Test
    void anInterruptedSenderQueuesAndKeepsTheFlag() {
        connectAndStall();
        fill();
        var interrupted = new AtomicBoolean();
        Thread sender = blockedSender(Int.of(77), interrupted);
        sender.interrupt();
        awaitEnd(sender);
        assertThat(interrupted).isTrue();
        network.links().forEach(link -> link.resume());
        time.runReady();
        assertThat(b.numbers()).containsExactly(0L, 77L);
    }

    @Test
    void aSenderThatWaitsReturnsWhenTheConnectionGoes() {
        connectAndStall();
        fill();
        Thread sender = blockedSender(Int.of(77), new AtomicBoolean());
        network.links().get(0).cut();
        time.runReady();
        awaitEnd(sender);
        assertThat(a.events).hasSize(2);
    }

    @Test
    void aSenderThatWaitsReturnsWhenTheNodeIsClosed() {
        connectAndStall();
        fill();
        Thread sender = blockedSender(Int.of(77), new AtomicBoolean());
        a.close();
        time.runReady();
        awaitEnd(sender);
    }

    @Test
    void aSenderWaitsWhileThereIsNoConnectionAndReturnsWhenThereCanBeNone() {
        TestNode c = node("c@host").highWater(10_000).executor(task -> {}).start();
        c.send(b, 1, TestNode.bytes(20_000));
        assertThat(c.trySend(b, Int.of(1))).isFalse();
        var sender = new Thread(() -> c.send(b, 1, Int.of(1)));
        sender.start();
        Await.until(SOON, "the sender waits", () -> sender.getState() == Thread.State.WAITING);
        time.advance(Duration.ofSeconds(7));
        awaitEnd(sender);
        assertThat(c.events).hasSize(1);
    }

    @Test
    void givesAPeerUpThatLetsAnswersPileUp() {
        connectAndStall();
        for (int i = 0; i < 400 && a.events.size() == 1; i++) {
            var answer = new ControlMessage.Send(a.pid(1), b.pid(1));
            a.peers.answer(b.atom, a.connectionTo(b).id(), answer, TestNode.bytes(50_000));
            time.runReady();
        }
        assertThat(a.events)
                .containsExactly(
                        "up b@host",
                        "down b@host: b@host: more than 16777216 bytes of answers wait (expected: that the peer reads)");
    }

    @Test
    void readingPausesAboveTheBudgetAndGoesOnBelowHalfOfIt() {
        b.keepsCharges = true;
        a.send(b, 0);
        time.runReady();
        for (int i = 0; i < 40; i++) {
            a.trySend(b, TestNode.bytes(10_000));
            time.runReady();
        }
        int before = b.payloads.size();
        assertThat(before).isBetween(10, 20);
        PeerConnection connection = b.connectionTo(a);
        int returned = 0;
        for (int i = 0; returned < 30_000; i++) {
            connection.consumed(b.uncharged.get(i));
            returned += b.uncharged.get(i);
        }
        time.runReady();
        assertThat(b.payloads).hasSize(before);
        b.keepsCharges = false;
        b.uncharged.stream().skip(4).forEach(connection::consumed);
        time.runReady();
        assertThat(b.payloads).hasSizeGreaterThan(before);
    }

    @Test
    void aDownOfANamedProcessOvertakesNothing() {
        TestNode wide = node("w@host").highWater(1 << 30).start();
        Binary large = TestNode.bytes(3_000_000);
        var ref = new Reference(b.atom, 4, 1, 2, 3);
        wide.send(b, 0);
        time.runReady();
        wide.send(b, 1, large);
        wide.peers.send(b.atom, new ControlMessage.MonitorExit(Atom.of("name"), b.pid(1), ref), Int.of(5));
        wide.send(b, 2, Int.of(6));
        time.runReady();
        assertThat(b.payloads).containsExactly(Int.of(0), Int.of(6), large, Int.of(5));
    }

    @Test
    void ordersEachSendersSignals() {
        TestNode wide = node("w@host").highWater(1 << 30).start();
        wide.send(b, 0);
        time.runReady();
        List<Term> expectedOfOne = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Binary large = TestNode.bytes(200_000 + i);
            wide.send(b, 1, large);
            wide.send(b, 1, Int.of(100 + i));
            wide.send(b, 2, Int.of(200 + i));
            wide.send(b, 3, TestNode.bytes(70_000 + i));
            wide.send(b, 3, Int.of(300 + i));
            expectedOfOne.add(large);
            expectedOfOne.add(Int.of(100 + i));
        }
        b.payloads.clear();
        time.runReady();
        List<Term> received = List.copyOf(b.payloads);
        assertThat(received).hasSize(25);
        assertThat(received).containsSubsequence(expectedOfOne);
        assertThat(received).containsSubsequence(Int.of(300), TestNode.bytes(70_001), Int.of(301), Int.of(304));
        assertThat(received.subList(0, 5))
                .containsExactly(Int.of(200), Int.of(201), Int.of(202), Int.of(203), Int.of(204));
    }

    @Test
    void sendsLargeSignalsWholeWhereFragmentsWereNotAgreedOn() {
        TestNode c = node("c@host")
                .flags(DistFlag.RECOMMENDED_VISIBLE & ~DistFlag.DFLAG_FRAGMENTS.mask())
                .start();
        a.send(c, 1, TestNode.bytes(300_000));
        time.runReady();
        a.send(c, 1, Int.of(1));
        time.runReady();
        assertThat(c.payloads).containsExactly(TestNode.bytes(300_000), Int.of(1));
    }
}
