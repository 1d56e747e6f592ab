package io.hawser.node;

/** A listener that is told of a node's connections, see {@link Node#watch}. Thread-safe. */
public interface NodeWatch extends AutoCloseable {
    /**
     * Returns how many events were dropped because too many waited.
     *
     * @return a count that only grows
     */
    long missed();

    /** Has the listener told no longer; an event it is being told at this moment may still be under way. Can be called twice. */
    @Override
    void close();
}
