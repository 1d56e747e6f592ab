package io.hawser.node;

import io.hawser.node.MessageQueue.Envelope;
import io.hawser.term.Atom;
import io.hawser.term.Reference;
import io.hawser.transport.Surroundings;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a mailbox that were not received yet.
 *
 * <p>Thread-safe. Producers never wait. One consumer at a time holds {@code receiving}, parked ones included; who else
 * wants something of the consumer's side leaves it to whoever holds the lock.
 */
final class Inbox implements Receiver {
    /** How many messages that came while waiting are looked at before the next look at the time. */
    private static final int BATCH = 64;

    /** Called when a message may be there and nobody waits for one. */
    private final Runnable onArrival;

    private final @Nullable Bound bound;
    private final Surroundings surroundings;
    private final MessageQueue queue = new MessageQueue();
    private final ReentrantLock receiving = new ReentrantLock();

    @SuppressWarnings("JdkObsolete") // what a selective receive takes stands anywhere
    private final List<Held> skipped = new LinkedList<>(); // guarded by receiving

    private final LateReplies late = new LateReplies(); // guarded by receiving
    private final Returns returns = new Returns(); // guarded by receiving
    private final ConcurrentLinkedQueue<Reference> flushes = new ConcurrentLinkedQueue<>();
    private final AtomicReference<@Nullable Thread> waiter = new AtomicReference<>();
    private volatile boolean ended;
    private boolean scanning; // guarded by receiving
    private @Nullable Atom origin; // of what was taken last; guarded by receiving

    /** A message that a selective receive passed over; its bytes still count. */
    private record Held(Message message, Envelope envelope) {}

    /**
     * Makes an empty one.
     *
     * @param bound the places for what others choose to send; null for any number
     * @param surroundings how threads wait
     */
    Inbox(Runnable onArrival, @Nullable Bound bound, Surroundings surroundings) {
        this.surroundings = surroundings;
        this.onArrival = onArrival;
        this.bound = bound;
    }

    @Override
    public void add(Message message, @Nullable PeerState from, int heapBytes) {
        put(new Envelope(message, from, heapBytes, null));
    }

