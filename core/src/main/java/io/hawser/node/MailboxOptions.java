package io.hawser.node;

import io.hawser.term.Atom;
import java.util.Objects;
import java.util.Optional;

/**
 * How a mailbox begins. Immutable.
 *
 * <p>A mailbox with a capacity holds no more messages than that which others chose to send, whether they sit on this
 * node or on another; those that a selective receive passed over count. The sender is not told, and never waits: a full
 * mailbox looks the same from near and far. What the process asked for itself is neither counted nor ever dropped: exit
 * signals, the {@code Down} of its monitors, node events, the answer to a spawn request, and the one message through a
 * {@linkplain Mailbox#replyAlias() reply alias}, which is how {@link GenServer} calls are answered. All of these are
 * bounded by what the process itself linked, monitored and requested.
 *
 * @param name the name it is registered under; empty for none
 * @param trapExit whether exit signals arrive as messages from the start
 * @param capacity how many messages it holds, {@link #UNBOUNDED} for any number
 * @param overflow what happens when there is no room for a message
 * @param asyncDist whether what it sends to other nodes never waits for room
 */
public record MailboxOptions(
        Optional<Atom> name, boolean trapExit, int capacity, Overflow overflow, boolean asyncDist) {
    /** The capacity that is none. */
    public static final int UNBOUNDED = Integer.MAX_VALUE;

    /** No name, does not trap exits, unbounded, waits for room. */
    public static final MailboxOptions DEFAULT =
            new MailboxOptions(Optional.empty(), false, UNBOUNDED, Overflow.DROP_NEWEST, false);

    /**
     * Checks the options.
     *
     * @param name the name, if any
     * @param trapExit whether exit signals arrive as messages
     * @param capacity how many messages, at least 1
     * @param overflow what happens when there is no room
     * @param asyncDist whether it never waits for room
     * @throws IllegalArgumentException if the capacity is less than 1
     */
    public MailboxOptions {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(overflow, "overflow");
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity: " + capacity + " (expected: > 0)");
        }
    }

    /**
     * Returns these options with a name.
     *
     * @param name the name to register
     * @return the new options
     */
    public MailboxOptions withName(String name) {
        return withName(Atom.of(name));
    }

    /**
     * Returns these options with a name.
     *
     * @param name the name to register
     * @return the new options
     */
    public MailboxOptions withName(Atom name) {
        return new MailboxOptions(Optional.of(name), trapExit, capacity, overflow, asyncDist);
    }

    /**
     * Returns these options with exits trapped or not.
     *
     * @param trapExit whether exit signals arrive as messages
     * @return the new options
     */
    public MailboxOptions withTrapExit(boolean trapExit) {
        return new MailboxOptions(name, trapExit, capacity, overflow, asyncDist);
    }

    /**
     * Returns these options with a bound on the messages that wait. Unbounded when not called.
     *
     * @param messages how many messages that others chose to send may wait, at least 1
     * @param overflow what happens when one more comes
     * @return the new options
     * @throws IllegalArgumentException if messages is less than 1
     */
    public MailboxOptions withCapacity(int messages, Overflow overflow) {
        return new MailboxOptions(name, trapExit, messages, overflow, asyncDist);
    }

    /**
     * Returns these options with signals to other nodes that wait for room or not: the process flag {@code async_dist} of
     * OTP. Meant for a server of many nodes, which must not wait for one of them. What it sends, monitors, links and so on
     * is queued however much waits for the node already; a node that leaves too much of that unread, a
     * sixteenth of the heap, but 16 to 64 MiB, is disconnected. {@link Mailbox#trySend} and {@link Mailbox#trySendIfConnected} still refuse. When not called, it waits.
     *
     * @param asyncDist true never to wait
     * @return the new options
     */
    public MailboxOptions withAsyncDist(boolean asyncDist) {
        return new MailboxOptions(name, trapExit, capacity, overflow, asyncDist);
    }
}
