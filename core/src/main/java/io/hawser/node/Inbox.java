package io.hawser.node;

import io.hawser.node.MessageQueue.Counted;
import io.hawser.node.MessageQueue.Envelope;
import io.hawser.term.Atom;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.transport.Surroundings;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a mailbox that were not received yet.
 *
 * <p>Thread-safe. Producers never wait. One consumer at a time holds the lock of {@link Reading}, parked ones included; who
 * else wants something of the consumer's side leaves it to whoever holds the lock.
 */
final class Inbox implements Receiver {
    /** How many messages that came while waiting are looked at before the next look at the time. */
    private static final int BATCH = 64;

    private static final VarHandle READING;
    private static final VarHandle WAITER;
    private static final VarHandle HANDLER;
    private static final VarHandle FLUSHES;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            READING = lookup.findVarHandle(Inbox.class, "reading", Reading.class);
            WAITER = lookup.findVarHandle(Inbox.class, "waiter", Thread.class);
            HANDLER = lookup.findVarHandle(Inbox.class, "handler", HandlerLoop.class);
            FLUSHES = lookup.findVarHandle(Inbox.class, "flushes", ConcurrentLinkedQueue.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final @Nullable Bound bound;
    private final Surroundings surroundings;
    private final MessageQueue queue = new MessageQueue();
    private volatile @Nullable Reading reading; // made when first needed, as are the next two
    private volatile @Nullable HandlerLoop handler;
    private volatile @Nullable ConcurrentLinkedQueue<Reference> flushes;
    private volatile @Nullable Thread waiter;
    private volatile boolean ended;

    /**
     * Makes an empty one.
     *
     * @param bound the places for what others choose to send; null for any number
     * @param surroundings how threads wait
     */
    Inbox(@Nullable Bound bound, Surroundings surroundings) {
        this.surroundings = surroundings;
        this.bound = bound;
    }

    private Reading reading() {
        Reading made = reading;
        if (made == null) {
            READING.compareAndSet(this, null, new Reading(queue));
            made = Objects.requireNonNull(reading);
        }
        return made;
    }

    // ---- producers

    @Override
    public void add(Message message, @Nullable PeerState from, int heapBytes) {
        put(from == null ? Envelope.of(message) : new Counted(null, message, from, heapBytes, null));
    }

    @Override
    public boolean offer(Term sent, @Nullable PeerState from, int heapBytes) {
        boolean room = bound == null || bound.take();
        if (room) {
            boolean counts = from != null || bound != null;
            put(counts ? new Counted(sent, null, from, heapBytes, bound) : Envelope.ofSent(sent));
        } else if (from != null) {
            from.connection.consumed(heapBytes);
        }
        return room;
    }

    private void put(Envelope envelope) {
        if (ended) {
            envelope.giveBack();
            return;
        }
        queue.add(envelope);
        if (ended) {
            tidy();
        }
    }

    @Override
    public void wake() {
        // taken, so that later producers need not unpark again; read first, as mostly nobody waits
        if (waiter != null) {
            surroundings.unpark((Thread) WAITER.getAndSet(this, null));
        }
        HandlerLoop loop = handler;
        if (loop != null) {
            loop.onArrival();
        }
    }

    @Override
    public void end() {
        ended = true;
        surroundings.unpark(waiter);
        tidy();
    }

    // ---- the handler

    /** Has messages handled as they come; false if they are already. */
    boolean handle(HandlerLoop loop) {
        boolean first = HANDLER.compareAndSet(this, null, loop);
        if (first && hasUnread()) {
            loop.onArrival();
        }
        return first;
    }

    /** Who handles the messages as they come; null if nobody does. */
    @Nullable
    HandlerLoop handler() {
        return handler;
    }

    // ---- the consumer

    /** Takes the {@code Down} of a monitor out, if it is there. */
    void flush(Reference ref) {
        if (flushes == null) {
            FLUSHES.compareAndSet(this, null, new ConcurrentLinkedQueue<>());
        }
        Objects.requireNonNull(flushes).add(ref);
        tidy();
    }

    /** Drops the reply to a call when it comes; one that has come stays. */
    void dropReply(Reference call) {
        Reading mine = reading();
        mine.lock.lock();
        try {
            mine.dropReply(call);
        } finally {
            unlock(mine);
        }
    }

    /** Returns whether there are messages; exact for the consumer, a guess for others. */
    boolean hasUnread() {
        Reading made = reading;
        return made == null ? !queue.isEmpty() : made.hasUnread();
    }

    /** The node that what was taken last came from; null if it is of this one. For the thread that took it. */
    @Nullable
    Atom origin() {
        Reading made = reading;
        return made == null ? null : made.origin();
    }

    /** Takes the first message that matches; null if there is none now. */
    @Nullable
    Message poll(Predicate<? super Message> wanted) {
        Reading mine = reading();
        mine.lock.lock();
        try {
            return take(mine, wanted);
        } finally {
            unlock(mine);
        }
    }

    /**
     * Waits for the first message that matches.
     *
     * @param deadline null to wait for ever
     * @return null if the deadline passed, or the inbox ended
     */
    @Nullable
    Message await(Predicate<? super Message> wanted, @Nullable Deadline deadline) throws InterruptedException {
        Reading mine = reading();
        if (deadline == null) {
            mine.lock.lockInterruptibly();
        } else if (!mine.lock.tryLock(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
            return null;
        }
        try {
            Message message = take(mine, wanted);
            while (message == null && !ended) {
                long left = deadline == null ? Long.MAX_VALUE : deadline.left().toNanos();
                if (left <= 0) {
                    return null;
                }
                mine.giveBack();
                if (!Spinning.until(this::hasNews)) {
                    park(left);
                }
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                message = hasFlushes() ? take(mine, wanted) : takeArrived(mine, wanted);
            }
            return message;
        } finally {
            unlock(mine);
        }
    }

    private boolean hasNews() {
        return !queue.isEmpty() || ended || hasFlushes();
    }

    private void park(long nanos) {
        waiter = Thread.currentThread();
        if (!hasNews()) {
            surroundings.park(this, nanos);
        }
        waiter = null;
    }

    private @Nullable Message take(Reading mine, Predicate<? super Message> wanted) {
        if (ended) {
            return null;
        }
        runFlushes(mine);
        return mine.take(wanted);
    }

    /** Looks at what came since {@link #take} found nothing: what was skipped need not be asked about again. */
    private @Nullable Message takeArrived(Reading mine, Predicate<? super Message> wanted) {
        return ended ? null : mine.takeArrived(wanted, BATCH);
    }

    // ---- what is left to the consumer

    private boolean hasFlushes() {
        ConcurrentLinkedQueue<Reference> made = flushes;
        return made != null && !made.isEmpty();
    }

    private void runFlushes(Reading mine) {
        ConcurrentLinkedQueue<Reference> made = flushes;
        if (made != null) {
            for (Reference ref = made.poll(); ref != null; ref = made.poll()) {
                mine.flush(ref);
            }
        }
    }

    /** Does what others left to the consumer, unless somebody holds the lock, who will. */
    private void tidy() {
        Reading mine = reading();
        if (mine.lock.isHeldByCurrentThread()) {
            return; // called from a predicate: done when it is over
        }
        while (hasWork(mine) && mine.lock.tryLock()) {
            try {
                work(mine);
                mine.giveBack();
            } finally {
                mine.lock.unlock();
            }
        }
        surroundings.unpark(waiter);
    }

    private void unlock(Reading mine) {
        if (mine.lock.getHoldCount() == 1) {
            work(mine);
            if (!mine.hasNew()) {
                mine.giveBack();
            }
        }
        mine.lock.unlock();
        if (ended || hasFlushes()) {
            tidy();
        }
    }

    private boolean hasWork(Reading mine) {
        return ended ? mine.hasUnread() || hasFlushes() : hasFlushes();
    }

    private void work(Reading mine) {
        if (ended) {
            flushes = null;
            mine.clear();
        } else {
            runFlushes(mine);
        }
    }
}
