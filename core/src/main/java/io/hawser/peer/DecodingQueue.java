package io.hawser.peer;

import java.util.HashSet;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Large messages of all connections that are to be decoded: one after the other, those of a connection in the order they
 * came, and none while its connection has no room for what it becomes. Thread-safe.
 */
final class DecodingQueue {
    private final Executor decoder;
    private final Queue<Entry> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean running = new AtomicBoolean();

    private record Entry(InboundBudget budget, Runnable decoding) {}

    /** @param decoder where decoding is done */
    DecodingQueue(Executor decoder) {
        this.decoder = decoder;
    }

    void add(InboundBudget budget, Runnable decoding) {
        waiting.add(new Entry(budget, decoding));
        wake();
    }

    /** Takes one out again; returns false if it has begun. */
    boolean remove(InboundBudget budget, Runnable decoding) {
        return waiting.remove(new Entry(budget, decoding));
    }

    /** Goes on if there is something to decode, and room: called when that may have changed. */
    void wake() {
        if (!waiting.isEmpty() && next() != null && running.compareAndSet(false, true)) {
            try {
                decoder.execute(this::run);
            } catch (RejectedExecutionException e) {
                waiting.clear(); // the node is closed
            }
        }
    }

    private void run() {
        try {
            for (Entry next = next(); next != null; next = next()) {
                if (waiting.remove(next)) {
                    next.decoding.run();
                }
            }
        } finally {
            running.set(false);
        }
        wake(); // for what came while this ended
    }

    /** Returns the first that may be decoded: few wait at a time, for they are large. */
    private @Nullable Entry next() {
        var full = new HashSet<InboundBudget>();
        for (Entry entry : waiting) {
            if (!full.contains(entry.budget)) {
                if (entry.budget.hasRoomToDecode()) {
                    return entry;
                }
                full.add(entry.budget);
            }
        }
        return null;
    }
}
