package io.hawser.node;

import io.hawser.dist.ControlMessage;
import io.hawser.peer.PeerConnection;
import io.hawser.peer.PeerListener;
import io.hawser.term.Atom;
import io.hawser.term.Pid;
import io.hawser.term.Printable;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.transport.RefusalCode;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What peers do to this node: the one place where signals come in, are checked against the sender and the
 * {@link SignalPolicy}, and take effect.
 *
 * <p>Thread-safe. Called on event loops; blocks nowhere.
 */
final class InboundSignals implements PeerListener {
    private final Supplier<Kernel> kernels;
    private final SignalPolicy policy;
    private final Supplier<Spawner> spawners;
    private final Lookout lookout;

    /** The suppliers make what they give when first asked: a peer may come before the node has finished starting. */
    InboundSignals(Supplier<Kernel> kernels, SignalPolicy policy, Supplier<Spawner> spawners, Lookout lookout) {
        this.lookout = lookout;
        this.kernels = kernels;
        this.policy = policy;
        this.spawners = spawners;
    }

    // ---- connections

    @Override
    public void onUp(PeerConnection connection) {
        Kernel kernel = kernels.get();
        PeerState peer = kernel.peers.add(connection);
        kernel.events.tell(peer.hidden, new Message.NodeUp(connection.node()));
        lookout.onUp(peer);
    }

    @Override
    public void onDown(PeerConnection connection, String reason) {
        Trampoline.run(() -> {
            Kernel kernel = kernels.get();
            PeerState peer = kernel.peer(connection);
            kernel.peers.remove(connection);
            gone(connection.node(), connection.id());
            Atom ending = endingOf(connection);
            kernel.events.tell(connection.peer().isHidden(), new Message.NodeDown(connection.node(), ending));
            if (peer != null) {
                lookout.onDown(peer, ending, reason);
            }
        });
    }

    private static Atom endingOf(PeerConnection connection) {
        return Atom.of(connection.ending().name().toLowerCase(Locale.ROOT));
    }

    @Override
    public void onUnreachable(Atom node, long connection, String reason) {
        Trampoline.run(() -> {
            gone(node, connection);
            lookout.onUnreachable(node, reason);
        });
    }

    // ---- what is only looked at

    @Override
    public void onSuspicion(PeerConnection connection, boolean suspected, double phi, long silenceNanos) {
        lookout.onSuspicion(connection, suspected, phi, silenceNanos);
    }

    @Override
    public void onRefused(String remote, String reason, @Nullable RefusalCode code) {
        lookout.onRefused(remote, reason, code);
    }

    @Override
    public void onCredentialsChanged(Instant ends) {
        lookout.onCredentialsChanged(ends);
    }

    @Override
    public void onHandshake(String remote, boolean dialled, long nanos, @Nullable String failure) {
        lookout.onHandshake(remote, dialled, nanos, failure);
    }

    @Override
    public void onPaused(PeerConnection connection, long nanos) {
        lookout.onPaused(connection, nanos);
    }

    @Override
    public void onSenderWaited(PeerConnection connection, long nanos, long queuedBytes) {
        lookout.onSenderWaited(connection, nanos, queuedBytes);
    }

    @Override
    public void onLargeMessage(PeerConnection connection, int heapBytes) {
        lookout.onLargeMessage(connection, heapBytes);
    }

    @Override
    public void onLate(PeerConnection connection, long nanos) {
        lookout.onLate(connection, nanos);
    }

    // ---- what ends with a connection

    /**
     * Ends what began on a connection. May be called with a process's lock held, by way of a signal it sent: hence the
     * trampoline. What began since on the next connection stays.
     */
    private void gone(Atom node, long connection) {
        kernels.get().peers.related(node).forEach(process -> process.onConnectionGone(node, connection));
        spawners.get().onConnectionGone(node, connection);
    }

    // ---- signals

    @Override
    public void onSignal(PeerConnection connection, ControlMessage signal, @Nullable Term payload, int heapBytes) {
        Kernel kernel = kernels.get();
        PeerState peer = kernel.peer(connection);
        boolean kept = false;
        if (peer != null) {
            try {
                kept = take(kernel, peer, signal, payload, heapBytes);
            } catch (RuntimeException e) {
                kernel.closeFaulty(peer, e);
            }
        }
        if (!kept) {
            connection.consumed(heapBytes);
        }
    }

