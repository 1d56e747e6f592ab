package io.hawser.peer;

import io.hawser.dist.ControlMessage;
import io.hawser.epmd.DialRefusal;
import io.hawser.handshake.Handshakes;
import io.hawser.term.Atom;
import io.hawser.term.NodeName;
import io.hawser.term.Printable;
import io.hawser.term.Term;
import io.hawser.transport.Transport;
import io.hawser.transport.TransportException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one node to others: at most one for each peer, made when something is sent.
 *
 * <p>Thread-safe.
 */
public final class Peers implements AutoCloseable {
    /** Nothing was sent: the node is neither connected nor being connected to. */
    public static final long OUT_OF_REACH = Route.OUT_OF_REACH;

    /** The most nodes that are known at one time: connected, being connected to, or not long ago not reached. */
    static final int MAX_ROUTES = 16_384;

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final long FIRST_CREATION = 4; // 0 to 3 are what old nodes used
    private static final long CREATIONS = 1L << 32;

    final PeerContext context;
    private final ConcurrentHashMap<Atom, Route> routes = new ConcurrentHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile Transport.@Nullable Listener listening;

    /**
     * Makes the table; nothing is listened to or dialled yet.
     *
     * @param settings what it is made with
     * @param listener told what happens
     */
    public Peers(PeerSettings settings, PeerListener listener) {
        this.context = new PeerContext(settings, listener, this::recheckRoom);
    }

    /**
     * Listens, and publishes the node. Blocks until both are done.
     *
     * @throws io.hawser.transport.TransportException if the address cannot be listened on
     * @throws io.hawser.epmd.ResolverException if the name is taken or the directory did not answer
     * @throws IllegalArgumentException if the handshake requires a protocol on which the transport cannot agree, or the
     *     transport shows a certificate of another node
     */
    public void start() {
        PeerSettings settings = context.settings();
        try {
            settings.transport().runAs(settings.self());
            offerProtocols(settings.handshakes(), settings.transport());
            settings.transport().whenCredentialsChange(context::tellCredentialsChanged);
            Transport.Listener begun = settings.transport()
                    .listen(
                            settings.listen(),
                            settings.acceptLimits(),
                            () -> Admission.accepted(context, this::claimed));
            listening = begun;
            Duration timeout = settings.acceptLimits().setupDeadline();
            Optional<Long> assigned =
                    settings.resolver().publish(settings.self(), begun.address().getPort(), timeout);
            context.creation(assigned.orElseGet(Peers::randomCreation));
        } catch (RuntimeException e) {
            close();
            listening = null;
            throw e;
        }
    }

    private static void offerProtocols(Handshakes handshakes, Transport transport) {
        List<String> protocols = handshakes.protocols();
        boolean offered = !protocols.isEmpty() && transport.offerProtocols(protocols);
        if (!offered && handshakes.requiresProtocol()) {
            throw new IllegalArgumentException("handshake: requires one of " + protocols + ", on which transport "
                    + transport.name() + " cannot agree with a peer (expected: a TLS transport, or a handshake that"
                    + " also admits peers by OTP's proof)");
        }
    }

    /**
     * Returns where the node listens. After {@link #start()}.
     *
     * @return the address with the port in use
     */
    public InetSocketAddress address() {
        Transport.Listener begun = listening;
        if (begun == null) {
            throw new IllegalStateException("peers: not started");
        }
        return begun.address();
    }

    /**
     * Returns this node's creation. After {@link #start()}; does not change.
     *
     * @return unsigned 32 bits, above 3
     */
    public long creation() {
        if (context.creation() == 0) {
            throw new IllegalStateException("peers: not started");
        }
        return context.creation();
    }

    /**
     * Sends a signal to a node, connecting to it first when need be. Waits while more than the high-water mark is queued
     * for it. An interrupt ends the wait: the flag stays set and the signal is queued all the same. Not to be called on
     * an event loop.
     *
     * <p>After a node could not be reached, the next send tries again, though not before 50 to 1000 ms have passed: the
     * longer the more tries failed in a row. It waits queued until then. When the connection goes while a sender waits
     * for room, its signal is lost with it.
     *
     * @param node the node
     * @param signal the control message
     * @param payload what follows it; null for operations that have none
     * @return the number of the connection it leaves on, or is lost with: {@link PeerListener#onDown} or
     *     {@link PeerListener#onUnreachable} reports the end of that one
     */
    public long send(Atom node, ControlMessage signal, @Nullable Term payload) {
        return send(node, signal, payload, () -> false);
    }

