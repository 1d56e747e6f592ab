package io.hawser.peer;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What all peers of a node together have put into mailboxes and was not received yet, and which connections are not read
 * from because of it. Thread-safe.
 */
final class InboundShare {
    private final long shareBytes;
    private final long excessBytes;
    private final Runnable onPause;
    private final AtomicLong outstanding = new AtomicLong();
    private final AtomicLong undelivered = new AtomicLong();
    private final DecodingQueue decoding;
    private final Set<InboundBudget> paused = ConcurrentHashMap.newKeySet();

    /**
     * Makes the share.
     *
     * @param shareBytes the most heap, about, that may be outstanding for all connections
     * @param excessBytes how far senders may exceed their high-water marks while a connection is not read from
     * @param onPause called when a connection is not read from any longer
     * @param decoder decodes large messages, one at a time
     */
    InboundShare(long shareBytes, long excessBytes, Runnable onPause, Executor decoder) {
        this.shareBytes = shareBytes;
        this.excessBytes = excessBytes;
        this.onPause = onPause;
        this.decoding = new DecodingQueue(decoder);
    }

    void add(long bytes) {
        long before = outstanding.getAndAdd(bytes);
        if (bytes < 0 && before > resumeBytes() && before + bytes <= resumeBytes()) {
            paused.forEach(InboundBudget::resumeSoon);
        }
        if (bytes < 0) {
            decoding.wake();
        }
    }

    /** Counts what {@link InboundBudget#addUndelivered} does. */
    void addUndelivered(long bytes) {
        undelivered.addAndGet(bytes);
        if (bytes > 0) {
            decoding.wake();
        }
    }

    /** Returns what large messages wait in until there is room to decode them. */
    DecodingQueue decoding() {
        return decoding;
    }

    /**
     * Returns whether a large message may be decoded. One can take half of the share: a connection beyond its own budget
     * leaves others room besides its last one.
     */
    boolean hasRoomToDecode(boolean isBeyondBudget) {
        return outstanding.get() - undelivered.get() <= (isBeyondBudget ? shareBytes / 2 : shareBytes);
    }

    /** Returns whether there is no room for what any connection may bring. */
    boolean isFull() {
        return outstanding.get() > shareBytes;
    }

    /** Returns whether a connection that waited because of it may go on. */
    boolean hasRoom() {
        return outstanding.get() <= resumeBytes();
    }

    /** Returns whether a connection may be granted more than its own budget: others are left half of the share. */
    boolean hasSpare() {
        return outstanding.get() <= shareBytes / 2;
    }

    private long resumeBytes() {
        return shareBytes / 4 * 3;
    }

    void paused(InboundBudget budget) {
        paused.add(budget);
        onPause.run();
    }

    void resumed(InboundBudget budget) {
        paused.remove(budget);
    }

    /** Returns whether some connection is not read from. */
    boolean isPaused() {
        return !paused.isEmpty();
    }

    long excessBytes() {
        return excessBytes;
    }
}
