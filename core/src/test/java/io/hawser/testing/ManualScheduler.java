package io.hawser.testing;

import io.hawser.transport.Scheduler;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Virtual time: nothing runs until a test says so, and then on the test's thread, in the order it is due.
 *
 * <p>Thread-safe: one lock, not held while a task runs.
 */
public final class ManualScheduler implements Scheduler {
    private static final int MAX_TASKS = 10_000_000;

    private record Task(long dueNanos, long number, Runnable body) {}

    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::dueNanos).thenComparingLong(Task::number));
    private long now;
    private long count;

    @Override
    public synchronized long nanoTime() {
        return now;
    }

    @Override
    public synchronized Cancellable schedule(Duration delay, Runnable task) {
        var entry = new Task(now + Math.max(0, delay.toNanos()), count++, task);
        tasks.add(entry);
        return () -> cancel(entry);
    }

    private synchronized void cancel(Task task) {
        tasks.remove(task);
    }

    /** Runs what is due now, and what that schedules for now. */
    public void runReady() {
        advance(Duration.ZERO);
    }

    /**
     * Lets time pass: runs everything that comes due on the way, with {@link #nanoTime()} at its time.
     *
     * @param time how long
     */
    public void advance(Duration time) {
        long end = nanoTime() + time.toNanos();
        int ran = 0;
        for (Task task = next(end); task != null; task = next(end)) {
            task.body().run();
            if (++ran > MAX_TASKS) {
                throw new IllegalStateException(MAX_TASKS + " tasks ran and more are due (expected: an end)");
            }
        }
        setNow(end);
    }

    /**
     * Returns how many tasks wait.
     *
     * @return those that have not begun and were not cancelled
     */
    public synchronized int pending() {
        return tasks.size();
    }

    private synchronized @Nullable Task next(long end) {
        Task first = tasks.peek();
        if (first == null || first.dueNanos() > end) {
            return null;
        }
        now = Math.max(now, first.dueNanos());
        return tasks.remove();
    }

    private synchronized void setNow(long time) {
        now = Math.max(now, time);
    }
}