    /** Returns whether the bytes now lie in a mailbox, which gives them back. */
    private boolean take(Kernel kernel, PeerState peer, ControlMessage signal, @Nullable Term payload, int heapBytes) {
        if (signal instanceof ControlMessage.Send s) {
            return isSender(kernel, peer, s.from(), "message") && onMessage(kernel, peer, s.to(), payload, heapBytes);
        }
        if (signal instanceof ControlMessage.RegSend s) {
            return isSender(kernel, peer, s.from(), "message") && onMessage(kernel, peer, s.to(), payload, heapBytes);
        }
        if (signal instanceof ControlMessage.AliasSend s) {
            return isSender(kernel, peer, s.from(), "message") && onMessage(kernel, peer, s.to(), payload, heapBytes);
        }
        boolean[] kept = {false};
        Trampoline.now(() -> {
            if (signal.hasPayload()) {
                kept[0] = takeReason(kernel, peer, signal, required(payload), heapBytes);
            } else {
                takeOther(kernel, peer, signal);
            }
        });
        return kept[0];
    }

    /** What may become a message that brings a reason, which is as large as the peer likes. Returns as {@link #take}. */
    private boolean takeReason(Kernel kernel, PeerState peer, ControlMessage signal, Term payload, int heapBytes) {
        if (signal instanceof ControlMessage.Exit s) {
            LocalProcess to = target(kernel, peer, s.from(), s.to(), "exit");
            return to != null && to.onLinkExit(s.from(), peer.connection.id(), payload, peer, heapBytes);
        } else if (signal instanceof ControlMessage.Exit2 s) {
            LocalProcess to = target(kernel, peer, s.from(), s.to(), "exit/2");
            return to != null
                    && may(kernel, peer, SignalPolicy.Operation.EXIT, s.to())
                    && to.onExit2(s.from(), payload, peer, heapBytes);
        } else if (signal instanceof ControlMessage.AliasExit s) {
            LocalProcess to = isSender(kernel, peer, s.from(), "exit/2") ? kernel.processes.owner(s.to()) : null;
            return to != null
                    && may(kernel, peer, SignalPolicy.Operation.EXIT, s.to())
                    && to.onExit2(s.from(), payload, peer, heapBytes);
        } else if (signal instanceof ControlMessage.MonitorExit s) {
            return onMonitorExit(kernel, peer, s, payload, heapBytes);
        } else if (signal instanceof ControlMessage.SpawnRequest s
                && isSender(kernel, peer, s.from(), "spawn request")) {
            spawners.get().onRequest(peer, s, payload);
        }
        return false;
    }

    private void takeOther(Kernel kernel, PeerState peer, ControlMessage signal) {
        if (signal instanceof ControlMessage.Link s) {
            onLink(kernel, peer, s);
        } else if (signal instanceof ControlMessage.UnlinkId s) {
            onUnlinkId(kernel, peer, s);
        } else if (signal instanceof ControlMessage.UnlinkIdAck s) {
            LocalProcess to = target(kernel, peer, s.from(), s.to(), "unlink acknowledgement");
            if (to != null) {
                to.links().onUnlinkIdAck(s.id(), s.from());
            }
        } else if (signal instanceof ControlMessage.Unlink s) {
            LocalProcess to = target(kernel, peer, s.from(), s.to(), "unlink");
            if (to != null) {
                to.links().onUnlink(peer, s.from());
            }
        } else if (signal instanceof ControlMessage.Monitor s) {
            onMonitor(kernel, peer, s);
        } else if (signal instanceof ControlMessage.Demonitor s) {
            onDemonitor(kernel, peer, s);
        } else if (signal instanceof ControlMessage.SpawnReply s) {
            spawners.get().onReply(peer, s);
        }
        // GROUP_LEADER: processes here have none to change
    }

    private boolean onMessage(Kernel kernel, PeerState peer, Term target, @Nullable Term payload, int heapBytes) {
        peer.countMessage();
        if (!may(kernel, peer, SignalPolicy.Operation.SEND, target)) {
            return false;
        }
        Term message = required(payload);
        if (target instanceof Reference alias) {
            return kernel.processes.deliver(alias, message, peer, heapBytes);
        }
        LocalProcess to = target instanceof Pid pid ? peer.find(kernel, pid) : kernel.processes.named((Atom) target);
        if (to == null) {
            return false; // to nobody: no error, as in Erlang
        }
        to.deliver(message, peer, heapBytes);
        return true;
    }

