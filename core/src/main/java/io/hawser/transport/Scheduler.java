package io.hawser.transport;

import java.time.Duration;

/** Time, and tasks at a time: the system's in production, stepped by hand in tests. Thread-safe. */
public interface Scheduler {
    /**
     * Starts a scheduler of the system's time with a daemon thread of its own.
     *
     * @param threadName the thread's name
     * @return the scheduler; whoever starts it closes it
     */
    static SystemScheduler system(String threadName) {
        return new SystemScheduler(threadName);
    }

    /**
     * Returns the time that deadlines are counted in.
     *
     * @return nanoseconds since an arbitrary origin, never going back
     */
    long nanoTime();

    /**
     * Runs a task once after a delay.
     *
     * @param delay how long from now
     * @param task short, never blocking
     * @return cancels the task if it has not begun
     */
    Cancellable schedule(Duration delay, Runnable task);

    /** Cancels a scheduled task. */
    @FunctionalInterface
    interface Cancellable {
        /** Cancels it; does nothing when it has begun or was cancelled. */
        void cancel();
    }
}
