package io.hawser.node;

import io.hawser.term.Term;
import org.jspecify.annotations.Nullable;

/** Where the messages of a process go. Thread-safe. */
interface Receiver extends Runnable {
    /** Drops everything: a process that nobody expects to receive. */
    Receiver NOBODY = new Receiver() {
        @Override
        public void add(Message message, @Nullable PeerState from, int heapBytes) {
            if (from != null) {
                from.connection.consumed(heapBytes);
            }
        }

        @Override
        public void wake() {}

        @Override
        public void end() {}
    };

    /**
     * Takes a message, without running anything of the user's. May be called with a process's lock held.
     *
     * @param from the connection it came on; null if it was sent here
     * @param heapBytes given back to that connection when the message leaves
     */
    void add(Message message, @Nullable PeerState from, int heapBytes);

    /**
     * Takes a term that somebody sent and nobody here asked for, unless there is no room for it. Otherwise as {@link #add}.
     *
     * @return false if it was dropped, and its bytes given back
     */
    default boolean offer(Term sent, @Nullable PeerState from, int heapBytes) {
        add(new Message.Sent(sent), from, heapBytes);
        return true;
    }

    /** Has messages that were added received. Called after {@code add}, without a lock. */
    void wake();

    /** Wakes: as a task for later. */
    @Override
    default void run() {
        wake();
    }

    /** Drops what waits and what comes. */
    void end();
}
