package io.hawser.node;

import io.hawser.dist.ControlMessage;
import io.hawser.peer.PeerListener;
import io.hawser.peer.Peers;
import io.hawser.term.Atom;
import io.hawser.term.NodeName;
import io.hawser.term.Pid;
import io.hawser.term.Printable;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import io.hawser.transport.Scheduler;
import io.hawser.transport.Surroundings;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the parts of a node share: its tables, and the ways a signal goes out. Thread-safe.
 */
final class Kernel {
    private static final Logger logger = LoggerFactory.getLogger(Kernel.class);
    private static final long ROOM_POLL_NANOS = 1_000_000;

    /** Stands for the number of a connection between processes of this node. */
    static final long HERE = 0;

    /** Stands for the number of a connection that there is not, and that is not being made. */
    static final long OUT_OF_REACH = Peers.OUT_OF_REACH;

    final NodeName name;
    final Atom node;
    final SignalCarrier carrier;
    final ProcessTable processes;
    final ReferenceSource references;
    final PeerTable peers = new PeerTable();
    final NodeEvents events = new NodeEvents();
    final RateLimitedLog refusals = new RateLimitedLog(logger);
    final Scheduler scheduler;
    final Surroundings surroundings;
    private final Executor executor;
    private final AtomicLong unlinkIds = new AtomicLong();

    Kernel(
            NodeName name,
            long creation,
            SignalCarrier carrier,
            Executor executor,
            Scheduler scheduler,
            Surroundings surroundings) {
        this.name = name;
        this.node = name.atom();
        this.carrier = carrier;
        this.executor = executor;
        this.scheduler = scheduler;
        this.surroundings = surroundings;
        this.processes = new ProcessTable(node, creation);
        this.references = new ReferenceSource(node, creation);
    }

    boolean isLocal(Pid pid) {
        return pid.node().equals(node);
    }

    /** Whether there can be a node of that name: nothing is sent to any other. */
    boolean isNode(Atom other) {
        if (peers.get(other) != null) {
            return true;
        }
        try {
            NodeName.parse(other.text());
            return true;
        } catch (IllegalArgumentException e) {
            return false; // any atom may stand in {Name, Node}; this one names no node
        }
    }

    long nextUnlinkId() {
        return unlinkIds.incrementAndGet();
    }

    /** Runs a task of the user's. One that cannot be run is logged: the executor was shut down, or is full. */
    boolean execute(Runnable task) {
        try {
            executor.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            refusals.warn("{}: the executor refused a task: {}", name, e.toString());
            return false;
        }
    }

    // ---- messages

    /**
     * Sends a message.
     *
     * @param wait false to send nothing rather than wait
     * @return false if nothing was sent because the sender would have had to wait
     */
    boolean send(Pid from, Term to, Term message, boolean wait) {
        return send(from, to, message, wait ? Way.WAIT : Way.TRY, () -> false);
    }

    /**
     * Sends a message over a connection that is up, and drops it if there is none. Never waits, never connects.
     *
     * @return false if nothing was sent because the sender would have had to wait
     */
    boolean sendIfConnected(Pid from, Term to, Term message) {
        return send(from, to, message, Way.IF_CONNECTED, () -> false);
    }

    /**
     * Sends a message of a process. If that has no connections made for what it sends, a message to a node that is neither
     * connected nor being connected to goes nowhere.
     *
     * @param room what to do without room
     * @return false if nothing was sent, for want of room
     */
    boolean send(LocalProcess from, Term to, Term message, Peers.Room room, BooleanSupplier hasUnread) {
        Way way = switch (room) {
            case AWAIT -> from.isAutoConnect() ? Way.WAIT : Way.WAIT_WITHIN_REACH;
            case NEEDED -> from.isAutoConnect() ? Way.TRY : Way.TRY_WITHIN_REACH;
            case EXCEEDED -> from.isAutoConnect() ? Way.ASYNC : Way.ASYNC_WITHIN_REACH;
        };
        return send(from.pid(), to, message, way, hasUnread);
    }

    /** How a message goes to another node. */
    private enum Way {
        WAIT,
        ASYNC,
        TRY,
        WAIT_WITHIN_REACH,
        TRY_WITHIN_REACH,
        ASYNC_WITHIN_REACH,
        IF_CONNECTED
    }