    @Override
    public boolean offer(Message message, @Nullable PeerState from, int heapBytes) {
        boolean room = bound == null || bound.take();
        if (room) {
            put(new Envelope(message, from, heapBytes, bound));
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
        if (waiter.get() != null) {
            surroundings.unpark(waiter.getAndSet(null));
        }
        onArrival.run();
    }

    @Override
    public void end() {
        ended = true;
        surroundings.unpark(waiter.get());
        tidy();
    }

    /** Takes the {@code Down} of a monitor out, if it is there. */
    void flush(Reference ref) {
        flushes.add(ref);
        tidy();
    }

    /** Drops the reply to a call when it comes; one that has come stays. */
    void dropReply(Reference call) {
        receiving.lock();
        try {
            late.add(call);
        } finally {
            unlock();
        }
    }

    /** Returns whether there are messages; exact for the consumer, a guess for others. */
    boolean hasUnread() {
        return !queue.isEmpty() || !skipped.isEmpty();
    }

    /** Takes the first message that matches; null if there is none now. */
    @Nullable
    Message poll(Predicate<? super Message> wanted) {
        receiving.lock();
        try {
            return take(wanted);
        } finally {
            unlock();
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
        if (deadline == null) {
            receiving.lockInterruptibly();
        } else if (!receiving.tryLock(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
            return null;
        }
        try {
            Message message = take(wanted);
            while (message == null && !ended) {
                long left = deadline == null ? Long.MAX_VALUE : deadline.left().toNanos();
                if (left <= 0) {
                    return null;
                }
                park(left);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                message = takeArrived(wanted);
            }
            return message;
        } finally {
            unlock();
        }
    }

    private void park(long nanos) {
        returns.giveBack();
        waiter.set(Thread.currentThread());
        if (queue.isEmpty() && flushes.isEmpty() && !ended) {
            surroundings.park(this, nanos);
        }
        waiter.set(null);
    }

    /** Looks at all that is there. */
    private @Nullable Message take(Predicate<? super Message> wanted) {
        if (scanning) {
            throw new IllegalStateException("mailbox: received from within its own predicate");
        }
        if (ended) {
            return null;
        }
        runFlushes();
        scanning = true;
        try {
            Message old = takeSkipped(wanted);
            return old != null ? old : takeNew(wanted, Integer.MAX_VALUE);
        } finally {
            scanning = false;
        }
    }

    /** Looks at some of what came since {@link #take} found nothing: what was skipped need not be asked about again. */
    private @Nullable Message takeArrived(Predicate<? super Message> wanted) {
        if (ended || !flushes.isEmpty()) {
            return take(wanted); // a flush skips what nobody has looked at
        }
        scanning = true;
        try {
            return takeNew(wanted, BATCH);
        } finally {
            scanning = false;
        }
    }

    private @Nullable Message takeSkipped(Predicate<? super Message> wanted) {
        for (Iterator<Held> i = skipped.iterator(); i.hasNext(); ) {
            Held held = i.next();
            if (wanted.test(held.message)) {
                i.remove();
                return taken(held.message, held.envelope);
            }
        }
        return null;
    }

    /** Looks at so many new messages at most, and at none that came after the first look. */
    private @Nullable Message takeNew(Predicate<? super Message> wanted, int most) {
        Envelope envelope = queue.poll();
        Envelope last = queue.last();
        for (int looked = 1; envelope != null; looked++) {
            Message message = envelope.open();
            boolean isLate = late.takes(message);
            boolean taken = false;
            try {
                taken = !isLate && wanted.test(message);
            } finally {
                if (isLate) {
                    returns.add(envelope);
                } else if (!taken) {
                    skipped.add(new Held(message, envelope)); // a predicate that throws loses nothing
                }
            }
            if (taken) {
                return taken(message, envelope);
            }
            envelope = envelope == last || looked == most ? null : queue.poll();
        }
        return null;
    }

    private Message taken(Message message, Envelope envelope) {
        Atom from = envelope.from == null ? null : envelope.from.node();
        if (!Objects.equals(from, origin)) { // producers read what lies beside it
            origin = from;
        }
        returns.add(envelope);
        return message;
    }

    /** The node that what was taken last came from; null if it is of this one. For the thread that took it. */
    @Nullable
    Atom origin() {
        return origin;
    }

    private void runFlushes() {
        Atom before = origin;
        for (Reference ref = flushes.poll(); ref != null; ref = flushes.poll()) {
            Reference flushed = ref;
            Predicate<Message> down =
                    m -> m instanceof Message.Down d && d.ref().equals(flushed);
            if (takeSkipped(down) == null) {
                takeNew(down, Integer.MAX_VALUE);
            }
        }
        origin = before; // nobody received those
    }

    /** Does what others left to the consumer, unless somebody holds the lock, who will. */
    private void tidy() {
        if (receiving.isHeldByCurrentThread()) {
            return; // called from a predicate: done when it is over
        }
        while ((ended || !flushes.isEmpty()) && hasWork() && receiving.tryLock()) {
            try {
                work();
                returns.giveBack();
            } finally {
                receiving.unlock();
            }
        }
        surroundings.unpark(waiter.get());
    }

    private void unlock() {
        if (receiving.getHoldCount() == 1) {
            work();
            if (queue.isEmpty()) {
                returns.giveBack();
            }
        }
        receiving.unlock();
        tidy();
    }

    private boolean hasWork() {
        return !flushes.isEmpty() || (ended && (!queue.isEmpty() || !skipped.isEmpty()));
    }

    private void work() {
        if (!ended) {
            runFlushes();
            return;
        }
        returns.giveBack();
        flushes.clear();
        var dropped = new ArrayList<>(skipped);
        skipped.clear();
        dropped.forEach(held -> held.envelope.giveBack());
        for (Envelope envelope = queue.poll(); envelope != null; envelope = queue.poll()) {
            envelope.open();
            envelope.giveBack();
        }
    }
}