    /**
     * Sends a signal as {@link #send(Atom, ControlMessage, Term)} does, for a process that may have messages to read: such
     * a one does not wait while some connection is not read from for all that lies unread in mailboxes, or two nodes could
     * wait for each other for ever. What is queued for the peer may then exceed the high-water mark by the inbound budget.
     *
     * @param node the node
     * @param signal the control message
     * @param payload what follows it; null for operations that have none
     * @param hasUnread whether the sender has messages to read; may be asked at any time while it waits, with a lock held
     * @return as there
     */
    public long send(Atom node, ControlMessage signal, @Nullable Term payload, BooleanSupplier hasUnread) {
        return offer(node, signal, payload, Outbox.Mode.WAIT, hasUnread);
    }

    /**
     * Sends a signal however much waits for the node already, and never waits; connects as {@link #send(Atom, ControlMessage,
     * Term)} does. A peer that lets more than its share of these and of answers pile up is disconnected, and what exceeds
     * that share while there is no connection is lost as if there had been one.
     *
     * @param node the node
     * @param signal the control message
     * @param payload what follows it; null for operations that have none
     * @return as {@link #send}
     */
    public long sendAsync(Atom node, ControlMessage signal, @Nullable Term payload) {
        return offer(node, signal, payload, Outbox.Mode.ANSWER, () -> false);
    }

    /**
     * Sends a signal unless the sender would have to wait.
     *
     * @param node the node
     * @param signal the control message
     * @param payload what follows it; null for operations that have none
     * @return as {@link #send}; 0 if nothing was sent
     */
    public long trySend(Atom node, ControlMessage signal, @Nullable Term payload) {
        return offer(node, signal, payload, Outbox.Mode.TRY, () -> false);
    }

    /** What becomes of a signal for which there is no room. */
    public enum Room {
        /** Its sender waits. */
        AWAIT(Outbox.Mode.WAIT),
        /** It is not sent. */
        NEEDED(Outbox.Mode.TRY),
        /** It is queued all the same, up to a bound beyond which the peer is disconnected. */
        EXCEEDED(Outbox.Mode.ANSWER);

        private final Outbox.Mode mode;

        Room(Outbox.Mode mode) {
            this.mode = mode;
        }
    }

    /**
     * Sends a signal unless that would take a new try to connect: to a node that is connected, or being connected to anyway.
     * If that comes to nothing the signal is lost.
     *
     * @param node the node
     * @param signal the control message
     * @param payload what follows it; null for operations that have none
     * @param room what to do without room
     * @param hasUnread as for {@link #send(Atom, ControlMessage, Term, BooleanSupplier)}
     * @return as there; 0 if nothing was sent because there is no room, {@link #OUT_OF_REACH} if the node is out of reach
     */
    public long sendWithinReach(
            Atom node, ControlMessage signal, @Nullable Term payload, Room room, BooleanSupplier hasUnread) {
        long sent;
        do {
            Route route = routes.get(node);
            sent = route == null ? OUT_OF_REACH : route.send(signal, payload, room.mode, Route.WITHIN_REACH, hasUnread);
        } while (sent == Route.RETIRED);
        return sent == Route.EXCEEDED ? tooMuch(node) : sent;
    }

    /**
     * Sends a signal on one connection, or to be the connection, and on no other, unless the sender would have to wait: for
     * what ends a relation that began there. When that connection is gone the signal is dropped, and nothing is connected.
     *
     * @param node the node
     * @param connection what {@link #trySend(Atom, ControlMessage, Term)} returned, or {@link PeerConnection#id()}
     * @param signal the control message
     * @param payload what follows it; null for operations that have none
     * @return false if nothing was sent because there is no room
     */
    public boolean trySend(Atom node, long connection, ControlMessage signal, @Nullable Term payload) {
        return offerOn(node, connection, signal, payload, Outbox.Mode.TRY) != Route.REFUSED;
    }

    /**
     * Sends a signal on one connection and no other, and never waits: for answers that the protocol demands, on event
     * loops too. A peer that lets more than its share of answers pile up is disconnected. When that connection is gone the
     * signal is dropped, and nothing is connected.
     *
     * @param node the node
     * @param connection as for {@link #trySend(Atom, long, ControlMessage, Term)}
     * @param signal the control message
     * @param payload what follows it; null for operations that have none
     */
    public void answer(Atom node, long connection, ControlMessage signal, @Nullable Term payload) {
        offerOn(node, connection, signal, payload, Outbox.Mode.ANSWER);
    }

    /**
     * Connects to a node unless it is connected.
     *
     * @param node the node
     * @return completes with null once it is connected; fails with {@link io.hawser.transport.TransportException},
     *     whose message is the one line that says why not
     */
    public CompletionStage<@Nullable Void> connect(Atom node) {
        for (; ; ) {
            Route route;
            try {
                route = routeTo(node);
            } catch (TransportException e) {
                return CompletableFuture.failedFuture(e);
            }
            CompletionStage<@Nullable Void> connected = route.connect();
            if (connected != null) {
                return connected;
            }
        }
    }