    private boolean send(Pid from, Term to, Term message, Way way, BooleanSupplier hasUnread) {
        if (to instanceof Pid pid) {
            return isLocal(pid)
                    ? sendHere(processes.find(pid), message)
                    : sendThere(pid.node(), new ControlMessage.Send(from, pid), message, way, hasUnread);
        }
        if (to instanceof Atom name) {
            return sendHere(processes.named(name), message);
        }
        if (to instanceof Reference alias && alias.node().equals(node)) {
            processes.deliver(alias, message, null, 0);
            return true;
        }
        if (to instanceof Reference alias) {
            return sendThere(alias.node(), new ControlMessage.AliasSend(from, alias), message, way, hasUnread);
        }
        if (to instanceof Tuple tuple
                && tuple.arity() == 2
                && tuple.element(0) instanceof Atom name
                && tuple.element(1) instanceof Atom where) {
            return where.equals(node)
                    ? sendHere(processes.named(name), message)
                    : sendThere(where, new ControlMessage.RegSend(from, name), message, way, hasUnread);
        }
        throw new IllegalArgumentException(
                "send: to " + Printable.of(to) + " (expected: a pid, a registered name, an alias, or {Name, Node})");
    }

    private static boolean sendHere(@Nullable LocalProcess to, Term message) {
        if (to != null) {
            to.deliver(message, null, 0);
        }
        return true;
    }

    private boolean sendThere(Atom where, ControlMessage signal, Term message, Way way, BooleanSupplier hasUnread) {
        if (!isNode(where)) {
            return true;
        }
        return switch (way) {
            case WAIT -> carrier.send(where, signal, message, hasUnread) != 0;
            case ASYNC -> carrier.sendAsync(where, signal, message) != 0;
            case TRY -> carrier.trySend(where, signal, message) != 0;
            case WAIT_WITHIN_REACH -> carrier.sendWithinReach(where, signal, message, Peers.Room.AWAIT, hasUnread) != 0;
            case TRY_WITHIN_REACH -> carrier.sendWithinReach(where, signal, message, Peers.Room.NEEDED, hasUnread) != 0;
            case ASYNC_WITHIN_REACH ->
                carrier.sendWithinReach(where, signal, message, Peers.Room.EXCEEDED, hasUnread) != 0;
            case IF_CONNECTED -> {
                PeerState peer = peers.get(where);
                yield peer == null || carrier.trySend(where, peer.connection.id(), signal, message);
            }
        };
    }

    /**
     * Answers a message of a peer, or of a process here, without ever waiting. A peer may name another's process as the one
     * to answer: that peer, which asked nothing, gets the answer only if there is room, and pays for no other's requests.
     *
     * @param asker the peer that asked; null if a process here did
     */
    void reply(@Nullable PeerState asker, Pid from, Term to, Term message) {
        if (to instanceof Pid pid && !isLocal(pid)) {
            replyThere(asker, pid.node(), new ControlMessage.Send(from, pid), message);
        } else if (to instanceof Reference alias && !alias.node().equals(node)) {
            replyThere(asker, alias.node(), new ControlMessage.AliasSend(from, alias), message);
        } else {
            send(from, to, message, false);
        }
    }

    private void replyThere(@Nullable PeerState asker, Atom to, ControlMessage signal, Term message) {
        PeerState peer = peers.get(to);
        if (peer != null && asker != null && asker.node().equals(to)) {
            answer(peer, signal, message);
        } else if (peer != null) {
            carrier.trySend(to, peer.connection.id(), signal, message);
        }
    }

    // ---- other signals

    /**
     * Queues a signal of a process that begins something, with its lock held.
     *
     * @return the number of the connection it leaves on, whose end is reported to related processes; 0 if the caller is to
     *     try again once there is room; {@link #OUT_OF_REACH} if the process has no connections made and there is none
     */
    long offer(LocalProcess from, Atom to, ControlMessage signal, @Nullable Term payload) {
        long connection =
                offer(from, to, signal, payload, from.isAsyncDist() ? Peers.Room.EXCEEDED : Peers.Room.NEEDED);
        if (connection == 0 && Thread.currentThread().isInterrupted()) {
            connection = offer(from, to, signal, payload, Peers.Room.AWAIT); // does not wait: the interrupt flag is set
        }
        return connection;
    }

    private long offer(LocalProcess from, Atom to, ControlMessage signal, @Nullable Term payload, Peers.Room room) {
        if (!from.isAutoConnect()) {
            return carrier.sendWithinReach(to, signal, payload, room, () -> false);
        }
        return switch (room) {
            case AWAIT -> carrier.send(to, signal, payload, () -> false);
            case NEEDED -> carrier.trySend(to, signal, payload);
            case EXCEEDED -> carrier.sendAsync(to, signal, payload);
        };
    }

    /**
     * Queues a signal of a process that ends what began on a connection, with its lock held. When that connection is gone there
     * is nothing to end: its own end is reported.
     *
     * @return false if the caller is to try again once there is room
     */
    boolean offerOn(LocalProcess from, Atom to, long connection, ControlMessage signal, @Nullable Term payload) {
        boolean offered = carrier.trySend(to, connection, signal, payload);
        if (!offered && (from.isAsyncDist() || Thread.currentThread().isInterrupted())) {
            carrier.answer(to, connection, signal, payload);
            return true;
        }
        return offered;
    }

