package io.hawser.peer;

import io.hawser.transport.Connection;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes of one peer's messages that lie in mailboxes: above the budget reading from the connection stops, at half of it
 * reading goes on.
 *
 * <p>{@link #charge} and {@link #isPaused} are confined to the connection's event loop; {@link #giveBack} is thread-safe.
 */
final class InboundBudget {
    /** What a message takes besides its bytes: small ones would otherwise fill a heap long before the budget. */
    private static final int SIGNAL_OVERHEAD_BYTES = 128;

    private final Connection connection;
    private final long budgetBytes;
    private final AtomicLong outstanding = new AtomicLong();
    private final AtomicBoolean resuming = new AtomicBoolean();
    private volatile boolean paused;

    InboundBudget(Connection connection, long budgetBytes) {
        this.connection = connection;
        this.budgetBytes = budgetBytes;
    }

    void charge(int bytes) {
        if (outstanding.addAndGet((long) bytes + SIGNAL_OVERHEAD_BYTES) > budgetBytes && !paused) {
            paused = true;
            connection.reading(false);
            // whoever gave back before it could see paused has not asked to resume
            resumeIfDrained();
        }
    }

    void giveBack(int bytes) {
        long left = outstanding.addAndGet(-(long) bytes - SIGNAL_OVERHEAD_BYTES);
        if (paused && left <= budgetBytes / 2 && resuming.compareAndSet(false, true)) {
            connection.execute(() -> {
                resuming.set(false);
                resumeIfDrained();
            });
        }
    }

    boolean isPaused() {
        return paused;
    }

    private void resumeIfDrained() {
        if (paused && outstanding.get() <= budgetBytes / 2) {
            paused = false;
            connection.reading(true);
        }
    }
}
