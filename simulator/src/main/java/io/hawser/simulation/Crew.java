package io.hawser.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The threads of a simulation, of which one runs at a time. Whoever has the turn makes the steps; when a task waits, its
 * thread hands the turn to another, which makes the next steps, until it is the waiting one's turn again. So what does not
 * wait costs no change of threads.
 *
 * <p>Thread-safe: what is not volatile is touched by the thread that has the turn only.
 */
final class Crew {
    private static final long LOOK_NANOS = 1_000_000_000;
    private static final long PATIENCE_NANOS = 120 * LOOK_NANOS;

    private final Runnable step;

    @SuppressWarnings("ThreadLocalUsage") // the simulations of a JVM have crews of their own, and end
    private final ThreadLocal<@Nullable Worker> current = new ThreadLocal<>();

    private final List<Worker> workers = new ArrayList<>();
    private final ArrayDeque<Worker> idle = new ArrayDeque<>();
    private volatile @Nullable Worker turn; // null: the thread that called run
    private volatile @Nullable Thread caller;
    private volatile long steps;
    private volatile boolean closed;
    private BooleanSupplier done = () -> true;
    private @Nullable Throwable failure;

    /** @param step makes one step of the simulation */
    Crew(Runnable step) {
        this.step = step;
    }

    /** Ends a task whose host is down, wherever it waits. */
    static final class HostDownError extends Error {
        private static final long serialVersionUID = 1L;

        HostDownError() {
            super("the host of this process is down", null, false, false);
        }
    }

    /** A thread of the simulation. */
    final class Worker implements Runnable {
        private final Thread thread = new Thread(this, "hawser-simulated-" + workers.size());

        private Worker() {
            thread.setDaemon(true);
            workers.add(this);
            thread.start();
        }

        Thread thread() {
            return thread;
        }

        @Override
        public void run() {
            current.set(this);
            awaitTurn();
            while (!closed) {
                if (isDone()) {
                    idle.push(this);
                    give(null);
                    awaitTurn();
                } else {
                    makeStep();
                }
            }
        }

        @SuppressWarnings("NonAtomicVolatileUpdate") // one thread at a time has the turn
        private void makeStep() {
            steps++;
            try {
                step.run();
            } catch (HostDownError e) {
                // what waited has ended with its host
            } catch (Throwable e) {
                failure = e;
            }
        }

        private boolean isDone() {
            try {
                return failure != null || done.getAsBoolean();
            } catch (Throwable e) {
                failure = e;
                return true;
            }
        }

        private void awaitTurn() {
            boolean interrupted = false;
            while (turn != this && !closed) {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
            if (interrupted) {
                thread.interrupt();
            }
        }
    }

    /** The calling thread, if it is one of these. */
    @Nullable
    Worker current() {
        return current.get();
    }

    /** Makes steps until a condition holds, which is looked at before each. Called by a thread that is none of these. */
    void run(BooleanSupplier until) {
        if (current.get() != null) {
            throw new IllegalStateException(
                    "a process of a simulation cannot run the simulation (expected: the test's thread)");
        }
        if (closed) {
            throw new IllegalStateException("the simulation is closed");
        }
        runFrom(idleOrNew(), until);
    }

    private void runFrom(Worker first, BooleanSupplier until) {
        done = until;
        failure = null;
        caller = Thread.currentThread();
        give(first);
        awaitEnd();
        Throwable thrown = failure;
        failure = null;
        if (thrown instanceof RuntimeException e) {
            throw e;
        } else if (thrown instanceof Error e) {
            throw e;
        } else if (thrown != null) {
            throw new IllegalStateException("a step of the simulation failed", thrown);
        }
    }

    private void awaitEnd() {
        long seen = steps;
        long seenAt = System.nanoTime();
        boolean interrupted = false;
        while (turn != null) {
            LockSupport.parkNanos(this, LOOK_NANOS);
            interrupted |= Thread.interrupted();
            long now = System.nanoTime(); // parking may end at once, many times in a row
            if (steps != seen) {
                seen = steps;
                seenAt = now;
            } else if (now - seenAt > PATIENCE_NANOS) {
                throw standing();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private IllegalStateException standing() {
        Worker worker = turn;
        var error = new IllegalStateException(
                "the simulation stands still: a step does not end (expected: that code waits"
                        + " in mailboxes or in Simulation.sleep, where virtual time passes; the cause shows where it is)");
        if (worker != null) {
            var where = new Throwable(worker.thread.getName());
            where.setStackTrace(worker.thread.getStackTrace());
            error.initCause(where);
        }
        return error;
    }

    /** Has the calling worker wait until {@link #resume}; another goes on with the steps. */
    void suspend(Worker self) {
        give(idleOrNew());
        self.awaitTurn();
        if (closed) {
            throw new HostDownError();
        }
    }

    /** Has a worker that waits go on in place of the calling one, which is free for other steps then. */
    void resume(Worker waiting) {
        Worker self = current.get();
        if (self == null) { // the test's thread makes a step
            runFrom(waiting, () -> true);
            return;
        }
        idle.push(self);
        give(waiting);
        self.awaitTurn();
    }

    private Worker idleOrNew() {
        Worker free = idle.poll();
        return free != null ? free : new Worker();
    }

    private void give(@Nullable Worker next) {
        Thread thread = next == null ? caller : next.thread;
        turn = next;
        LockSupport.unpark(thread);
    }

    /** Ends the threads; those that wait leave by an error, one after the other. */
    void close() {
        closed = true;
        for (Worker worker : List.copyOf(workers)) {
            LockSupport.unpark(worker.thread);
            try {
                worker.thread.join(LOOK_NANOS / 1_000_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
