package io.hawser.flight;

/**
 * Writes events of the kinds {@code hawser.*} for {@code jcmd PID JFR.start} and {@code jfr print}. Without the module
 * {@code jdk.jfr} each method does nothing; while nobody records, next to nothing. Thread-safe.
 */
public final class Flight {
    /** The classes of events cannot even be loaded without. */
    private static final boolean PRESENT =
            ModuleLayer.boot().findModule("jdk.jfr").isPresent();

    private Flight() {}

    /**
     * Returns whether somebody records, and making text for an event is worth while.
     *
     * @return false if no recording is running
     */
    public static boolean isRecording() {
        return PRESENT && FlightEvents.isRecording();
    }

    /**
     * A connection is up.
     *
     * @param node this node
     * @param peer the other
     * @param dialled whether this node made it
     * @param hidden whether it is hidden
     * @param protection what protects it
     * @param proof which cookie proof was used
     */
    public static void connectionUp(
            String node, String peer, boolean dialled, boolean hidden, String protection, String proof) {
        if (PRESENT) {
            FlightEvents.connectionUp(node, peer, dialled, hidden, protection, proof);
        }
    }

    /**
     * A connection is gone.
     *
     * @param node this node
     * @param peer the other
     * @param reason why, in a word
     * @param detail why, in a line
     * @param upNanos how long it was up
     */
    public static void connectionDown(String node, String peer, String reason, String detail, long upNanos) {
        if (PRESENT) {
            FlightEvents.connectionDown(node, peer, reason, detail, upNanos);
        }
    }

    /**
     * A handshake is over.
     *
     * @param node this node
     * @param remote the other end, as far as is known
     * @param dialled whether this node made the connection
     * @param nanos how long it took; 0 if that is not known
     * @param outcome {@code admitted}, or why not
     */
    public static void handshake(String node, String remote, boolean dialled, long nanos, String outcome) {
        if (PRESENT) {
            FlightEvents.handshake(node, remote, dialled, nanos, outcome);
        }
    }

    /**
     * A connection was refused.
     *
     * @param node this node
     * @param remote the other end
     * @param reason why
     * @param code the stable name of the reason; empty if it has none
     * @param leftOut how many were not told since the last
     */
    public static void refused(String node, String remote, String reason, String code, long leftOut) {
        if (PRESENT) {
            FlightEvents.refused(node, remote, reason, code, leftOut);
        }
    }

    /**
     * Reading from a connection goes on after a pause.
     *
     * @param node this node
     * @param peer the other
     * @param nanos how long the pause was
     */
    public static void readingPaused(String node, String peer, long nanos) {
        if (PRESENT) {
            FlightEvents.readingPaused(node, peer, nanos);
        }
    }

    /**
     * A sender goes on after it waited for room. On its thread.
     *
     * @param node this node
     * @param peer the other
     * @param nanos how long it waited
     * @param queuedBytes what is still queued
     */
    public static void senderWaited(String node, String peer, long nanos, long queuedBytes) {
        if (PRESENT) {
            FlightEvents.senderWaited(node, peer, nanos, queuedBytes);
        }
    }

    /**
     * A large message arrived.
     *
     * @param node this node
     * @param peer the other
     * @param heapBytes about what it takes on the heap
     */
    public static void largeMessage(String node, String peer, long heapBytes) {
        if (PRESENT) {
            FlightEvents.largeMessage(node, peer, heapBytes);
        }
    }

    /**
     * A peer's tick is late: it is suspected.
     *
     * @param node this node
     * @param peer the other
     * @param silenceNanos for how long nothing came
     * @param phi how sure it is that the peer is gone
     */
    public static void tickLate(String node, String peer, long silenceNanos, double phi) {
        if (PRESENT) {
            FlightEvents.tickLate(node, peer, silenceNanos, phi);
        }
    }

    /**
     * This node looked after its ticks late.
     *
     * @param node this node
     * @param peer the other
     * @param nanos how late
     */
    public static void loopLate(String node, String peer, long nanos) {
        if (PRESENT) {
            FlightEvents.loopLate(node, peer, nanos);
        }
    }
}
