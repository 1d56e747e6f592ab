package io.hawser.peer;

import io.hawser.handshake.ConnectionArbiter;
import io.hawser.handshake.Handshake;
import io.hawser.handshake.HandshakeContext;
import io.hawser.handshake.HandshakeException;
import io.hawser.handshake.Peer;
import io.hawser.handshake.Step;
import io.hawser.term.NodeName;
import io.hawser.term.Printable;
import io.hawser.transport.Connection;
import io.hawser.transport.ConnectionHandler;
import io.hawser.transport.RefusalCode;
import io.hawser.transport.TransportException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One connection from its first packet on: runs the handshake, asks the route whether the connection may live, and once
 * it is up hands everything to its {@link ActiveConnection}.
 *
 * <p>Confined to the connection's event loop, but for {@link #abandon}, {@link #proceed} and the claim, which the route
 * guards.
 */
final class Admission implements ConnectionHandler, ConnectionArbiter {
    private static final int MAX_HELD_BYTES = 1024 * 1024;

    private final PeerContext context;
    private final Function<NodeName, @Nullable Route> routes;
    private final @Nullable Route dialledRoute;

    private volatile @Nullable Connection connection;
    private volatile @Nullable TransportException abandoned;
    private volatile long claim;

    private @Nullable Route route;
    private @Nullable Handshake handshake;
    private @Nullable HandshakeException failure;
    private @Nullable HandshakeException peerClosed; // what it means if it was the peer
    private @Nullable Step lastStep; // admitted, and waiting for the connection before this one to end
    private final ArrayDeque<ByteBuffer> held = new ArrayDeque<>(1);
    private int heldBytes;
    private @Nullable ActiveConnection active;

    private Admission(PeerContext context, Function<NodeName, @Nullable Route> routes, @Nullable Route dialledRoute) {
        this.context = context;
        this.routes = routes;
        this.dialledRoute = dialledRoute;
        this.route = dialledRoute;
    }

    /**
     * Makes the handler of a connection that was accepted.
     *
     * @param context what the node's connections share
     * @param routes finds the route for a name, or makes it; null when there is no room
     */
    static Admission accepted(PeerContext context, Function<NodeName, @Nullable Route> routes) {
        return new Admission(context, routes, null);
    }

    /** Makes the handler of a connection that a route dials. */
    static Admission dialled(PeerContext context, Route route) {
        return new Admission(context, name -> null, route);
    }

    /** Returns when it was claimed, counted on its route: a higher number is newer. */
    long claim() {
        return claim;
    }

    /** Sets it. Called under the route's lock. */
    void claim(long number) {
        claim = number;
    }

    @Override
    public void onOpen(Connection opened) {
        connection = opened;
        TransportException reason = abandoned;
        if (reason != null || context.creation() == 0) {
            opened.close(reason);
            return;
        }
        guarded(() -> {
            var begun = new HandshakeContext(
                    context.settings().self(),
                    context.creation(),
                    context.settings().flags(),
                    Optional.ofNullable(dialledRoute).map(Route::name),
                    opened.peer(),
                    this);
            Handshake made = dialledRoute != null
                    ? context.settings().handshakes().initiator(begun)
                    : context.settings().handshakes().acceptor(begun);
            handshake = made;
            apply(opened, made.start());
        });
    }

    @Override
    public void onPacket(ByteBuffer packet) {
        if (active != null) {
            active.onPacket(packet);
        } else if (lastStep != null) {
            hold(packet);
        } else if (failure == null && abandoned == null) {
            guarded(() -> apply(opened(), begun().onPacket(packet)));
        }
    }

    @Override
    public void onReadComplete() {
        if (active != null) {
            active.onReadComplete();
        }
    }

    @Override
    public void onActivity() {
        if (active != null) {
            active.onActivity();
        }
    }

    @Override
    public void onReady() {
        if (active != null) {
            active.onReady();
        }
    }

    private void guarded(Runnable action) {
        try {
            action.run();
        } catch (HandshakeException e) {
            refuse(e);
        } catch (RuntimeException e) {
            refuse(new HandshakeException(HandshakeException.Reason.PROTOCOL, "handshake: " + e));
        }
    }

    private void refuse(HandshakeException e) {
        Connection refused = opened();
        failure = e;
        if (dialledRoute == null
                && e.reason() != HandshakeException.Reason.SUPERSEDED) { // a dial's failure is the route's
            context.rejections().warn(refused.peer().description(), messageOf(e), e.reason());
            context.tellRefused(refused.peer().description(), messageOf(e), e.reason());
        }
        tellHandshake(refused, refused.peer().description(), messageOf(e));
        e.farewell().forEach(refused::sendHandshake);
        refused.close(new TransportException(messageOf(e), e, e.reason()));
    }

    private void apply(Connection on, Step step) {
        Optional<Peer> admitted = step.admitted();
        if (admitted.isEmpty()) {
            send(on, step);
            receive(on, step);
            return;
        }
        Route to = route;
        if (to == null || !to.name().equals(admitted.get().name())) {
            throw new HandshakeException(
                    HandshakeException.Reason.NAME_MISMATCH,
                    Printable.of(admitted.get().name() + ": admitted without a claim to that name"));
        }
        receive(on, step);
        lastStep = step;
        switch (to.admit(this)) {
            case GO -> finish();
            case WAIT -> on.reading(false);
            case SUPERSEDED -> {
                lastStep = null;
                throw superseded(to);
            }
        }
    }

    private static HandshakeException superseded(Route route) {
        return new HandshakeException(
                HandshakeException.Reason.SUPERSEDED, route.name() + ": another connection to it goes on instead");
    }

