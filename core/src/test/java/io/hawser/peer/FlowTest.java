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
import java.util.ArrayDeque;
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
        assertThat(a.pauses).containsExactly("sender b@host");
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
        for (int i = 0; i < 2_000 && a.events.size() == 1; i++) {
            var answer = new ControlMessage.Send(a.pid(1), b.pid(1));
            a.peers.answer(b.atom, a.connectionTo(b).id(), answer, TestNode.bytes(50_000));
            time.runReady();
        }
        assertThat(a.events)
                .containsExactly(
                        "up b@host",
                        "down b@host: b@host: more than " + Outbox.MAX_ANSWER_BYTES
                                + " bytes of answers wait (expected: that the peer reads)");
    }

    @Test
    void whatIsSentWithoutWaitingGivesAPeerUpThatLetsItPileUp() {
        connectAndStall();
        fill();
        for (int i = 0; i < 2_000 && a.events.size() == 1; i++) {
            assertThat(sendAsync(a, b)).isEqualTo(1);
            time.runReady();
        }
        assertThat(a.events)
                .containsExactly(
                        "up b@host",
                        "down b@host: b@host: more than " + Outbox.MAX_ANSWER_BYTES
                                + " bytes of answers wait (expected: that the peer reads)");
    }

    private static long sendAsync(TestNode from, TestNode to) {
        var message = new ControlMessage.Send(from.pid(1), to.pid(1));
        return from.peers.sendAsync(to.atom, message, TestNode.bytes(50_000));
    }

    @Test
    void whatIsSentWithoutWaitingIsLostWhenTooMuchWaitsForAConnection() {
        TestNode c = node("c@host").highWater(10_000).executor(task -> {}).start();
        long waiting = sendAsync(c, b);
        long last = waiting;
        for (int i = 0; i < 2_000 && last == waiting; i++) {
            last = sendAsync(c, b);
        }
        assertThat(c.ended).containsExactly(last);
        time.advance(Duration.ofSeconds(7));
        assertThat(c.ended).containsExactly(last, waiting);
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
        assertThat(b.pauses).containsOnly("reading a@host");
    }

    private TestNode slowNode(long share) {
        TestNode slow = node("slow@host").budget(100_000).share(share).start();
        slow.keepsCharges = true;
        return slow;
    }

    /** Sends as much as is taken, and says how many messages have arrived. */
    private int pump(TestNode from, TestNode to) {
        for (int i = 0; i < 1000 && from.trySend(to, TestNode.bytes(10_000)); i++) {
            time.runReady();
        }
        return to.payloads.size();
    }

    @Test
    void readingGoesOnAfterASecondInWhichNothingWasReceivedUntilHalfOfTheShareIsTaken() {
        TestNode slow = slowNode(600_000);
        TestNode fast = node("f@host").highWater(30_000).start();
        int first = pump(fast, slow);
        assertThat(first).isBetween(10, 25);
        time.advance(InboundBudget.PATIENCE);
        assertThat(pump(fast, slow)).isBetween(first + 5, first + 25);
        for (int i = 0; i < 20; i++) {
            time.advance(InboundBudget.PATIENCE);
            pump(fast, slow);
        }
        int last = slow.payloads.size();
        assertThat(last).isBetween(30, 30 + 25); // half of the share, then one budget and what was on its way
        slow.chargesOf(slow.connectionTo(fast)).forEach(slow.connectionTo(fast)::consumed);
        time.runReady();
        assertThat(pump(fast, slow)).isGreaterThan(last);
    }

    @Test
    void aConnectionWhoseMailboxesAreReadSlowlyIsNotGrantedMore() {
        TestNode slow = slowNode(600_000);
        TestNode fast = node("f@host").highWater(30_000).start();
        int before = pump(fast, slow);
        for (int i = 0; i < 3; i++) {
            slow.connectionTo(fast).consumed(slow.uncharged.get(i));
            time.advance(InboundBudget.PATIENCE);
            assertThat(pump(fast, slow)).isEqualTo(before);
        }
    }

    @Test
    void theShareOfAllConnectionsIsBounded() {
        TestNode slow = slowNode(200_000);
        List<TestNode> senders = new ArrayList<>();
        for (int n = 0; n < 10; n++) {
            TestNode sender = node("s" + n + "@host").highWater(30_000).start();
            senders.add(sender);
            pump(sender, slow);
        }
        time.advance(Duration.ofSeconds(30));
        senders.forEach(sender -> pump(sender, slow));
        int held = slow.payloads.size();
        assertThat(held).isBetween(20, 20 + 10 * 12); // what each had on its way when it was stopped
        for (TestNode sender : senders) {
            PeerConnection connection = slow.connectionTo(sender);
            slow.chargesOf(connection).forEach(connection::consumed);
        }
        time.runReady();
        slow.keepsCharges = false;
        senders.forEach(sender -> pump(sender, slow));
        assertThat(slow.payloads.size()).isGreaterThan(held + 10);
    }

    @Test
    void whoHasMessagesToReadDoesNotWaitWhileReadingIsPaused() {
        TestNode c =
                node("c@host").highWater(100_000).budget(50_000).share(100_000).start();
        c.keepsCharges = true;
        c.send(b, 0);
        time.runReady();
        network.links().forEach(link -> link.stall());
        while (c.trySend(b, TestNode.bytes(10_000))) {
            time.runReady();
        }
        var done = new AtomicBoolean();
        var sender = new Thread(() -> {
            c.peers.send(b.atom, new ControlMessage.Send(c.pid(1), b.pid(1)), Int.of(78), () -> true);
            done.set(true);
        });
        sender.start();
        Await.until(SOON, "the sender waits", () -> sender.getState() == Thread.State.WAITING);
        for (int i = 0; i < 10; i++) {
            a.send(c, 1, TestNode.bytes(10_000)); // from another peer, to processes that wait as well
        }
        time.runReady();
        awaitEnd(sender);
        assertThat(done).isTrue();
    }

    @Test
    void smallSignalsOfOthersDoNotWaitForALargeOne() throws InterruptedException {
        connectAndStall();
        var large = new Thread(() -> a.send(b, 5, TestNode.bytes(3_000_000)));
        large.start();
        Await.until(SOON, "its sender waits", () -> large.getState() == Thread.State.WAITING);
        assertThat(a.trySend(b, Int.of(1))).isTrue();
        a.send(b, 2, Int.of(2));
        network.links().forEach(link -> link.resume());
        time.runReady();
        awaitEnd(large);
        time.runReady();
        assertThat(b.numbers()).containsExactly(0L, 1L, 2L);
        assertThat(b.payloads).hasSize(4);
    }

    @Test
    void aSendersSmallSignalWaitsForItsOwnLargeOne() {
        connectAndStall();
        var large = new Thread(() -> {
            a.send(b, 1, TestNode.bytes(3_000_000));
            a.send(b, 1, Int.of(7));
        });
        large.start();
        Await.until(SOON, "it waits", () -> large.getState() == Thread.State.WAITING);
        assertThat(a.trySend(b, Int.of(1))).isFalse(); // of the same process
        network.links().forEach(link -> link.resume());
        time.runReady();
        awaitEnd(large);
        time.runReady();
        assertThat(b.numbers()).containsExactly(0L, 7L);
    }

    @Test
    void aLargeSignalIsNotHeldBackByManySmallOnes() {
        connectAndStall();
        var large = new Thread(() -> a.send(b, 5, TestNode.bytes(300_000)));
        large.start();
        Await.until(SOON, "its sender waits", () -> large.getState() == Thread.State.WAITING);
        network.links().forEach(link -> link.resume());
        for (int i = 0; i < 50 && large.isAlive(); i++) {
            while (a.trySend(b, TestNode.bytes(30_000))) {} // a batch that is full without any fragment
            time.runReady();
        }
        awaitEnd(large);
    }

    @Test
    void whatIsDecodedElsewhereIsOvertakenByOtherSendersOnly() {
        var decodes = new ArrayDeque<Runnable>();
        TestNode late = node("late@host").budget(1 << 24).decoder(decodes::add).start();
        TestNode wide = node("w@host").highWater(1 << 30).start();
        Binary large = TestNode.bytes(2_000_000);
        var ref = new Reference(wide.atom, 4, 1, 2, 3);
        wide.send(late, 1, large);
        wide.send(late, 1, Int.of(1));
        time.runReady();
        wide.peers.send(late.atom, new ControlMessage.MonitorExit(Atom.of("name"), late.pid(1), ref), Int.of(3));
        wide.send(late, 2, Int.of(2));
        time.runReady();
        assertThat(late.payloads).containsExactly(Int.of(2));
        decodes.remove().run();
        time.runReady();
        assertThat(late.payloads).containsExactly(Int.of(2), large, Int.of(1), Int.of(3));
    }

    @Test
    void nothingOvertakesALargeMessageThatNamesNoSender() {
        var decodes = new ArrayDeque<Runnable>();
        TestNode late = node("late@host").budget(1 << 24).decoder(decodes::add).start();
        TestNode wide = node("w@host").highWater(1 << 30).start();
        Binary large = TestNode.bytes(2_000_000);
        wide.peers.send(late.atom, new ControlMessage.Send(null, late.pid(1)), large);
        time.runReady();
        wide.send(late, 1, Int.of(1));
        wide.send(late, 2, Int.of(2));
        time.runReady();
        assertThat(late.payloads).isEmpty();
        decodes.remove().run();
        time.runReady();
        assertThat(late.payloads).containsExactly(large, Int.of(1), Int.of(2));
    }

    @Test
    void aNewProcessIsAnnouncedBeforeItsOwnSignalsWhileAnothersLargeOneIsDecoded() {
        var decodes = new ArrayDeque<Runnable>();
        TestNode late = node("late@host").budget(1 << 24).decoder(decodes::add).start();
        TestNode wide = node("w@host").highWater(1 << 30).start();
        var ref = new Reference(late.atom, 4, 1, 2, 3);
        wide.send(late, 1, TestNode.bytes(2_000_000));
        time.runReady();
        late.signals.clear();
        var reply = new ControlMessage.SpawnReply(ref, late.pid(1), 2, wide.pid(9));
        var down = new ControlMessage.MonitorExit(wide.pid(9), late.pid(1), ref);
        wide.peers.send(late.atom, reply, null);
        wide.peers.send(late.atom, down, Int.of(1));
        time.runReady();
        assertThat(late.signals).containsExactly(reply, down);
        decodes.remove().run();
    }

    @Test
    void whatArrivedBeforeTheConnectionWentIsDeliveredBeforeItIsReported() {
        var decodes = new ArrayDeque<Runnable>();
        TestNode late = node("late@host").budget(1 << 24).decoder(decodes::add).start();
        TestNode wide = node("w@host").highWater(1 << 30).start();
        wide.send(late, 1, TestNode.bytes(2_000_000));
        time.runReady();
        wide.peers.disconnect(late.atom);
        time.runReady();
        assertThat(late.events).containsExactly("up w@host");
        decodes.remove().run();
        time.runReady();
        assertThat(late.payloads).hasSize(1);
        assertThat(late.events).hasSize(2);
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
            wide.send(b, 3, TestNode.bytes(110_000 + i));
            wide.send(b, 3, Int.of(300 + i));
            expectedOfOne.add(large);
            expectedOfOne.add(Int.of(100 + i));
        }
        b.payloads.clear();
        time.runReady();
        List<Term> received = List.copyOf(b.payloads);
        assertThat(received).hasSize(25);
        assertThat(received).containsSubsequence(expectedOfOne);
        assertThat(received).containsSubsequence(Int.of(300), TestNode.bytes(110_001), Int.of(301), Int.of(304));
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
