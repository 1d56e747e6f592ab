package io.hawser.simulation;

import io.hawser.simulation.Crew.HostDownError;
import io.hawser.simulation.Crew.Worker;
import io.hawser.transport.Scheduler;
import io.hawser.transport.Surroundings;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The machine of one node, from its start to its end: its threads, its time and its chance. When it goes down, what it had to
 * do is not done any more.
 *
 * <p>Not thread-safe; used by whichever thread runs the simulation, and by the test's thread while it stands still.
 */
final class Host implements Surroundings, Scheduler {
    private final Engine engine;
    private final Lanes lanes;
    private final Crew crew;
    private final VirtualTime time;
    private final SplittableRandom random;
    private final Map<Thread, Waiter> waiters = new LinkedHashMap<>();
    private final Map<Thread, Boolean> testMayGo = new HashMap<>(); // threads of the test that wait
    private boolean down;

    /** How one thread waits. */
    private static final class Waiter {
        final Worker worker;
        Lanes.@Nullable Lane lane; // null: it does not wait
        boolean mayGo;
        boolean interrupted;
        boolean isReady;

        Waiter(Worker worker) {
            this.worker = worker;
        }
    }

    Host(Engine engine) {
        this.engine = engine;
        this.lanes = engine.lanes;
        this.crew = engine.crew;
        this.time = engine.time;
        this.random = engine.random.split();
    }

    boolean isDown() {
        return down;
    }

    /** Stops everything; threads that wait end with an error when they have their turn. */
    void goDown() {
        List<Waiter> waiting = List.copyOf(waiters.values());
        waiting.forEach(this::ready);
        down = true;
    }

    /** Runs each task on a lane of its own. */
    Executor threads() {
        return task -> lanes.lane(this, true).execute(task);
    }

    // ---- time

    @Override
    public long nanoTime() {
        return time.nanoTime();
    }

    @Override
    public Cancellable schedule(Duration delay, Runnable task) {
        return time.schedule(delay, () -> {
            if (!down) {
                task.run();
            }
        });
    }

    // ---- threads

    @Override
    public void start(String name, Runnable body) {
        lanes.lane(this, true).execute(body);
    }

    @Override
    public ExecutorService serial(String name) {
        return new SerialLane(lanes.lane(this, true));
    }

    @Override
    public void park(Object blocker, long nanos) {
        Worker worker = crew.current();
        if (worker == null) {
            parkTest(nanos);
            return;
        }
        Lanes.Lane lane = lanes.running();
        if (lane == null || !lane.mayWait) {
            throw new IllegalStateException("a task of an event loop or a timer waits (expected: that it does not)");
        }
        Waiter self = waiters.computeIfAbsent(worker.thread(), thread -> new Waiter(worker));
        if (down) {
            throw new HostDownError();
        }
        if (nanos > 0 && !self.mayGo && !self.interrupted) {
            self.lane = lane;
            self.isReady = false;
            Cancellable timer =
                    nanos == Long.MAX_VALUE ? () -> {} : schedule(Duration.ofNanos(nanos), () -> ready(self));
            crew.suspend(worker);
            timer.cancel();
            lanes.running(lane);
            self.lane = null;
        }
        self.mayGo = false;
        waiters.remove(worker.thread()); // workers serve other hosts too
        if (down) {
            throw new HostDownError();
        }
        if (self.interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The test itself waits: the simulation goes on meanwhile. */
    private void parkTest(long nanos) {
        Thread self = Thread.currentThread();
        long end = nanos == Long.MAX_VALUE ? Long.MAX_VALUE : time.nanoTime() + nanos;
        testMayGo.putIfAbsent(self, false);
        engine.run(() -> testMayGo.getOrDefault(self, true), end);
        testMayGo.remove(self);
    }

    @Override
    public void unpark(@Nullable Thread thread) {
        if (thread == null || down) {
            return;
        }
        testMayGo.computeIfPresent(thread, (test, before) -> true);
        Waiter waiter = waiters.get(thread);
        if (waiter != null) {
            waiter.mayGo = true;
            ready(waiter);
        }
    }

    @Override
    public void interrupt(Thread thread) {
        Waiter waiter = waiters.get(thread);
        if (waiter == null) {
            thread.interrupt();
        } else {
            waiter.interrupted = true;
            ready(waiter);
        }
    }

    private void ready(Waiter waiter) {
        Lanes.Lane lane = waiter.lane;
        if (lane != null && !waiter.isReady) {
            waiter.isReady = true;
            lane.goOn(() -> crew.resume(waiter.worker));
        }
    }

    @Override
    public RandomGenerator random() {
        return random;
    }

    /** Runs tasks one after the other; a task that waits holds up those behind it. */
    private static final class SerialLane extends AbstractExecutorService {
        private final Lanes.Lane lane;
        private boolean shutDown;

        SerialLane(Lanes.Lane lane) {
            this.lane = lane;
        }

        @Override
        public void execute(Runnable task) {
            if (shutDown) {
                throw new RejectedExecutionException("shut down");
            }
            lane.execute(task);
        }

        @Override
        public void shutdown() {
            shutDown = true;
        }

        @Override
        public List<Runnable> shutdownNow() {
            shutDown = true;
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return shutDown;
        }

        @Override
        public boolean isTerminated() {
            return shutDown;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return shutDown;
        }
    }
}