    private static void send(Connection on, Step step) {
        step.send().forEach(on::sendHandshake);
        if (step.lastSent()) {
            on.outboundConnected();
        }
    }

    private void receive(Connection on, Step step) {
        if (step.lastReceived()) {
            on.inboundConnected(context.settings().maxPacketBytes());
        }
    }

    /** The connection before this one has ended. Any thread. */
    void proceed() {
        Connection on = connection;
        if (on != null) {
            on.execute(() -> {
                if (lastStep != null) {
                    on.reading(true);
                    finish();
                }
            });
        }
    }

    private void finish() {
        Connection on = opened();
        Step step = lastStep;
        Route to = route;
        if (step == null || to == null) {
            return;
        }
        lastStep = null;
        send(on, step);
        on.admitted();
        var made = new ActiveConnection(
                context, to, on, step.admitted().orElseThrow(), to.nextConnection(), claim, dialledRoute != null);
        if (!to.up(this, made)) {
            refuse(superseded(to));
            return;
        }
        active = made;
        tellHandshake(on, to.name().toString(), null);
        context.tellUp(made);
        to.connected();
        made.begin();
        while (!held.isEmpty()) {
            made.onPacket(held.remove());
        }
        made.onReadComplete();
    }

    /** Keeps a packet that came before the connection ahead of this one ended; few do, as reading is stopped. */
    private void hold(ByteBuffer packet) {
        heldBytes += packet.remaining();
        if (heldBytes > MAX_HELD_BYTES) {
            opened().close(new TransportException("more than " + MAX_HELD_BYTES + " bytes right after the handshake"));
            return;
        }
        held.add(ByteBuffer.allocate(packet.remaining()).put(packet).flip());
    }

    @Override
    public Verdict onClaim(NodeName peer, long flags) {
        if (!context.refusalOf(peer).isEmpty()) {
            return Verdict.NOT_ALLOWED;
        }
        Verdict verdict = null;
        while (verdict == null) {
            Route found = routes.apply(peer);
            if (found == null) {
                return Verdict.NOT_ALLOWED;
            }
            verdict = found.claim(this);
            if (verdict != null && verdict != Verdict.NOK) {
                route = found;
            }
        }
        return verdict;
    }

    @Override
    public boolean isStillWanted() {
        return dialledRoute != null && dialledRoute.wants(this);
    }

    /**
     * Gives the connection up: closes it now, or as soon as it opens. Any thread.
     *
     * @param reason why
     */
    void abandon(TransportException reason) {
        abandoned = reason;
        Connection on = connection;
        if (on != null) {
            on.close(reason);
        }
    }

    @Override
    public void onClosed(@Nullable TransportException cause) {
        Route to = route;
        lastStep = null;
        if (handshake != null && failure == null && active == null) {
            peerClosed = handshake.onClosed();
        }
        if (failure == null && active == null) {
            tellHandshake(
                    connection,
                    dialledRoute != null ? dialledRoute.name().toString() : "not known",
                    reasonBeforeAdmission(cause));
        }
        if (active != null) {
            ActiveConnection ended = active;
            String reason = reasonOf(cause, "the peer closed the connection");
            ended.onClosed(cause, () -> ended.route().down(ended, reason));
        } else if (to != null && dialledRoute != null) {
            to.dialEnded(this, PeerContext.about(to.name(), reasonBeforeAdmission(cause)), codeOf(cause), endOf(cause));
        } else {
            logUnadmitted(cause);
            if (to != null) {
                to.claimEnded(this);
            }
        }
    }

    /** @param on null if the transport's own handshake failed, and how long it took is not known */
    private void tellHandshake(@Nullable Connection on, String remote, @Nullable String failed) {
        long nanos = on == null ? 0 : Math.max(0, context.now() - on.startedNanos());
        context.tellHandshake(remote, dialledRoute != null, nanos, failed);
    }

    private Route.End endOf(@Nullable TransportException cause) {
        if (failure != null && failure.reason() == HandshakeException.Reason.SUPERSEDED) {
            return Route.End.SUPERSEDED;
        }
        return failure == null && cause == null ? Route.End.HUNG_UP : Route.End.FAILED;
    }

    private void logUnadmitted(@Nullable TransportException cause) {
        Connection on = connection;
        if (failure == null && abandoned == null && (cause != null || handshake != null)) {
            String remote = on != null ? on.peer().description() : "not known";
            context.rejections().warn(remote, reasonBeforeAdmission(cause), codeOf(cause));
            context.tellRefused(remote, reasonBeforeAdmission(cause), codeOf(cause));
        }
    }

    private String reasonBeforeAdmission(@Nullable TransportException cause) {
        if (failure != null) {
            return messageOf(failure);
        }
        if (cause == null && peerClosed != null) {
            return messageOf(peerClosed);
        }
        return reasonOf(cause, "the peer closed the connection before the handshake");
    }

    private @Nullable RefusalCode codeOf(@Nullable TransportException cause) {
        if (failure != null) {
            return failure.reason();
        }
        return cause == null ? null : cause.code().orElse(null);
    }

    private static String reasonOf(@Nullable TransportException cause, String otherwise) {
        return cause != null ? messageOf(cause) : otherwise;
    }

    private static String messageOf(RuntimeException e) {
        String message = e.getMessage();
        return message != null ? message : e.toString();
    }

    private Connection opened() {
        Connection on = connection;
        if (on == null) {
            throw new IllegalStateException("connection: not open yet");
        }
        return on;
    }

    private Handshake begun() {
        if (handshake == null) {
            throw new IllegalStateException("handshake: not begun yet");
        }
        return handshake;
    }
}
