package io.hawser.dist;

import java.util.concurrent.atomic.AtomicLong;

/** What the incomplete messages of all connections of a node take together. Thread-safe. */
public final class FragmentShare {
    private final long maxBytes;
    private final AtomicLong bytes = new AtomicLong();

    /**
     * Makes a share.
     *
     * @param maxBytes the most, about, that all may take; above it no connection may go beyond a little
     */
    public FragmentShare(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    void add(long more) {
        bytes.addAndGet(more);
    }

    boolean isFull() {
        return bytes.get() > maxBytes;
    }

    long maxBytes() {
        return maxBytes;
    }
}
