package io.hawser.node;

import io.hawser.transport.Surroundings;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A task that can be given up: interrupted while it runs, never after, and not begun at all before. Thread-safe. */
final class Interruptible implements Runnable {
    private final Runnable body;
    private final Runnable afterwards;
    private final Surroundings surroundings;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Thread runner; // guarded by lock
    private boolean abandoned; // guarded by lock

    /** The second task always runs when the task is over, begun or not. */
    Interruptible(Surroundings surroundings, Runnable body, Runnable afterwards) {
        this.surroundings = surroundings;
        this.body = body;
        this.afterwards = afterwards;
    }

    @Override
    public void run() {
        try {
            if (begin()) {
                try {
                    body.run();
                } finally {
                    end();
                }
            }
        } finally {
            afterwards.run();
        }
    }

    /** Gives the task up; does nothing when called by the task itself. */
    void abandon() {
        lock.lock();
        try {
            if (runner == Thread.currentThread()) {
                return;
            }
            abandoned = true;
            if (runner != null) {
                surroundings.interrupt(runner);
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean begin() {
        lock.lock();
        try {
            runner = abandoned ? null : Thread.currentThread();
            return !abandoned;
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        lock.lock();
        try {
            runner = null;
            if (abandoned) {
                Thread.interrupted(); // it was meant for the task, not for what the thread does next
            }
        } finally {
            lock.unlock();
        }
    }
}
