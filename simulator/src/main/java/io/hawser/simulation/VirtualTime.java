package io.hawser.simulation;

import io.hawser.transport.Scheduler;
import java.time.Duration;
import java.util.Comparator;
import java.util.TreeSet;

/** Time that passes when the simulation says so. Not thread-safe; used by whichever thread runs the simulation. */
final class VirtualTime implements Scheduler {
    private record Task(long dueNanos, long number, Runnable body) {}

    private final TreeSet<Task> tasks =
            new TreeSet<>(Comparator.comparingLong(Task::dueNanos).thenComparingLong(Task::number));
    private long now;
    private long count;

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public Cancellable schedule(Duration delay, Runnable task) {
        long due = now + Math.max(0, delay.toNanos());
        var entry = new Task(due < now ? Long.MAX_VALUE : due, count++, task);
        tasks.add(entry);
        return () -> tasks.remove(entry);
    }

    /** When the next task is due; {@link Long#MAX_VALUE} if none is. */
    long nextDue() {
        return tasks.isEmpty() ? Long.MAX_VALUE : tasks.first().dueNanos();
    }

    /** Lets time pass to a point: runs everything that comes due on the way, each at its time. */
    void advanceTo(long end) {
        while (nextDue() <= end) {
            Task task = tasks.pollFirst();
            if (task != null) {
                now = Math.max(now, task.dueNanos());
                task.body().run();
            }
        }
        now = Math.max(now, end);
    }
}
