package io.hawser.node;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** The places in a mailbox of limited capacity. Thread-safe: two counts. */
final class Bound {
    private final int capacity;
    private final AtomicInteger taken = new AtomicInteger();
    private final LongAdder refused = new LongAdder();

    Bound(int capacity) {
        this.capacity = capacity;
    }

    /** Takes a place; false, and counted, if there is none. */
    boolean take() {
        for (int now = taken.get(); now < capacity; now = taken.get()) {
            if (taken.compareAndSet(now, now + 1)) {
                return true;
            }
        }
        refused.increment();
        return false;
    }

    void giveBack() {
        taken.decrementAndGet();
    }

    int taken() {
        return taken.get();
    }

    long refused() {
        return refused.sum();
    }
}
