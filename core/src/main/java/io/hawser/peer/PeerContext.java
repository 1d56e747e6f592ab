package io.hawser.peer;

import io.hawser.dist.ControlMessage;
import io.hawser.dist.FragmentShare;
import io.hawser.term.Atom;
import io.hawser.term.NodeName;
import io.hawser.term.Printable;
import io.hawser.term.Term;
import io.hawser.transport.RefusalCode;
import io.hawser.transport.TransportException;
import java.net.InetAddress;
import java.time.Instant;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all routes of one node share. Thread-safe. */
final class PeerContext {
    /** The most nodes that are connected to at one time. */
    static final int MAX_DIALS = 256;

    private static final Logger logger = LoggerFactory.getLogger(PeerContext.class);

    private final PeerSettings settings;
    private final PeerListener listener;
    private final RejectionLog rejections;
    private final InboundShare inbound;
    private final FragmentShare fragments;
    private final Introductions introductions;
    private final AtomicInteger dials = new AtomicInteger();
    private final AtomicLong connections = new AtomicLong();
    private volatile boolean closed;
    private volatile long creation; // 0: not known yet

    /** @param recheckRoom has all senders that wait for room look again */
    PeerContext(PeerSettings settings, PeerListener listener, Runnable recheckRoom) {
        this.settings = settings;
        this.inbound = new InboundShare(
                settings.inboundShareBytes(), settings.inboundBudgetBytes(), recheckRoom, settings.decoder());
        this.fragments = new FragmentShare(2L * settings.maxMessageBytes());
        this.listener = listener;
        this.rejections = new RejectionLog(settings.self(), settings.scheduler());
        this.introductions = new Introductions(this);
    }

    PeerSettings settings() {
        return settings;
    }

    RejectionLog rejections() {
        return rejections;
    }

    InboundShare inbound() {
        return inbound;
    }

    FragmentShare fragments() {
        return fragments;
    }

    Introductions introductions() {
        return introductions;
    }

    boolean isClosed() {
        return closed;
    }

    void close() {
        closed = true;
    }

    long creation() {
        return creation;
    }

    void creation(long value) {
        creation = value;
    }

    long now() {
        return settings.scheduler().nanoTime();
    }

    /** Returns a number for a connection to come. */
    long nextConnection() {
        return connections.incrementAndGet();
    }

    boolean beginDial() {
        if (dials.incrementAndGet() > MAX_DIALS) {
            dials.decrementAndGet();
            return false;
        }
        return true;
    }

    void endDial() {
        dials.decrementAndGet();
    }

    /** Runs a task where it may block; when the executor takes none any more, on this thread. */
    void complete(Runnable task) {
        try {
            settings.executor().execute(task);
        } catch (RejectedExecutionException e) {
            task.run();
        }
    }

    /** Calls the listener; what it throws goes to the log and no further. */
    private void tell(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            logger.atError().setCause(e).addKeyValue("node", settings.self()).log("Peer listener failed");
        }
    }

    void tellSignal(PeerConnection peer, ControlMessage control, @Nullable Term payload, int heapBytes) {
        try {
            listener.onSignal(peer, control, payload, heapBytes);
        } catch (RuntimeException e) {
            logger.atError()
                    .setCause(e)
                    .addKeyValue("peer", peer.node().text())
                    .log("Peer listener failed on a signal");
        }
    }

    void tellUp(PeerConnection peer) {
        tell(() -> listener.onUp(peer));
        introductions.connected(peer.node());
    }

    void tellDown(PeerConnection peer, String reason) {
        tell(() -> listener.onDown(peer, reason));
    }

    void tellSuspicion(PeerConnection peer, boolean suspected, double phi, long silenceNanos) {
        tell(() -> listener.onSuspicion(peer, suspected, phi, silenceNanos));
    }

    void tellRefused(String remote, String reason, @Nullable RefusalCode code) {
        tell(() -> listener.onRefused(remote, reason, code));
    }

    void tellHandshake(String remote, boolean dialled, long nanos, @Nullable String failure) {
        tell(() -> listener.onHandshake(remote, dialled, nanos, failure));
    }

    void tellPaused(PeerConnection peer, long nanos) {
        tell(() -> listener.onPaused(peer, nanos));
    }

    void tellSenderWaited(PeerConnection peer, long nanos, long queuedBytes) {
        tell(() -> listener.onSenderWaited(peer, nanos, queuedBytes));
    }

    void tellLargeMessage(PeerConnection peer, int heapBytes) {
        tell(() -> listener.onLargeMessage(peer, heapBytes));
    }

    void tellCredentialsChanged(Instant ends) {
        tell(() -> listener.onCredentialsChanged(ends));
    }

    void tellLate(PeerConnection peer, long nanos) {
        tell(() -> listener.onLate(peer, nanos));
    }

    void tellUnreachable(Atom node, long connection, String reason) {
        tell(() -> listener.onUnreachable(node, connection, reason));
    }

    /** Says why a node can never be connected to; empty if it can. */
    String refusalOf(Atom node) {
        try {
            return refusalOf(NodeName.parse(node.text()));
        } catch (IllegalArgumentException e) {
            return Printable.of(node.text()) + ": is no node name, " + e.getMessage();
        }
    }

    /** Says why a node can never be connected to; empty if it can. */
    String refusalOf(NodeName peer) {
        NodeName self = settings.self();
        if (peer.equals(self)) {
            return peer + ": is this node itself (expected: another node)";
        }
        if (peer.isLong() != self.isLong()) {
            return peer + ": is a " + kind(peer) + " name, this node's " + self + " is " + kind(self)
                    + " (expected: both -name or both -sname)";
        }
        return "";
    }

    private static String kind(NodeName name) {
        return name.isLong() ? "long" : "short";
    }

    /** Whether loopback is where to look for a node: this one listens there too, or both names have one host. */
    boolean isNearby(NodeName peer) {
        InetAddress listen = settings.listen().getAddress();
        return (listen != null && listen.isLoopbackAddress())
                || peer.host().equals(settings.self().host());
    }

    /** Makes a sentence begin with the node it is about. */
    static String about(NodeName node, String sentence) {
        return sentence.startsWith(node.toString()) ? sentence : node + ": " + sentence;
    }

    static TransportException failure(String reason) {
        return new TransportException(reason);
    }
}
