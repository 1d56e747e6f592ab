package io.hawser.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.transport.Connection;
import org.junit.jupiter.api.Test;

/** What is counted of messages that came in. */
final class InboundBudgetTest extends TwoNodes {
    private static final int BYTES = 100;

    private final InboundShare share = new InboundShare(0, 0, () -> {}, Runnable::run);

    private InboundBudget budget() {
        TestNode a = node("a@host").start();
        TestNode b = node("b@host").start();
        a.send(b, 1);
        time.runReady();
        Connection connection = a.connectionTo(b).connection();
        return new InboundBudget(connection, time, share, 1_000_000);
    }

    private void assertThatNothingIsOutstanding() {
        assertThat(share.isFull()).isFalse();
        share.add(1); // nor less
        assertThat(share.isFull()).isTrue();
    }

    @Test
    void whatIsReceivedAfterTheConnectionClosedIsCountedOff() {
        InboundBudget budget = budget();
        budget.charge(BYTES); // too little to be counted at once
        budget.close();
        budget.giveBack(1, BYTES);
        assertThatNothingIsOutstanding();
    }

    @Test
    void whatComesInAfterTheConnectionClosedIsCountedAtOnce() {
        InboundBudget budget = budget();
        budget.close();
        budget.charge(BYTES); // was being decoded
        assertThat(share.isFull()).isTrue();
        budget.giveBack(1, BYTES);
        assertThatNothingIsOutstanding();
    }

    @Test
    void showsWhatIsNotCountedYet() {
        InboundBudget budget = budget();
        budget.charge(BYTES);
        assertThat(budget.outstandingBytes()).isGreaterThanOrEqualTo(BYTES);
        budget.giveBack(1, BYTES);
        assertThat(budget.outstandingBytes()).isZero();
    }
}
