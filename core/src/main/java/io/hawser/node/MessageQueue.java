package io.hawser.node;

import io.hawser.term.Term;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
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

    /** A message in a queue. One that was sent becomes a {@link Message} when somebody looks at it. */
    static class Envelope {
        private final @Nullable Term sent;
        private @Nullable Message message;

        /** In the queue the one before, in what was taken the one after. */
        private @Nullable Envelope next;

        private Envelope(@Nullable Term sent, @Nullable Message message) {
            this.sent = sent;
            this.message = message;
        }

        /** One that nothing is counted for. */
        static Envelope of(Message message) {
            return new Envelope(null, message);
        }

        /** One that nothing is counted for. */
        static Envelope ofSent(Term term) {
            return new Envelope(term, null);
        }

        /** The consumer. */
        Message message() {
            if (message == null) {
                message = new Message.Sent(Objects.requireNonNull(sent));
            }
            return message;
        }

        /** Cuts this one off those after it, of what {@link #takeAll} returned; returns the rest, null if there is none. */
        @Nullable
        Envelope cut() {
            Envelope rest = next;
            next = null; // an old one that the collector has not found yet would keep those after it
            return rest;
        }

        /** Whose connection it came on; null if it was sent here. */
        @Nullable
        PeerState from() {
            return null;
        }

        /** What it counts for on that connection. */
        int heapBytes() {
            return 0;
        }

        /** Gives its place in the mailbox back. */
        void giveBackPlace() {}

        /** Gives back its place, and its bytes to the connection. */
        final void giveBack() {
            PeerState peer = from();
            if (peer != null && heapBytes() > 0) {
                peer.connection.consumed(heapBytes());
            }
            giveBackPlace();
        }
    }

    /** A message that is counted until it leaves the mailbox. */
    static final class Counted extends Envelope {
        private final @Nullable PeerState from;
        private final int heapBytes;
        private final @Nullable Bound bound;

        /** Either a term that was sent, or any message. */
        Counted(
                @Nullable Term sent,
                @Nullable Message message,
                @Nullable PeerState from,
                int heapBytes,
                @Nullable Bound bound) {
            super(sent, message);
            this.from = from;
            this.heapBytes = heapBytes;
            this.bound = bound;
        }

        @Override
        @Nullable
        PeerState from() {
            return from;
        }

        @Override
        int heapBytes() {
            return heapBytes;
        }

        @Override
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
