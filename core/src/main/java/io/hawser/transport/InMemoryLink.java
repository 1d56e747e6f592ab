package io.hawser.transport;

import io.hawser.term.NodeName;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * One connection of an {@link InMemoryNetwork}, to be disturbed: from when it is dialled, before it stands. Thread-safe: works
 * on the network's event loop.
 */
public final class InMemoryLink {
    private final InMemoryNetwork network;
    private final NodeName dialled;
    private final InetSocketAddress from;
    private final InetSocketAddress to;
    private final Way outward = new Way();
    private final Way homeward = new Way();
    private final AtomicInteger ends = new AtomicInteger();
    private volatile @Nullable InMemoryConnection dialler;

    InMemoryLink(InMemoryNetwork network, NodeName dialled, InetSocketAddress from, InetSocketAddress to) {
        this.network = network;
        this.dialled = dialled;
        this.from = from;
        this.to = to;
    }

    void dialler(InMemoryConnection end) {
        dialler = end;
    }

    /** One more end: until both are closed, bytes may be on their way. */
    void joined(InMemoryConnection end) {
        ends.incrementAndGet();
        end.whenClosed(() -> {
            if (ends.decrementAndGet() == 0) {
                network.closed(this);
            }
        });
    }

    /** One direction of a connection. Thread-safe. */
    public final class Way {
        private volatile IntFunction<Duration> delay = bytes -> Duration.ZERO;
        private volatile boolean stalled;
        private final AtomicLong bytes = new AtomicLong();
        private final AtomicLong packets = new AtomicLong();

        private Way() {}

        /**
         * Sets how long bytes that are flushed from now on take to arrive; none when not called. Order is kept: what is
         * flushed later arrives later.
         *
         * @param delay asked at each flush, with the number of bytes
         */
        public void delay(IntFunction<Duration> delay) {
            this.delay = delay;
        }

        /** Stops bytes, as a network that swallows packets does, until {@link #resume()}. */
        public void stall() {
            stalled = true;
        }

        /** Ends {@link #stall()}. */
        public void resume() {
            stalled = false;
            InMemoryConnection end = dialler;
            if (end != null) {
                network.execute(end::deliverBoth);
            }
        }

        /**
         * Returns how many bytes were flushed this way.
         *
         * @return a count that only grows
         */
        public long bytes() {
            return bytes.get();
        }

        /**
         * Returns how many packets arrived this way whole, of the handshake and after it, ticks included.
         *
         * @return a count that only grows
         */
        public long packets() {
            return packets.get();
        }

        boolean isStalled() {
            return stalled;
        }

        Duration delayOf(int size) {
            return delay.apply(size);
        }

        void flushed(int size) {
            bytes.addAndGet(size);
        }

        void arrived() {
            packets.incrementAndGet();
        }
    }

    /**
     * Returns the way from the dialler to the listener.
     *
     * @return always the same
     */
    public Way outward() {
        return outward;
    }

    /**
     * Returns the way from the listener to the dialler.
     *
     * @return always the same
     */
    public Way homeward() {
        return homeward;
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
        InMemoryConnection end = dialler;
        if (end != null) {
            network.execute(end::cutBoth);
        }
    }

    /**
     * Sets how long bytes that are flushed from now on take to arrive; none when not called. Order is kept.
     *
     * @param delay the time, for each direction
     */
    public void delay(Duration delay) {
        outward.delay(bytes -> delay);
        homeward.delay(bytes -> delay);
    }

    /** Stops bytes in both directions, as a network that swallows packets does, until {@link #resume()}. */
    public void stall() {
        outward.stall();
        homeward.stall();
    }

    /** Ends {@link #stall()}. */
    public void resume() {
        homeward.stalled = false;
        outward.resume();
    }

    boolean isStalled() {
        return outward.stalled || homeward.stalled;
    }
}
