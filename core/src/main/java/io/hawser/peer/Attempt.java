package io.hawser.peer;

import io.hawser.transport.Scheduler.Cancellable;
import org.jspecify.annotations.Nullable;

/**
 * A wish for a connection, from the first signal or caller on, with its deadline. It may dial more than once, when a try
 * is given up for the peer's own and that comes to nothing.
 *
 * <p>The fields are guarded by the route's lock; the methods are thread-safe.
 */
final class Attempt {
    final long deadlineNanos;
    int dials;

    @Nullable
    String hungUpReason; // waiting for the peer's own try

    /** It waits, or waited, for a claim that nobody has proved: it does so once. */
    boolean gaveWay;

    /** It has waited long enough: claims do not hold it up any more. */
    boolean insists;

    private volatile boolean ended;
    private volatile @Nullable Cancellable expiry;

    Attempt(long deadlineNanos) {
        this.deadlineNanos = deadlineNanos;
    }

    void expireAfter(Cancellable timer) {
        expiry = timer;
        if (ended) {
            timer.cancel();
        }
    }

    /** It came to a connection or to nothing: there is nothing left to expire. */
    void end() {
        ended = true;
        Cancellable timer = expiry;
        if (timer != null) {
            timer.cancel();
        }
    }
}
