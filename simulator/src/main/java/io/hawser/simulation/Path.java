package io.hawser.simulation;

import io.hawser.transport.InMemoryLink;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The way from one node to another through the network, for all their connections, those to come included. What it does to
 * bytes is what TCP makes of it: they are never lost, doubled or out of order on a connection that stands, only late; when
 * they do not get through for too long, the connection ends.
 *
 * <p>Not thread-safe; used by the test, or between the steps of the simulation.
 */
public final class Path {
    private static final int SEGMENT_BYTES = 1460;
    private static final Duration FIRST_TIMEOUT = Duration.ofMillis(200);
    private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(2);
    private static final int MAX_RETRANSMISSIONS = 15; // as Linux

    private final RandomGenerator random;
    private final Supplier<List<InMemoryLink.Way>> open;
    private Latency latency;
    private double loss;
    private boolean stalled;
    private long bytes;
    private long connections;

    /** @param open the ways of the connections that are open now */
    Path(RandomGenerator random, Latency latency, Supplier<List<InMemoryLink.Way>> open) {
        this.random = random;
        this.open = open;
        this.latency = latency;
    }

    /**
     * Sets how long bytes take from now on.
     *
     * @param latency drawn for each flush; bytes of one connection still keep their order
     */
    public void latency(Latency latency) {
        this.latency = latency;
    }

    /**
     * Sets how likely a segment of up to 1460 bytes is lost from now on. A lost one is sent again after 200 ms, then after
     * 400 ms and so on up to 120 s, as TCP does, and holds up all behind it: loss is seen as a delay, never as a gap. One that
     * is lost 15 times more arrives some 20 minutes late, long after ticks have ended the connection.
     *
     * @param probability 0 to 1; 0 when not called
     * @throws IllegalArgumentException if it is not
     */
    public void loss(double probability) {
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("loss: " + probability + " (expected: 0 to 1)");
        }
        loss = probability;
    }

    /** Lets nothing through until {@link #resume()}; what is sent waits. Connections end when ticks or deadlines say so. */
    public void stall() {
        stalled = true;
        open.get().forEach(InMemoryLink.Way::stall);
    }

    /** Ends {@link #stall()}: what waited arrives. */
    public void resume() {
        stalled = false;
        open.get().forEach(InMemoryLink.Way::resume);
    }

    /**
     * Returns whether nothing gets through.
     *
     * @return true after {@link #stall()}
     */
    public boolean isStalled() {
        return stalled;
    }

    /**
     * Returns how many bytes were sent this way.
     *
     * @return a count that only grows, of all connections
     */
    public long bytes() {
        return bytes;
    }

    /**
     * Returns how many connections were dialled over it, either way.
     *
     * @return a count that only grows
     */
    public long connections() {
        return connections;
    }

    void carry(InMemoryLink.Way way) {
        connections++;
        way.delay(this::delay);
        if (stalled) {
            way.stall();
        }
    }

    private Duration delay(int bytes) {
        this.bytes += bytes;
        Duration delay = latency.draw(random);
        if (loss > 0) {
            for (int sent = 0; sent == 0 || sent < bytes; sent += SEGMENT_BYTES) {
                delay = delay.plus(retransmissions());
            }
        }
        return delay;
    }

    private Duration retransmissions() {
        Duration waited = Duration.ZERO;
        Duration timeout = FIRST_TIMEOUT;
        for (int i = 0; i < MAX_RETRANSMISSIONS && random.nextDouble() < loss; i++) {
            waited = waited.plus(timeout);
            timeout = timeout.multipliedBy(2);
            timeout = timeout.compareTo(LONGEST_TIMEOUT) < 0 ? timeout : LONGEST_TIMEOUT;
        }
        return waited;
    }
}
