package io.hawser.node;

import io.hawser.flight.Flight;
import io.hawser.peer.LogLimit;
import io.hawser.peer.PeerAttempt;
import io.hawser.peer.PeerConnection;
import io.hawser.term.Atom;
import io.hawser.term.NodeName;
import io.hawser.term.Printable;
import io.hawser.transport.ChannelSecurity;
import io.hawser.transport.RefusalCode;
import io.hawser.transport.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks on, and tells: listeners, and the JDK's flight recorder. Nothing in the node depends on it; it is not on the way of
 * a message. Called on event loops, for one peer in order. Thread-safe.
 */
final class Lookout implements AutoCloseable {
    private static final int REFUSALS_PER_SECOND = 10;
    private static final int MAX_TEXT = 500;

    private final String self;
    private final String transport;
    private final Executor executor;
    private final Absences absences;
    private final LogLimit refusals;
    private final CopyOnWriteArrayList<Watcher> watchers = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    Lookout(NodeName self, String transport, Executor executor, Scheduler scheduler) {
        this.self = self.toString();
        this.transport = transport;
        this.executor = executor;
        this.absences = new Absences(scheduler::nanoTime);
        this.refusals = new LogLimit(REFUSALS_PER_SECOND, scheduler::nanoTime);
    }

    NodeWatch watch(Consumer<? super NodeEvent> listener) {
        var watcher = new Watcher(listener, executor, watchers::remove);
        watchers.add(watcher);
        if (closed) {
            watcher.close();
        }
        return watcher;
    }

    List<AbsentPeer> absent(List<PeerAttempt> attempts) {
        return absences.with(attempts);
    }

    private void tell(Supplier<NodeEvent> event) {
        if (!watchers.isEmpty()) {
            NodeEvent made = event.get();
            watchers.forEach(watcher -> watcher.tell(made));
        }
    }

    void onUp(PeerState peer) {
        absences.up(peer.node());
        Flight.connectionUp(
                self,
                peer.asker.node().toString(),
                peer.connection.vitals().dialled(),
                peer.hidden,
                protection(peer),
                peer.asker.proof());
        tell(() -> new NodeEvent.NodeUp(ConnectionInfo.of(peer, transport)));
    }

    private String protection(PeerState peer) {
        Optional<ChannelSecurity> security = peer.connection.connection().peer().security();
        return security.map(found -> found.protocol() + " " + found.cipherSuite())
                .orElse(transport);
    }

    void onDown(PeerState peer, Atom reason, String detail) {
        String line = Printable.sentence(detail, MAX_TEXT);
        Flight.connectionDown(
                self,
                peer.asker.node().toString(),
                reason.text(),
                line,
                peer.connection.vitals().ageNanos());
        tell(() -> new NodeEvent.NodeDown(ConnectionInfo.of(peer, transport), reason, line));
    }

    void onUnreachable(Atom node, String reason) {
        NodeName name;
        try {
            name = NodeName.parse(node.text());
        } catch (IllegalArgumentException e) {
            return; // no node is called that
        }
        String line = Printable.sentence(reason, MAX_TEXT);
        absences.failed(name, line);
        tell(() -> new NodeEvent.Unreachable(name, line));
    }

    void onSuspicion(PeerConnection peer, boolean suspected, double phi, long silenceNanos) {
        NodeName node = peer.peer().name();
        if (suspected) {
            Flight.tickLate(self, node.toString(), silenceNanos, phi);
        }
        Duration silence = Duration.ofNanos(silenceNanos);
        tell(() -> suspected ? new NodeEvent.Suspected(node, phi, silence) : new NodeEvent.Trusted(node, silence));
    }

    void onRefused(String remote, String reason, @Nullable RefusalCode code) {
        long leftOut = refusals.admit();
        if (leftOut < 0) {
            return;
        }
        String who = Printable.sentence(remote, MAX_TEXT);
        String why = Printable.sentence(reason, MAX_TEXT);
        Flight.refused(self, who, why, code == null ? "" : code.name(), leftOut);
        tell(() -> new NodeEvent.Refused(who, why, Optional.ofNullable(code), leftOut));
    }

    void onCredentialsChanged(Instant ends) {
        tell(() -> new NodeEvent.CredentialsChanged(ends));
    }

    void onHandshake(String remote, boolean dialled, long nanos, @Nullable String failure) {
        if (Flight.isRecording()) {
            String outcome = failure == null ? "admitted" : Printable.sentence(failure, MAX_TEXT);
            Flight.handshake(self, Printable.sentence(remote, MAX_TEXT), dialled, nanos, outcome);
        }
    }

    void onPaused(PeerConnection peer, long nanos) {
        Flight.readingPaused(self, peer.node().text(), nanos);
    }

    void onSenderWaited(PeerConnection peer, long nanos, long queuedBytes) {
        Flight.senderWaited(self, peer.node().text(), nanos, queuedBytes);
    }

    void onLargeMessage(PeerConnection peer, int heapBytes) {
        Flight.largeMessage(self, peer.node().text(), heapBytes);
    }

    void onLate(PeerConnection peer, long nanos) {
        Flight.loopLate(self, peer.node().text(), nanos);
    }

    @Override
    public void close() {
        closed = true;
        watchers.forEach(Watcher::close);
    }
}
