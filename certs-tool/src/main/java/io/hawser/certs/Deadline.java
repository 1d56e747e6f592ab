package io.hawser.certs;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The end of one attempt: closes its socket when the time is over, whatever that is doing. A limit for each read, which sockets
 * have, bounds nothing against a peer that sends a byte now and then, and nothing bounds a write.
 *
 * <p>Has a thread of its own until it is closed. {@code isOver} may be called by any thread, all else by one caller at a time.
 */
final class Deadline implements AutoCloseable {
    /** Longer than anybody waits, and far from where nanoseconds overflow. */
    private static final Duration LONGEST = Duration.ofDays(7);

    private final long endNanos;
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile boolean over;
    private volatile @Nullable Socket socket;

    /** @param time from now on */
    Deadline(Duration time) {
        long nanos = (time.compareTo(LONGEST) < 0 ? time : LONGEST).toNanos();
        endNanos = System.nanoTime() + nanos;
        var watching = new Thread(this::watch, "certs-tool-deadline");
        watching.setDaemon(true);
        watching.start();
    }

    private void watch() {
        try {
            if (!done.await(endNanos - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                over = true;
                closeSocket();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody does; the thread ends
        }
    }

    /** From now on this socket is the one to close, at once if the time is over. */
    void guard(Socket guarded) {
        socket = guarded;
        if (over) {
            closeSocket();
        }
    }

    private void closeSocket() {
        Socket guarded = socket;
        if (guarded != null) {
            try {
                guarded.close();
            } catch (IOException e) {
                over = true; // as it was: whoever uses the socket hears of it
            }
        }
    }

    /** What is left, for a call that takes a limit; at least 1, as 0 would be none. */
    int remainingMillis() {
        return (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime()));
    }

    boolean isOver() {
        return over;
    }

    /** Ends the watch; the socket is its owner's again. */
    @Override
    public void close() {
        done.countDown();
    }
}
