package io.hawser.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.term.Int;
import io.hawser.term.ListTerm;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages that take many times their packets on the heap. */
final class HeapBudgetTest extends TwoNodes {
    /** What one element of {@link #inflating} takes on the wire, and about what on the heap. */
    private static final int WIRE_BYTES = 3;

    private static final int HEAP_BYTES = 72;

    private static final int LARGE = 200_000;

    private final TestNode a = node("a@host").highWater(1 << 30).start();
    private final TestNode c = node("c@host").start();

    /** A list of tuples of one empty list each. */
    private static Term inflating(int elements) {
        return new ListTerm(Collections.nCopies(elements, (Term) Tuple.of(ListTerm.EMPTY)));
    }

    @Test
    void messagesCountByWhatTheirTermsTake() {
        TestNode b = node("b@host").budget(100_000).start();
        b.keepsCharges = true;
        for (int i = 0; i < 100; i++) {
            a.send(b, 1, inflating(1000));
            time.runReady();
        }
        assertThat(b.uncharged.get(0)).isBetween(1000 * HEAP_BYTES, 1000 * HEAP_BYTES + 1000);
        assertThat(b.payloads.size()).isLessThan(100_000 / (1000 * WIRE_BYTES));
        b.keepsCharges = false;
        List.copyOf(b.uncharged).forEach(b.connectionTo(a)::consumed);
        time.runReady();
        assertThat(b.payloads.size()).isEqualTo(100);
    }

    @Test
    void aMessageBeyondTheBoundCostsItsConnectionAndNoOther() {
        for (int elements : new int[] {20_000, LARGE}) { // decoded on the event loop, and off it
            TestNode b = node("b" + elements + "@host").termBytes(1_000_000).start();
            c.send(b, 1);
            a.send(b, 2);
            time.runReady();
            a.send(b, 1, inflating(elements));
            time.runReady();
            assertThat(b.events).hasSize(3);
            assertThat(b.events.get(2)).startsWith("down a@host: ").contains("of heap (expected: at most 1000000)");
            c.send(b, 3);
            time.runReady();
            assertThat(b.numbers()).containsExactly(1L, 2L, 3L);
        }
    }

    @Test
    void largeMessagesWaitUntilThereIsRoomForWhatTheyBecome() {
        var decodes = new ArrayDeque<Runnable>();
        TestNode b = node("b@host")
                .budget(4_000_000)
                .share(LARGE * HEAP_BYTES * 3L)
                .decoder(decodes::add)
                .start();
        b.keepsCharges = true;
        for (int i = 0; i < 5; i++) {
            a.send(b, i, inflating(LARGE));
            a.send(b, i, Int.of(i)); // waits for it
        }
        time.runReady();
        for (int i = 0; i < 5; i++) {
            assertThat(decodes).hasSize(i < 4 ? 1 : 0);
            runAll(decodes);
            assertThat(b.numbers()).hasSize(Math.min(i + 2, 5));
            assertThat(b.payloads.size()).isEqualTo(2 * b.numbers().size());
            b.connectionTo(a).consumed(b.uncharged.get(2 * i));
        }
        assertThat(b.numbers()).containsExactly(0L, 1L, 2L, 3L, 4L);
    }

    @Test
    void largeMessagesOfOthersDoNotWaitForRoomOfOne() {
        var decodes = new ArrayDeque<Runnable>();
        TestNode b = node("b@host")
                .budget(4_000_000)
                .share(LARGE * HEAP_BYTES * 3L)
                .decoder(decodes::add)
                .start();
        b.keepsCharges = true;
        for (int i = 0; i < 3; i++) {
            a.send(b, i, inflating(LARGE));
        }
        time.runReady();
        runAll(decodes);
        assertThat(b.payloads.size()).isEqualTo(2);
        c.send(b, 9, TestNode.bytes(600_000));
        time.runReady();
        runAll(decodes);
        assertThat(b.payloads.size()).isEqualTo(3);
        assertThat(b.payloads.get(2)).isEqualTo(TestNode.bytes(600_000));
    }

    @Test
    void nothingIsReadBeyondTheBudgetWhileALargeMessageIsDecodedBeyondIt() {
        var decodes = new ArrayDeque<Runnable>();
        TestNode b = node("b@host")
                .budget(1_000_000)
                .share(LARGE * HEAP_BYTES * 2L + 100_000)
                .decoder(decodes::add)
                .start();
        b.keepsCharges = true;
        a.send(b, 1, inflating(LARGE));
        time.runReady();
        runAll(decodes);
        a.send(b, 2, inflating(LARGE));
        time.advance(InboundBudget.PATIENCE.multipliedBy(2)); // nobody receives: half of the share is free for more
        assertThat(decodes).hasSize(1);
        a.send(b, 3, inflating(20_000)); // decoded on the event loop
        time.advance(InboundBudget.PATIENCE.multipliedBy(5));
        assertThat(b.payloads.size()).isEqualTo(1);
        runAll(decodes);
        time.advance(InboundBudget.PATIENCE.multipliedBy(5));
        assertThat(b.payloads.size()).isEqualTo(2);
        c.send(b, 9);
        time.runReady();
        assertThat(b.numbers()).containsExactly(9L);
        List.copyOf(b.uncharged).forEach(b.connectionTo(a)::consumed);
        time.runReady();
        assertThat(b.payloads.size()).isEqualTo(4);
    }

    @Test
    void whatWaitsToBeDecodedIsLetGoOfWithItsConnection() {
        var decodes = new ArrayDeque<Runnable>();
        TestNode b = node("b@host")
                .budget(4_000_000)
                .share(LARGE * HEAP_BYTES * 3L / 2)
                .termBytes(LARGE * HEAP_BYTES + 1000)
                .decoder(decodes::add)
                .start();
        b.keepsCharges = true;
        for (Term payload :
                List.of(inflating(LARGE), inflating(LARGE), inflating(20_000 + LARGE), inflating(LARGE), Int.of(1))) {
            a.send(b, 1, payload);
            time.runReady();
        }
        c.send(b, 2);
        time.runReady();
        runAll(decodes);
        assertThat(b.payloads.size()).isEqualTo(2); // one large one, of which there is no room for more
        var lost = b.connectionTo(a);
        lost.consumed(b.uncharged.get(1));
        runAll(decodes);
        assertThat(b.payloads.size()).isEqualTo(3);
        lost.consumed(b.uncharged.get(2));
        runAll(decodes);
        assertThat(b.isUp(a)).isFalse();
        assertThat(b.payloads.size()).isEqualTo(3);
        c.send(b, 7, inflating(LARGE));
        c.send(b, 3);
        time.runReady();
        runAll(decodes);
        assertThat(b.numbers()).containsExactly(2L, 3L);
        assertThat(b.payloads.size()).isEqualTo(5);
    }

    private void runAll(ArrayDeque<Runnable> decodes) {
        while (!decodes.isEmpty()) {
            decodes.remove().run();
        }
        time.runReady();
    }
}
