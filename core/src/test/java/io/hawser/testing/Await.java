package io.hawser.testing;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for a condition with a deadline, in place of a sleep. */
public final class Await {
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private Await() {}

    /** What is waited for. */
    @FunctionalInterface
    public interface Condition {
        /** Returns whether it holds; called often, so it should be cheap. */
        boolean holds() throws Exception;
    }

    /** Waits until the condition holds, or fails with an {@link AssertionError}. */
    public static void until(Duration timeout, Condition condition) {
        until(timeout, "the condition", condition);
    }

    /**
     * Waits until the condition holds.
     *
     * @param what what is awaited, for the message: "a is connected to b"
     * @throws AssertionError if it does not hold in time, or throws
     */
    public static void until(Duration timeout, String what, Condition condition) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!holds(what, condition)) {
            if (System.nanoTime() - deadline >= 0) {
                throw new AssertionError("not within " + timeout.toMillis() + " ms: " + what);
            }
            LockSupport.parkNanos(POLL_NANOS);
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("interrupted while awaiting: " + what);
            }
        }
    }

    private static boolean holds(String what, Condition condition) {
        try {
            return condition.holds();
        } catch (Exception e) {
            throw new AssertionError("failed while awaiting: " + what, e);
        }
    }
}