    /**
     * Runs an attempt with the lock of a live process held, until it succeeds: state and signal change together, and
     * nobody waits for the network with a lock held.
     */
    void whenRoom(LocalProcess process, BooleanSupplier attempt) {
        while (!attempted(process, attempt)) {
            surroundings.park(this, ROOM_POLL_NANOS);
        }
    }

    private static boolean attempted(LocalProcess process, BooleanSupplier attempt) {
        boolean[] done = {false};
        Trampoline.now(
                () -> { // the carrier may say at once that the node cannot be reached: not with the lock held
                    process.lock().lock();
                    try {
                        process.requireAlive();
                        done[0] = attempt.getAsBoolean();
                    } finally {
                        process.lock().unlock();
                    }
                });
        return done[0];
    }

    /** Queues what ends a relation that began on a connection; on any thread, without waiting. */
    void offerLast(Atom to, long connection, ControlMessage signal, @Nullable Term payload) {
        if (!carrier.trySend(to, connection, signal, payload)) {
            carrier.answer(to, connection, signal, payload);
        }
    }

    /** Answers on the connection that is up; without one there is nobody to answer. */
    void answer(@Nullable PeerState peer, ControlMessage signal, @Nullable Term payload) {
        if (peer != null) {
            carrier.answer(peer.node(), peer.connection.id(), signal, payload);
        }
    }

    /**
     * Tells the other end of a link that a process here has ended.
     *
     * @param told run once the other end was told, or cannot be
     */
    void exitLinked(Pid from, Pid to, long connection, Term reason, Runnable told) {
        if (isLocal(to)) {
            tellHere(to, other -> other.onLinkExit(from, reason), told);
        } else {
            owe(to.node(), connection, new ControlMessage.Exit(from, to), reason, told);
        }
    }

    /** Each as a task of its own: what one throws, such as that its handler cannot be started, costs no other its news. */
    private void tellHere(Pid to, Consumer<LocalProcess> signal, Runnable told) {
        Trampoline.run(() -> {
            try {
                LocalProcess other = processes.find(to);
                if (other != null) {
                    signal.accept(other);
                }
            } finally {
                told.run();
            }
        });
    }

    private void owe(Atom to, long connection, ControlMessage signal, Term reason, Runnable paid) {
        PeerState peer = peers.get(to);
        if (peer != null && peer.connection.id() == connection) {
            peer.debts.owe(this, signal, reason, paid);
        } else {
            offerLast(to, connection, signal, reason);
            paid.run();
        }
    }

    /** Tells who monitors a process here that it has ended; {@code told} is that of {@link #exitLinked}. */
    void downWatcher(
            Pid from, Term wireTarget, Pid watcher, Reference ref, long connection, Term reason, Runnable told) {
        if (isLocal(watcher)) {
            tellHere(watcher, other -> other.monitors().onDown(node, ref, reason, null, 0), told);
        } else {
            var signal = new ControlMessage.MonitorExit(wireTarget, watcher, ref);
            owe(watcher.node(), connection, signal, reason, told);
        }
    }

    void exit2(Pid from, Pid to, Term reason, LocalProcess sender) {
        if (isLocal(to)) {
            LocalProcess other = processes.find(to);
            if (other != null) {
                other.onExit2(from, reason, null, 0);
            }
        } else if (isNode(to.node())) {
            whenRoom(sender, () -> offer(sender, to.node(), new ControlMessage.Exit2(from, to), reason) != 0);
        }
    }

    /** A peer holds more links and monitors here than it may. */
    void tooMuchHeld(PeerState peer) {
        refusals.warn(
                "{}: {} links and monitors held here, {} allowed, {} to all peers together: disconnecting",
                peer.node().text(),
                peer.held(),
                PeerState.MAX_HELD,
                PeerState.MAX_HELD_BY_ALL);
        peer.connection.hangUp(peer.asker.node() + ": holds more links and monitors than it may");
    }

    /** A peer said what cannot be true. */
    void disconnectLiar(PeerState peer, String what) {
        refusals.warn("{}: {}: disconnecting", peer.asker.node(), what);
        peer.connection.hangUp(peer.asker.node() + ": " + what);
    }

    void closeFaulty(PeerState peer, Throwable fault) {
        logger.atError().addKeyValue("peer", peer.asker.node()).setCause(fault).log("signal failed: disconnecting");
        peer.connection.hangUp(peer.asker.node() + ": a signal of its failed");
    }

    /** For tests and for {@link PeerListener} parts: the peer's state, if this is the connection that is up. */
    @Nullable
    PeerState peer(io.hawser.peer.PeerConnection connection) {
        PeerState peer = peers.get(connection.node());
        return peer != null && peer.connection == connection ? peer : null;
    }
}
