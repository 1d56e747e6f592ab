package io.hawser.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jetbrains.lincheck.Lincheck;
import org.jspecify.annotations.Nullable;

/**
 * Runs a small program of several threads many times, each time in another interleaving if it can be helped. How many
 * times is the system property {@code hawser.interleavings}.
 */
public final class Interleavings {
    private static final int COUNT = Integer.getInteger("hawser.interleavings", 100);
    private static final int RACES_PER_INTERLEAVING = 10;
    private static final long DEADLINE_MILLIS = 30_000;

    private static volatile boolean modelled;

    private Interleavings() {}

    /** A part of a program. */
    @FunctionalInterface
    public interface Part {
        /**
         * Runs it.
         *
         * @throws Exception what fails the program
         */
        void run() throws Exception;
    }

    /**
     * Checks a program under Lincheck's model checker, which decides at every shared access who goes on, and prints an
     * interleaving that fails step by step. For what takes no locks and does not park: it takes parking for no more than
     * a pause.
     *
     * @param program makes its own objects, runs parts {@link #together} and checks what must hold afterwards
     */
    public static void model(Part program) {
        modelled = true;
        try {
            Lincheck.runConcurrentTest(COUNT, () -> call(program));
        } finally {
            modelled = false;
        }
    }

    /**
     * Races the threads of a program for real.
     *
     * @param program as for {@link #model}
     */
    public static void race(Part program) {
        for (int i = 0; i < COUNT * RACES_PER_INTERLEAVING; i++) {
            call(program);
        }
    }

    /**
     * Runs parts of a program at once, and returns when all are over.
     *
     * @param parts each on a thread of its own
     * @throws InterruptedException if the test is given up
     */
    public static void together(Part... parts) throws InterruptedException {
        var waiting = new AtomicInteger(parts.length);
        var failure = new AtomicReference<@Nullable Throwable>();
        List<Thread> threads = new ArrayList<>();
        for (Part part : parts) {
            Thread thread = new Thread(() -> {
                waiting.decrementAndGet();
                while (!modelled && waiting.get() > 0) {
                    pause(); // so that the first is not over before the last begins
                }
                try {
                    part.run();
                } catch (Throwable e) {
                    failure.set(e);
                }
            });
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            if (modelled) {
                thread.join();
            } else {
                end(thread);
            }
        }
        Throwable thrown = failure.get();
        if (thrown != null) {
            throw new AssertionError(thrown);
        }
    }

    /** Lets others run, and is back soon: for loops that wait for what another part is about to do. */
    @SuppressWarnings("ThreadPriorityCheck") // a hint is all that is wanted: a sleep would miss the moment
    public static void pause() {
        Thread.yield();
    }

    private static void end(Thread thread) throws InterruptedException {
        thread.join(DEADLINE_MILLIS);
        if (thread.isAlive()) {
            throw new AssertionError("waits for ever: " + List.of(thread.getStackTrace()));
        }
    }

    /**
     * Fails the program unless something holds.
     *
     * @param holds whether it does
     * @param found what was found instead
     */
    public static void require(boolean holds, Object found) {
        if (!holds) {
            throw new AssertionError("found: " + found);
        }
    }

    private static void call(Part part) {
        try {
            part.run();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
