package io.hawser.node;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks that lead to each other without nesting them: the end of one process ends another, and so on along a chain of
 * any length. What a task starts runs after it, on the same thread, before the outermost {@code run} returns.
 *
 * <p>Thread-safe: each thread has its own tasks.
 */
final class Trampoline {
    private static final ThreadLocal<@Nullable ArrayDeque<Runnable>> WAITING = new ThreadLocal<>();

    private Trampoline() {}

    static void run(Runnable task) {
        ArrayDeque<Runnable> outer = WAITING.get();
        if (outer != null) {
            outer.add(task);
            return;
        }
        var tasks = new ArrayDeque<Runnable>();
        WAITING.set(tasks);
        try {
            for (Runnable next = task; next != null; next = tasks.poll()) {
                next.run();
            }
        } finally {
            WAITING.remove();
        }
    }
}
