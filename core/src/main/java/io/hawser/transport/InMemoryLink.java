package io.hawser.transport;

import io.hawser.term.NodeName;
import java.net.InetSocketAddress;
import java.time.Duration;

/** One connection of an {@link InMemoryNetwork}, to be disturbed. Thread-safe: works on the network's event loop. */
public final class InMemoryLink {
    private final InMemoryNetwork network;
    private final NodeName dialled;
    private final InetSocketAddress from;
    private final InetSocketAddress to;
    private final InMemoryConnection dialler;
    private volatile Duration delay = Duration.ZERO;
    private volatile boolean stalled;

    InMemoryLink(
            InMemoryNetwork network,
            NodeName dialled,
            InetSocketAddress from,
            InetSocketAddress to,
            InMemoryConnection dialler) {
        this.network = network;
        this.dialled = dialled;
        this.from = from;
        this.to = to;
        this.dialler = dialler;
    }

    /**
     * Returns the node that was dialled.
     *
     * @return its name
     */
    public NodeName dialled() {
        return dialled;
    }

    /**
     * Returns the dialler's address.
     *
     * @return the address the listener sees
     */
    public InetSocketAddress from() {
        return from;
    }

    /**
     * Returns the listener's address.
     *
     * @return the address that was dialled
     */
    public InetSocketAddress to() {
        return to;
    }

    /** Breaks the connection at both ends, as a reset does: what is on its way is lost. */
    public void cut() {
        network.execute(dialler::cutBoth);
    }

    /**
     * Sets how long bytes that are flushed from now on take to arrive; none when not called. Order is kept.
     *
     * @param delay the time, for each direction
     */
    public void delay(Duration delay) {
        this.delay = delay;
    }

    /** Stops bytes in both directions, as a network that swallows packets does, until {@link #resume()}. */
    public void stall() {
        stalled = true;
    }

    /** Ends {@link #stall()}. */
    public void resume() {
        stalled = false;
        network.execute(dialler::deliverBoth);
    }

    Duration delay() {
        return delay;
    }

    boolean isStalled() {
        return stalled;
    }
}