    /**
     * Connects to a node that a peer has named, unless it is connected: as far as the {@link io.hawser.epmd.DialPolicy} goes,
     * and when it is its turn.
     *
     * @param introducer the peer
     * @param node the node
     * @return completes with null once it is connected; fails as {@link #connect} does, with a code that is an
     *     {@link io.hawser.epmd.DialRefusal} if it was not dialled
     */
    public CompletionStage<@Nullable Void> introduce(Atom introducer, Atom node) {
        try {
            return context.introductions().begin(introducer, node, () -> routeTo(node));
        } catch (TransportException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /**
     * Closes the connection to a node. {@link PeerListener#onDown} follows.
     *
     * @param node the node
     * @return false if there was none
     */
    public boolean disconnect(Atom node) {
        Route route = routes.get(node);
        return route != null && route.disconnect();
    }

    /**
     * Returns the connections that are up.
     *
     * @return a snapshot
     */
    public List<PeerConnection> connections() {
        return routes.values().stream()
                .<PeerConnection>mapMulti((route, found) -> {
                    PeerConnection up = route.up();
                    if (up != null) {
                        found.accept(up);
                    }
                })
                .toList();
    }

    /**
     * Returns the nodes that are wanted and not connected.
     *
     * @return a snapshot
     */
    public List<PeerAttempt> attempts() {
        return routes.values().stream()
                .<PeerAttempt>mapMulti((route, found) -> {
                    PeerAttempt attempt = route.attempt();
                    if (attempt != null) {
                        found.accept(attempt);
                    }
                })
                .toList();
    }

    /** Withdraws the node, closes all connections and the transport. Can be called twice. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        context.close();
        PeerSettings settings = context.settings();
        Transport.Listener begun = listening;
        try {
            settings.resolver().close();
            if (begun != null) {
                begun.close();
            }
            routes.values().forEach(Route::close);
        } finally { // whatever the resolver does: sockets and threads go
            settings.transport().close();
        }
    }

    /** Returns how many nodes are known. */
    int routeCount() {
        return routes.size();
    }

    private void recheckRoom() {
        routes.values().forEach(route -> {
            ActiveConnection up = route.up();
            if (up != null) {
                up.recheckRoom();
            }
        });
    }

    private long offer(
            Atom node, ControlMessage signal, @Nullable Term payload, Outbox.Mode mode, BooleanSupplier hasUnread) {
        long sent;
        do {
            Route route = routes.get(node);
            if (route == null) {
                try {
                    route = routeTo(node);
                } catch (TransportException e) {
                    return lost(node, String.valueOf(e.getMessage()));
                }
            }
            sent = route.send(signal, payload, mode, Route.ANY, hasUnread);
        } while (sent == Route.RETIRED);
        return sent == Route.EXCEEDED ? tooMuch(node) : sent;
    }

    private long tooMuch(Atom node) {
        return lost(node, Printable.of(node.text()) + ": too much waits for it");
    }

    /** Returns the number of a connection that there was not, and says that it is gone. */
    private long lost(Atom node, String reason) {
        long none = context.nextConnection();
        context.tellUnreachable(node, none, reason);
        return none;
    }

    private long offerOn(Atom node, long connection, ControlMessage signal, @Nullable Term payload, Outbox.Mode mode) {
        long sent;
        do {
            Route route = routes.get(node);
            sent = route == null ? connection : route.send(signal, payload, mode, connection, () -> false);
        } while (sent == Route.RETIRED);
        return sent;
    }

    /** Returns the route to a node, made if need be; throws if there can be none. */
    Route routeTo(Atom node) {
        Route known = routes.get(node);
        if (known != null) {
            return known;
        }
        String refusal = context.refusalOf(node);
        if (closed.get()) {
            refusal = Printable.of(node.text()) + ": this node is closed";
        } else if (refusal.isEmpty() && isFull()) {
            throw new TransportException(
                    node.text() + ": " + MAX_ROUTES + " other nodes are known already (expected: fewer)",
                    null,
                    DialRefusal.TOO_MANY);
        }
        if (!refusal.isEmpty()) {
            throw new TransportException(refusal);
        }
        return route(NodeName.parse(node.text()));
    }

    /** Returns the route of a peer that says it is {@code name}; null if there is no room. */
    private @Nullable Route claimed(NodeName name) {
        Route known = routes.get(name.atom());
        return known != null || closed.get() || isFull() ? known : route(name);
    }

    private boolean isFull() {
        return routes.mappingCount() >= MAX_ROUTES;
    }

    private Route route(NodeName name) {
        Route route = routes.computeIfAbsent(
                name.atom(), atom -> new Route(context, name, idle -> routes.remove(atom, idle)));
        if (closed.get()) {
            route.close(); // close() may have passed by
        }
        return route;
    }

    private static long randomCreation() {
        return FIRST_CREATION + RANDOM.nextLong(CREATIONS - FIRST_CREATION);
    }
}
