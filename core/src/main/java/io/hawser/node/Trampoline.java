package io.hawser.node;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks that lead to each other without nesting them: the end of one process ends another, and so on along a chain of
 * any length; a signal queued with a lock held finds that its node cannot be reached. What is left for later runs on the
 * same thread before the outermost call returns. A task that throws costs none of the others: the first of what was thrown is
 * thrown at the end, with the rest suppressed.
 *
 * <p>Thread-safe: each thread has its own tasks.
 */
final class Trampoline {
    private static final ThreadLocal<@Nullable ArrayDeque<Runnable>> LATER = new ThreadLocal<>();

    private Trampoline() {}

    /** Runs a task: now, or after the one that is running on this thread. */
    static void run(Runnable task) {
        ArrayDeque<Runnable> later = LATER.get();
        if (later != null) {
            later.add(task);
        } else {
            now(task);
        }
    }

    /** Runs a task now, and what it gives to {@link #run} after it. */
    static void now(Runnable task) {
        if (LATER.get() != null) {
            task.run();
            return;
        }
        var later = new ArrayDeque<Runnable>(4);
        LATER.set(later);
        Throwable thrown = null;
        try {
            for (Runnable next = task; next != null; next = later.poll()) {
                thrown = first(thrown, failureOf(next));
            }
        } finally {
            LATER.remove();
        }
        if (thrown instanceof Error error) {
            throw error;
        } else if (thrown instanceof RuntimeException exception) {
            throw exception;
        }
    }

    /** Errors too: the next process is to learn of the end of this one though its thread could not be started. */
    private static @Nullable Throwable failureOf(Runnable task) {
        try {
            task.run();
            return null;
        } catch (RuntimeException | Error e) {
            return e;
        }
    }

    private static @Nullable Throwable first(@Nullable Throwable thrown, @Nullable Throwable next) {
        if (thrown == null) {
            return next;
        }
        if (next != null && next != thrown) { // the JVM throws some errors again
            thrown.addSuppressed(next);
        }
        return thrown;
    }
}
