package io.hawser.flight;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** The events. Loaded only where {@code jdk.jfr} is. Thread-safe: each call makes an event of its own. */
final class FlightEvents {
    private FlightEvents() {}

    /** What all have. */
    @Category("Hawser")
    @StackTrace(false)
    abstract static class NodeEvent extends Event {
        @Label("Node")
        String node = "";

        @Label("Peer")
        @Description("The node, or what is known of who is at the other end")
        String peer = "";

        void commitAs(String ofNode, String withPeer) {
            node = ofNode;
            peer = withPeer;
            commit();
        }
    }

    @Name("hawser.ConnectionUp")
    @Label("Connection Up")
    static final class ConnectionUp extends NodeEvent {
        @Label("Dialled")
        @Description("Whether this node made the connection")
        boolean dialled;

        @Label("Hidden")
        boolean hidden;

        @Label("Protection")
        String protection = "";

        @Label("Proof")
        String proof = "";
    }

    @Name("hawser.ConnectionDown")
    @Label("Connection Down")
    static final class ConnectionDown extends NodeEvent {
        @Label("Reason")
        String reason = "";

        @Label("Detail")
        String detail = "";

        @Label("Time Up")
        @Timespan(Timespan.NANOSECONDS)
        long up;
    }

    @Name("hawser.Handshake")
    @Label("Handshake")
    @Description("TLS and the distribution handshake, to the end")
    static final class Handshake extends NodeEvent {
        @Label("Dialled")
        boolean dialled;

        @Label("Time Taken")
        @Timespan(Timespan.NANOSECONDS)
        long taken;

        @Label("Outcome")
        String outcome = "";
    }

    @Name("hawser.Refused")
    @Label("Connection Refused")
    static final class Refused extends NodeEvent {
        @Label("Reason")
        String reason = "";

        @Label("Code")
        String code = "";

        @Label("Left Out")
        @Description("Refusals since the last such event that have none")
        long leftOut;
    }

    @Name("hawser.ReadingPaused")
    @Label("Reading Paused")
    @Description("Too much of this peer lay unread in mailboxes; at the end of the pause")
    static final class ReadingPaused extends NodeEvent {
        @Label("Time Paused")
        @Timespan(Timespan.NANOSECONDS)
        long paused;
    }

    @Name("hawser.SenderWaited")
    @Label("Sender Waited")
    @Description("Too much was queued for this peer; at the end of the wait")
    @StackTrace
    static final class SenderWaited extends NodeEvent {
        @Label("Time Waited")
        @Timespan(Timespan.NANOSECONDS)
        long waited;

        @Label("Queued")
        @DataAmount
        long queued;
    }

    @Name("hawser.LargeMessage")
    @Label("Large Message")
    @Description("A message that was decoded apart from others, for its size")
    static final class LargeMessage extends NodeEvent {
        @Label("Heap")
        @DataAmount
        long heap;
    }

    @Name("hawser.TickLate")
    @Label("Tick Late")
    @Description("The peer has been silent for longer than is to be expected, and is suspected")
    static final class TickLate extends NodeEvent {
        @Label("Silence")
        @Timespan(Timespan.NANOSECONDS)
        long silence;

        @Label("Phi")
        double phi;
    }

    @Name("hawser.LoopLate")
    @Label("Event Loop Late")
    @Description("This node looked after its ticks late: the process was stopped, or its event loop busy")
    static final class LoopLate extends NodeEvent {
        @Label("Time Late")
        @Timespan(Timespan.NANOSECONDS)
        long late;
    }

    static boolean isRecording() {
        return new Handshake().isEnabled();
    }

    static void connectionUp(
            String node, String peer, boolean dialled, boolean hidden, String protection, String proof) {
        var event = new ConnectionUp();
        event.dialled = dialled;
        event.hidden = hidden;
        event.protection = protection;
        event.proof = proof;
        event.commitAs(node, peer);
    }

    static void connectionDown(String node, String peer, String reason, String detail, long upNanos) {
        var event = new ConnectionDown();
        event.reason = reason;
        event.detail = detail;
        event.up = upNanos;
        event.commitAs(node, peer);
    }

    static void handshake(String node, String remote, boolean dialled, long nanos, String outcome) {
        var event = new Handshake();
        event.dialled = dialled;
        event.taken = nanos;
        event.outcome = outcome;
        event.commitAs(node, remote);
    }

    static void refused(String node, String remote, String reason, String code, long leftOut) {
        var event = new Refused();
        event.reason = reason;
        event.code = code;
        event.leftOut = leftOut;
        event.commitAs(node, remote);
    }

    static void readingPaused(String node, String peer, long nanos) {
        var event = new ReadingPaused();
        event.paused = nanos;
        event.commitAs(node, peer);
    }

    static void senderWaited(String node, String peer, long nanos, long queuedBytes) {
        var event = new SenderWaited();
        event.waited = nanos;
        event.queued = queuedBytes;
        event.commitAs(node, peer);
    }

    static void largeMessage(String node, String peer, long heapBytes) {
        var event = new LargeMessage();
        event.heap = heapBytes;
        event.commitAs(node, peer);
    }

    static void tickLate(String node, String peer, long silenceNanos, double phi) {
        var event = new TickLate();
        event.silence = silenceNanos;
        event.phi = phi;
        event.commitAs(node, peer);
    }

    static void loopLate(String node, String peer, long nanos) {
        var event = new LoopLate();
        event.late = nanos;
        event.commitAs(node, peer);
    }
}
