package io.hawser.transport;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The JVM's threads and random numbers. Thread-safe: has no state. */
enum SystemSurroundings implements Surroundings {
    INSTANCE;

    private static final int SERIAL_IDLE_SECONDS = 10;

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public void park(Object blocker, long nanos) {
        if (nanos == Long.MAX_VALUE) {
            LockSupport.park(blocker); // who looks at threads sees that no time ends it
        } else {
            LockSupport.parkNanos(blocker, nanos);
        }
    }

    @Override
    public void unpark(@Nullable Thread thread) {
        LockSupport.unpark(thread);
    }

    @Override
    public void interrupt(Thread thread) {
        thread.interrupt();
    }

    @Override
    public void start(String name, Runnable body) {
        daemon(name, body).start();
    }

    @Override
    public ExecutorService serial(String name) {
        var executor = new ThreadPoolExecutor(
                1, 1, SERIAL_IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> daemon(name, task));
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    @Override
    public RandomGenerator random() {
        return ThreadLocalRandom.current();
    }

    private static Thread daemon(String name, Runnable body) {
        var thread = new Thread(body, name);
        thread.setDaemon(true);
        return thread;
    }
}
