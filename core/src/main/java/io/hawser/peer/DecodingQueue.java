package io.hawser.peer;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * Large messages of all connections that are to be decoded: one after the other, in the order they came, and none while the
 * node has no room for what they become. Thread-safe.
 */
final class DecodingQueue {
    private final Executor decoder;
    private final BooleanSupplier hasRoom;
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean running = new AtomicBoolean();

    /**
     * Makes an empty queue.
     *
     * @param decoder where decoding is done
     * @param hasRoom whether a message may be decoded; {@link #wake} is called when that may have changed
     */
    DecodingQueue(Executor decoder, BooleanSupplier hasRoom) {
        this.decoder = decoder;
        this.hasRoom = hasRoom;
    }

    void add(Runnable decoding) {
        waiting.add(decoding);
        wake();
    }

    /** Takes one out again; returns false if it has begun. */
    boolean remove(Runnable decoding) {
        return waiting.remove(decoding);
    }

    /** Goes on if there is something to decode, and room. */
    void wake() {
        if (!waiting.isEmpty() && hasRoom.getAsBoolean() && running.compareAndSet(false, true)) {
            try {
                decoder.execute(this::run);
            } catch (RejectedExecutionException e) {
                waiting.clear(); // the node is closed
            }
        }
    }

    private void run() {
        try {
            while (hasRoom.getAsBoolean()) {
                Runnable next = waiting.poll();
                if (next == null) {
                    break;
                }
                next.run();
            }
        } finally {
            running.set(false);
        }
        wake(); // for what came while this ended
    }
}
