package io.hawser.node;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks that lead to each other without nesting them: the end of one process ends another, and so on along a chain of
 * any length; a signal queued with a lock held finds that its node cannot be reached. What is left for later runs on the
 * same thread before the outermost call returns.
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
        RuntimeException thrown = null;
        try {
            for (Runnable next = task; next != null; next = later.poll()) {
                try {
                    next.run();
                } catch (RuntimeException e) {
                    thrown = thrown == null ? e : thrown; // the others are not its fault
                }
            }
        } finally {
            LATER.remove();
        }
        if (thrown != null) {
            throw thrown;
        }
    }
}
