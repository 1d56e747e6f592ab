package io.hawser.peer;

import io.hawser.transport.Connection;
import io.hawser.transport.Scheduler;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * Bytes of heap, about, that one peer's messages in mailboxes take: above the budget, or above the node's share for all
 * peers, reading from the connection stops; at half of it reading goes on.
 *
 * <p>A mailbox that nobody reads, or whose reader waits for a message that has not come yet, does not keep the connection
 * from all others: when nothing at all was received for {@link #PATIENCE}, the budget grows by itself once more, as long
 * as half of the node's share is free and no large message waits for that. It shrinks back when reading goes on for what was received.
 *
 * <p>{@link #charge}, {@link #awaitDecoding} and {@link #hold} and what ends them, {@link #isPaused} and {@link #close} are confined to the connection's
 * event loop; the rest is thread-safe.
 */
final class InboundBudget {
    /** How long nothing is received before more is read. */
    static final Duration PATIENCE = Duration.ofSeconds(1);

    /** What a message takes besides its terms: small ones would otherwise fill a heap long before the budget. */
    private static final int SIGNAL_OVERHEAD_BYTES = 128;

    private static final int MAX_UNCOUNTED_BYTES = 8 * 1024;

    private final Connection connection;
    private final Scheduler scheduler;
    private final InboundShare share;
    private final long budgetBytes;
    private final LongConsumer whenResumed;
    private final AtomicLong outstanding = new AtomicLong();
    private final AtomicLong undelivered = new AtomicLong();
    /** Of what came in: small messages are not counted one by one, for others write the counts too. */
    private final AtomicLong uncounted = new AtomicLong(); // written by the event loop only

    private final AtomicBoolean resuming = new AtomicBoolean();
    private volatile boolean paused;
    private volatile boolean received; // since reading stopped, or since it was last looked at

    // event loop
    private long allowedBytes;
    private long countedAtOnceBytes;
    private long pausedSince;
    private int undecoded;
    private boolean looking;
    private boolean closed;

    InboundBudget(Connection connection, Scheduler scheduler, InboundShare share, long budgetBytes) {
        this(connection, scheduler, share, budgetBytes, nanos -> {});
    }

    /** @param whenResumed told how long each pause was, in nanoseconds */
    InboundBudget(
            Connection connection,
            Scheduler scheduler,
            InboundShare share,
            long budgetBytes,
            LongConsumer whenResumed) {
        this.whenResumed = whenResumed;
        this.connection = connection;
        this.scheduler = scheduler;
        this.share = share;
        this.budgetBytes = budgetBytes;
        this.countedAtOnceBytes = Math.min(MAX_UNCOUNTED_BYTES, budgetBytes / 256);
        this.allowedBytes = budgetBytes;
    }

    /** Counts a message that came in: at once, or with the next few, since other threads write the counts too. */
    void charge(int bytes) {
        long more = uncounted.getPlain() + bytes + SIGNAL_OVERHEAD_BYTES;
        boolean isDue = more >= countedAtOnceBytes;
        uncounted.setRelease(isDue ? 0 : more);
        if (isDue) {
            count(more);
        }
    }

    /**
     * A large message waits to be decoded from now on. Beyond the budget it is what comes next, and nothing is read
     * besides: both together could fill the share.
     */
    void awaitDecoding() {
        undecoded++;
        if (outstanding.get() > budgetBytes) {
            allowedBytes = budgetBytes;
            if (!paused && !closed) {
                pause();
            }
        }
    }

    /** A large message is decoded, or dropped. */
    void endDecoding() {
        undecoded--;
    }

    /** Counts a message that waits to be decoded, or behind one that does. */
    void hold(int bytes) {
        addUndelivered((long) bytes + SIGNAL_OVERHEAD_BYTES);
        charge(bytes);
    }

    /** A message that was held goes to its mailbox, where it takes so much of the heap. */
    void deliver(int heldBytes, int bytes) {
        count((long) bytes - heldBytes);
        addUndelivered(-((long) heldBytes + SIGNAL_OVERHEAD_BYTES));
    }

    /** A message that was held is dropped. */
    void drop(int heldBytes) {
        long charged = (long) heldBytes + SIGNAL_OVERHEAD_BYTES;
        count(-charged);
        addUndelivered(-charged);
    }

    /**
     * Counts what is outstanding but not in a mailbox yet, behind a message that is to be decoded: nobody can make room for
     * that message by receiving these. What is decoded, but neither outstanding nor in a mailbox yet, counts against them.
     */
    void addUndelivered(long bytes) {
        undelivered.addAndGet(bytes);
        share.addUndelivered(bytes);
    }

    /** Returns whether a large message may be decoded for what lies in mailboxes. Any thread. */
    boolean hasRoomToDecode() {
        return share.hasRoomToDecode(outstanding.get() - undelivered.get() > budgetBytes);
    }

    private void count(long more) {
        long now = outstanding.addAndGet(more);
        share.add(more);
        if (now <= budgetBytes) {
            allowedBytes = budgetBytes; // what it was granted beyond is not needed any longer
        }
        if ((now > allowedBytes || share.isFull()) && !paused && !closed) {
            pause();
        } else if (more < 0) {
            resumeIfDrained();
        }
    }

    private void pause() {
        received = false;
        pausedSince = scheduler.nanoTime();
        paused = true;
        connection.reading(false);
        share.paused(this);
        lookSoon();
        // whoever gave back before it could see paused has not asked to resume
        resumeIfDrained();
    }

    void giveBack(int signals, long bytes) {
        long charged = bytes + (long) signals * SIGNAL_OVERHEAD_BYTES;
        long left = outstanding.addAndGet(-charged);
        share.add(-charged);
        if (paused) {
            received = true;
            if (left <= budgetBytes / 2) {
                resumeSoon();
            }
        }
    }

    /** Has it looked at whether reading can go on. */
    void resumeSoon() {
        if (resuming.compareAndSet(false, true)) {
            connection.execute(() -> {
                resuming.set(false);
                resumeIfDrained();
            });
        }
    }

    boolean isPaused() {
        return paused;
    }

    /** Returns about how many bytes of heap lie in mailboxes, or wait to. Any thread. */
    long outstandingBytes() {
        return Math.max(0, outstanding.get() + uncounted.getAcquire());
    }

    /** The connection is closed. What lies in mailboxes still counts. */
    void close() {
        closed = true;
        countedAtOnceBytes = 0;
        count(uncounted.getAndSet(0)); // it will be given back
        resume();
    }

    private void resumeIfDrained() {
        if (paused && outstanding.get() <= budgetBytes / 2 && share.hasRoom()) {
            allowedBytes = budgetBytes;
            resume();
        }
    }

    private void resume() {
        if (paused) {
            paused = false;
            whenResumed.accept(scheduler.nanoTime() - pausedSince);
            share.resumed(this);
            if (!closed) {
                connection.reading(true);
            }
        }
    }

    private void lookSoon() {
        if (!looking) {
            looking = true;
            scheduler.schedule(PATIENCE, () -> connection.execute(this::look));
        }
    }

    private void look() {
        looking = false;
        if (!paused) {
            return;
        }
        boolean stalled = !received;
        received = false;
        if (stalled && undecoded == 0 && share.hasSpare()) {
            allowedBytes = Math.max(allowedBytes, outstanding.get()) + budgetBytes;
            resume();
        } else {
            lookSoon();
        }
    }
}
