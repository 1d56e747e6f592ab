package io.hawser.node;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A queue with many producers, which never wait, and one consumer at a time. Producers push onto a stack; the consumer takes
 * all of it with one exchange, and turns it round: both sides meet once for each time it looks, not for each message.
 */
final class MessageQueue {
    private static final VarHandle LAST;

    static {
        try {
            LAST = MethodHandles.lookup().findVarHandle(MessageQueue.class, "last", Envelope.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** A message in a queue, and whom its bytes and its place are given back to. */
    static final class Envelope {
        final Message message;
        final @Nullable PeerState from;
        final int heapBytes;
        private final @Nullable Bound bound;

        /** In the queue the one before, in what was taken the one after. */
        private @Nullable Envelope next;

        Envelope(Message message, @Nullable PeerState from, int heapBytes, @Nullable Bound bound) {
            this.bound = bound;
            this.message = message;
            this.from = from;
            this.heapBytes = heapBytes;
        }

        /** Cuts this one off those after it, of what {@link #takeAll} returned; returns the rest, null if there is none. */
        @Nullable
        Envelope cut() {
            Envelope rest = next;
            next = null; // an old one that the collector has not found yet would keep those after it
            return rest;
        }

        void giveBack() {
            if (from != null && heapBytes > 0) {
                from.connection.consumed(heapBytes);
            }
            giveBackPlace();
        }

        /** Gives back its place only. */
        void giveBackPlace() {
            if (bound != null) {
                bound.giveBack();
            }
        }
    }

    private volatile @Nullable Envelope last;

    /** Any thread. What is read after this call is read after the message can be seen. */
    void add(Envelope envelope) {
        Envelope before;
        do {
            before = last;
            envelope.next = before;
        } while (!LAST.compareAndSet(this, before, envelope));
    }

    /** The consumer. Returns what came first, to be {@linkplain Envelope#cut cut} off the rest; null if there is nothing. */
    @Nullable
    Envelope takeAll() {
        if (last == null) {
            return null;
        }
        Envelope newer = null;
        Envelope each = (Envelope) LAST.getAndSet(this, null);
        while (each != null) {
            Envelope older = each.next;
            each.next = newer;
            newer = each;
            each = older;
        }
        return newer;
    }

    /** Any thread. */
    boolean isEmpty() {
        return last == null;
    }
}
