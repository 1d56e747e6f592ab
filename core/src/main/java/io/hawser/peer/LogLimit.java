package io.hawser.peer;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * How many lines a second a log takes of what peers cause, and how many it left out: they must not fill a disk.
 *
 * <p>Thread-safe: one lock.
 */
public final class LogLimit {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final int linesPerSecond;
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private long windowStart;
    private int linesInWindow;
    private long leftOut;

    /**
     * Makes a limit that nothing has been counted against.
     *
     * @param linesPerSecond the most lines in a second
     * @param nanoTime the clock, in nanoseconds from any origin
     */
    public LogLimit(int linesPerSecond, LongSupplier nanoTime) {
        this.linesPerSecond = linesPerSecond;
        this.nanoTime = nanoTime;
        this.windowStart = nanoTime.getAsLong();
    }

    /**
     * Counts a line.
     *
     * @return how many were left out since the last that was not, or -1 to leave this one out too
     */
    public long admit() {
        lock.lock();
        try {
            long now = nanoTime.getAsLong();
            if (now - windowStart >= SECOND) {
                windowStart = now;
                linesInWindow = 0;
            }
            if (linesInWindow == linesPerSecond) {
                leftOut++;
                return -1;
            }
            linesInWindow++;
            long left = leftOut;
            leftOut = 0;
            return left;
        } finally {
            lock.unlock();
        }
    }
}
