package io.hawser.peer;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A peer that names nodes to connect to: those that wait for their turn, and how many dials it may still cost in vain. Pure
 * state: time is an argument.
 *
 * <p>Guarded by the lock of {@link Introductions}.
 */
final class Introducer {
    final String name;
    private final int budget;
    private final long memoryNanos;
    final Set<Introduction> waiting = new LinkedHashSet<>();
    int underWay; // how many it has named that are
    private double spent;
    private long countedAt;
    boolean isTold; // that its budget is spent: the log says so once

    Introducer(String name, int budget, Duration memory, long now) {
        this.name = name;
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

    /** A dial that was paid for led to a node after all. */
    void giveBack() {
        spent = Math.max(0, spent - 1);
    }

    /** Whether nothing would be lost with it. */
    boolean isForgotten(long now) {
        forget(now);
        return underWay == 0 && spent == 0;
    }
}
