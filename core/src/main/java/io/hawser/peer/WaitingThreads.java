package io.hawser.peer;

import io.hawser.transport.Surroundings;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Threads that wait for what a lock guards to change, as a {@link java.util.concurrent.locks.Condition} has them, but in the
 * way of the node's surroundings. Guarded by the lock, which who waits holds once.
 */
final class WaitingThreads {
    private final ReentrantLock lock;
    private final Surroundings surroundings;
    private final Set<Thread> waiting = new LinkedHashSet<>(2);

    WaitingThreads(ReentrantLock lock, Surroundings surroundings) {
        this.lock = lock;
        this.surroundings = surroundings;
    }

    /** Lets the lock go until {@link #wakeAll()}; may come back for no reason. */
    void await() throws InterruptedException {
        waiting.add(Thread.currentThread());
        lock.unlock();
        try {
            surroundings.park(this, Long.MAX_VALUE);
        } finally {
            lock.lock();
            waiting.remove(Thread.currentThread());
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    void wakeAll() {
        waiting.forEach(surroundings::unpark);
    }
}
