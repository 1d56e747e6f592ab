package io.hawser.peer;

import java.time.Duration;
import java.util.ArrayDeque;

/**
 * A peer that names nodes to connect to: those that wait for their turn, and how many dials it may still cost in vain. Pure
 * state: time is an argument.
 *
 * <p>Guarded by the lock of {@link Introductions}.
 */
final class Introducer {
    private final int budget;
    private final long memoryNanos;
    final ArrayDeque<Introduction> waiting = new ArrayDeque<>();
    int underWay;
    private double spent;
    private long countedAt;
    boolean isTold; // that its budget is spent: the log says so once

    Introducer(int budget, Duration memory, long now) {
        this.budget = budget;
        this.memoryNanos = memory.toNanos();
        this.countedAt = now;
    }

    private void forget(long now) {
        spent = Math.max(0, spent - (double) (now - countedAt) / memoryNanos);
        countedAt = now;
    }

    boolean hasBudget(long now) {
        forget(now);
        boolean has = spent <= budget - 1;
        if (has && spent < budget / 2.0) {
            isTold = false;
        }
        return has;
    }

    void spend() {
        spent++;
    }

    /** What was spent led to a node after all. */
    void giveBack(int dials) {
        spent = Math.max(0, spent - dials);
    }

    /** Whether nothing would be lost with it. */
    boolean isForgotten(long now) {
        forget(now);
        return underWay == 0 && spent == 0;
    }
}