    private void onLink(Kernel kernel, PeerState peer, ControlMessage.Link signal) {
        if (!isSender(kernel, peer, signal.from(), "link")) {
            return;
        }
        LocalProcess to = find(kernel, signal.to());
        if (to == null
                || !may(kernel, peer, SignalPolicy.Operation.LINK, signal.to())
                || !to.links().onLink(peer, signal.from())) {
            kernel.answer(peer, new ControlMessage.Exit(signal.to(), signal.from()), Atoms.NOPROC);
        }
    }

    private void onUnlinkId(Kernel kernel, PeerState peer, ControlMessage.UnlinkId signal) {
        if (!isSender(kernel, peer, signal.from(), "unlink")) {
            return;
        }
        LocalProcess to = find(kernel, signal.to());
        if (to != null) {
            to.links().onUnlinkId(peer, signal.id(), signal.from());
        } else {
            var ack = new ControlMessage.UnlinkIdAck(signal.id(), signal.to(), signal.from());
            kernel.answer(peer, ack, null);
        }
    }

    private void onMonitor(Kernel kernel, PeerState peer, ControlMessage.Monitor signal) {
        if (!isSender(kernel, peer, signal.from(), "monitor")) {
            return;
        }
        LocalProcess to = monitored(kernel, signal.target());
        if (to == null
                || !may(kernel, peer, SignalPolicy.Operation.MONITOR, signal.target())
                || !to.monitors().onMonitor(peer, signal.from(), signal.target(), signal.ref())) {
            var down = new ControlMessage.MonitorExit(signal.target(), signal.from(), signal.ref());
            kernel.answer(peer, down, Atoms.NOPROC);
        }
    }

    private void onDemonitor(Kernel kernel, PeerState peer, ControlMessage.Demonitor signal) {
        if (!isSender(kernel, peer, signal.from(), "demonitor")) {
            return;
        }
        // a name may have gone to another process since
        LocalProcess to = signal.target() instanceof Pid pid
                ? find(kernel, pid)
                : peer.monitoredByName.get(new WatcherKey(signal.from(), signal.ref()));
        if (to != null) {
            to.monitors().removeWatcher(signal.from(), signal.ref());
        }
    }

    private boolean onMonitorExit(
            Kernel kernel, PeerState peer, ControlMessage.MonitorExit signal, Term reason, int heapBytes) {
        boolean peers = !(signal.from() instanceof Pid from) || isSender(kernel, peer, from, "monitor exit");
        LocalProcess to = find(kernel, signal.to());
        return peers && to != null && to.monitors().onDown(peer.node(), signal.ref(), reason, peer, heapBytes);
    }

    // ---- checks

    private static @Nullable LocalProcess find(Kernel kernel, Pid pid) {
        return kernel.isLocal(pid) ? kernel.processes.find(pid) : null;
    }

    private static @Nullable LocalProcess monitored(Kernel kernel, Term target) {
        if (target instanceof Pid pid) {
            return find(kernel, pid);
        }
        return target instanceof Atom name ? kernel.processes.named(name) : null;
    }

    private @Nullable LocalProcess target(Kernel kernel, PeerState peer, Pid from, Pid to, String what) {
        return isSender(kernel, peer, from, what) ? find(kernel, to) : null;
    }

    /** A peer speaks for its own processes only. The old SEND names no sender. */
    private static boolean isSender(Kernel kernel, PeerState peer, @Nullable Pid from, String what) {
        if (from == null || from.node().equals(peer.node())) {
            return true;
        }
        kernel.refusals.warn(
                "{}: {} from {}, which is not a process of that node: dropped",
                peer.asker.node(),
                what,
                Printable.of(from));
        return false;
    }

    private boolean may(Kernel kernel, PeerState peer, SignalPolicy.Operation operation, Term target) {
        return allowed(kernel, policy, peer, operation, target);
    }

    /** Asks the policy; one that throws has refused. */
    static boolean allowed(
            Kernel kernel, SignalPolicy policy, PeerState peer, SignalPolicy.Operation operation, Term target) {
        try {
            if (policy.allows(peer.asker, operation, target)) {
                return true;
            }
            kernel.refusals.warn("{}: {} of {} refused by policy", peer.asker.node(), operation, Printable.of(target));
        } catch (RuntimeException e) {
            kernel.refusals.warn("{}: policy failed, {} refused: {}", peer.asker.node(), operation, e.toString());
        }
        return false;
    }

    private static Term required(@Nullable Term payload) {
        return Objects.requireNonNull(payload, "payload");
    }
}
