package io.hawser.transport;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Counts the connections of one listener that are not admitted yet, and turns away those over the ceilings of
 * {@link AcceptLimits}.
 *
 * <p>Thread-safe: one lock. Holds no more entries than {@link AcceptLimits#maxPending()}.
 */
public final class AcceptGate {
    private final AcceptLimits limits;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<InetAddress, Integer> perAddress = new HashMap<>();
    private int total;

    /**
     * Makes a gate that nothing has passed.
     *
     * @param limits the ceilings
     */
    public AcceptGate(AcceptLimits limits) {
        this.limits = limits;
    }

    /**
     * Takes a place for a connection that was accepted.
     *
     * @param address where it comes from
     * @return the place, or empty if the connection is over a ceiling and must be closed at once
     */
    public Optional<Place> enter(InetAddress address) {
        lock.lock();
        try {
            int sameAddress = perAddress.getOrDefault(address, 0);
            if (total >= limits.maxPending() || sameAddress >= limits.maxPendingPerAddress()) {
                return Optional.empty();
            }
            total++;
            perAddress.put(address, sameAddress + 1);
        } finally {
            lock.unlock();
        }
        var left = new AtomicBoolean();
        return Optional.of(() -> {
            if (left.compareAndSet(false, true)) {
                leave(address);
            }
        });
    }

    private void leave(InetAddress address) {
        lock.lock();
        try {
            total--;
            perAddress.computeIfPresent(address, (a, n) -> n == 1 ? null : n - 1);
        } finally {
            lock.unlock();
        }
    }

    /** The place of one connection among those that are not admitted yet. Thread-safe. */
    @FunctionalInterface
    public interface Place {
        /** Gives the place back, when the connection is admitted or closed. Can be called twice. */
        void leave();
    }
}
