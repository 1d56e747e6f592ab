package io.hawser.node;

import io.hawser.term.NodeName;
import io.hawser.transport.Scheduler;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The system's time, and one daemon thread that runs tasks at a time. Thread-safe. */
final class TimerThread implements Scheduler, AutoCloseable {
    private final ScheduledThreadPoolExecutor timer;

    TimerThread(NodeName node) {
        timer = new ScheduledThreadPoolExecutor(1, task -> {
            var thread = new Thread(task, "hawser-timer-" + node);
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Cancellable schedule(Duration delay, Runnable task) {
        try {
            Future<?> scheduled = timer.schedule(task, Math.max(0, delay.toNanos()), TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(false);
        } catch (RejectedExecutionException e) {
            return () -> {}; // the node is closed: nothing is due any more
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
