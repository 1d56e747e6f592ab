package io.hawser.node;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A queue with many producers, which never wait, and one consumer at a time: a linked list whose producers swap the tail
 * and then link to it. The node at the head was consumed already.
 */
final class MessageQueue {
    private static final VarHandle TAIL;
    private static final VarHandle NEXT;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            TAIL = lookup.findVarHandle(MessageQueue.class, "tail", Envelope.class);
            NEXT = lookup.findVarHandle(Envelope.class, "next", Envelope.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** A message in a queue, and whom its bytes and its place are given back to. */
    static final class Envelope {
        final @Nullable PeerState from;
        final int heapBytes;
        private final @Nullable Bound bound;
        private @Nullable Message message;
        private volatile @Nullable Envelope next;

        Envelope(@Nullable Message message, @Nullable PeerState from, int heapBytes, @Nullable Bound bound) {
            this.bound = bound;
            this.message = message;
            this.from = from;
            this.heapBytes = heapBytes;
        }

        /** Takes the message out: the node itself stays at the head of the queue. */
        Message open() {
            Message taken = message;
            if (taken == null) {
                throw new IllegalStateException("envelope: opened twice");
            }
            message = null;
            return taken;
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

    private Envelope head = new Envelope(null, null, 0, null);

    @SuppressWarnings("FieldMayBeFinal") // written through TAIL
    private volatile Envelope tail = head;

    /** Any thread. What is read after this call is read after the message can be seen. */
    void add(Envelope envelope) {
        Envelope before = (Envelope) TAIL.getAndSet(this, envelope);
        NEXT.setVolatile(before, envelope);
    }

    /** The consumer. Null if there is nothing, or what there is has not been linked yet: its producer wakes again. */
    @Nullable
    Envelope poll() {
        Envelope first = head.next;
        if (first != null) {
            head = first;
        }
        return first;
    }

    /** Any thread. What was added last, consumed or not. */
    Envelope last() {
        return tail;
    }

    /** The consumer. */
    boolean isEmpty() {
        return head.next == null;
    }
}
