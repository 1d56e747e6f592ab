package io.hawser.node;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells one listener what happens: one event at a time, in order, on the node's executor, and on no thread while there is
 * none. Thread-safe: one lock, not held while the listener is called.
 */
final class Watcher implements NodeWatch {
    /** How many events may wait. */
    static final int CAPACITY = 1024;

    /** Events after which a run makes room for others on the executor. */
    private static final int BATCH = 64;

    private static final Logger logger = LoggerFactory.getLogger(Watcher.class);

    private final Consumer<? super NodeEvent> listener;
    private final Executor executor;
    private final Consumer<Watcher> whenClosed;
    private final RateLimitedLog failures = new RateLimitedLog(logger);
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<NodeEvent> waiting = new ArrayDeque<>();
    private long missed; // since the last that was not
    private long missedInAll;
    private boolean running;
    private boolean closed;

    Watcher(Consumer<? super NodeEvent> listener, Executor executor, Consumer<Watcher> whenClosed) {
        this.listener = listener;
        this.executor = executor;
        this.whenClosed = whenClosed;
    }

    void tell(NodeEvent event) {
        boolean start;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            if (waiting.size() < CAPACITY && missed == 0) {
                waiting.add(event);
            } else {
                missed++;
                missedInAll++;
            }
            start = !running;
            running = true;
        } finally {
            lock.unlock();
        }
        if (start) {
            submit();
        }
    }

    private void submit() {
        try {
            executor.execute(this::run);
        } catch (RejectedExecutionException e) {
            failures.warn("a listener is not told of events: the executor refused a task: {}", e.toString());
            stopped(); // the next event tries again
        }
    }

    private void stopped() {
        lock.lock();
        try {
            running = false;
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        for (int i = 0; i < BATCH; i++) {
            NodeEvent next = next();
            if (next == null) {
                return;
            }
            try {
                listener.accept(next);
            } catch (RuntimeException | Error e) { // whatever it is, others are told on
                failures.warn("a listener failed on {}: {}", next.getClass().getSimpleName(), e.toString());
            }
        }
        submit();
    }

    /** Those that were dropped came after all that wait. */
    private @Nullable NodeEvent next() {
        lock.lock();
        try {
            NodeEvent next = waiting.poll();
            if (next == null && missed > 0) {
                next = new NodeEvent.Missed(missed);
                missed = 0;
            }
            running = next != null;
            return next;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long missed() {
        lock.lock();
        try {
            return missedInAll;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            waiting.clear();
            missed = 0;
        } finally {
            lock.unlock();
        }
        whenClosed.accept(this);
    }
}
