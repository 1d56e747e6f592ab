package io.hawser.peer;

import io.hawser.dist.ControlMessage;
import io.hawser.term.Term;
import io.hawser.transport.Surroundings;
import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Signals that wait for a connection, and senders that wait for room among them. The signals stay terms until it is known
 * how the peer wants them encoded.
 *
 * <p>Guarded by the route's lock.
 */
final class PendingSignals {
    private static final int OVERHEAD_BYTES = 64;

    private final WaitingThreads settled; // all were sent or dropped
    private final int highWaterBytes;
    private final ArrayDeque<Pending> signals = new ArrayDeque<>(1);
    private long bytes;
    private long drops;

    private record Pending(ControlMessage control, @Nullable Term payload) {}

    PendingSignals(ReentrantLock lock, Surroundings surroundings, int highWaterBytes) {
        this.settled = new WaitingThreads(lock, surroundings);
        this.highWaterBytes = highWaterBytes;
    }

    boolean isEmpty() {
        return signals.isEmpty();
    }

    boolean isCongested() {
        return bytes > highWaterBytes;
    }

    long bytes() {
        return bytes;
    }

    /**
     * Waits for room, or until there is no reason to wait any more. An interrupt ends the wait, and the flag stays set.
     *
     * @param isNeeded whether there is reason to wait
     * @return false if what waited was dropped, and the sender's signal is to be too
     */
    boolean awaitRoom(BooleanSupplier isNeeded) {
        long seen = drops;
        try {
            while (isCongested() && drops == seen && isNeeded.getAsBoolean()) {
                settled.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return drops == seen;
    }

    void add(ControlMessage control, @Nullable Term payload, long size) {
        signals.add(new Pending(control, payload));
        bytes += size;
    }

    /** Drops all. */
    void drop() {
        signals.clear();
        drops++;
        settle();
    }

    /** Hands all over, in order. */
    void moveTo(BiConsumer<ControlMessage, @Nullable Term> target) {
        for (Pending signal = signals.poll(); signal != null; signal = signals.poll()) {
            target.accept(signal.control(), signal.payload());
        }
        settle();
    }

    private void settle() {
        bytes = 0;
        settled.wakeAll();
    }

    /** Returns about how many bytes a signal takes, without encoding it: how the peer wants that is not known yet. */
    static long sizeOf(@Nullable Term payload) {
        return OVERHEAD_BYTES + (payload == null ? 0 : TermSizes.sizeOf(payload));
    }
}
