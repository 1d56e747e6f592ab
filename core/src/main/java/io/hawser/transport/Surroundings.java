package io.hawser.transport;

import java.util.concurrent.ExecutorService;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a node takes from the machine besides its network and the time of its deadlines: threads, how they wait, and chance.
 * The system's in production; a simulation's in tests, in which waiting costs no time and chance comes from a seed.
 *
 * <p>Thread-safe.
 */
public interface Surroundings {
    /**
     * Returns the system's: daemon threads that park, and random numbers nobody can repeat.
     *
     * @return always the same
     */
    static Surroundings system() {
        return SystemSurroundings.INSTANCE;
    }

    /**
     * Returns the time that threads count their waiting in.
     *
     * @return nanoseconds since an arbitrary origin, never going back
     */
    long nanoTime();

    /**
     * Has the calling thread wait, as {@link java.util.concurrent.locks.LockSupport#parkNanos(Object, long)}: it may come
     * back for no reason, and does at once when it was unparked before or is interrupted.
     *
     * @param blocker what it waits for, for those who look at threads
     * @param nanos how long at most, in the time of {@link #nanoTime()}
     */
    void park(Object blocker, long nanos);

    /**
     * Has a thread that waits in {@link #park} go on, or the next time not wait.
     *
     * @param thread the thread; null does nothing
     */
    void unpark(@Nullable Thread thread);

    /**
     * Interrupts a thread, which ends its waiting.
     *
     * @param thread the thread
     */
    void interrupt(Thread thread);

    /**
     * Runs something that may wait for long on a thread of its own.
     *
     * @param name the thread's name
     * @param body what it runs; the thread ends with it
     */
    void start(String name, Runnable body);

    /**
     * Makes what runs tasks one after the other, off the caller's thread.
     *
     * @param name the name of the thread that runs while there are tasks
     * @return the executor; whoever asked for it shuts it down
     */
    ExecutorService serial(String name);

    /**
     * Returns a source of numbers for back-off, jitter and choices. Not for secrets.
     *
     * @return the source, for the calling thread, to be used at once
     */
    RandomGenerator random();
}
