package io.hawser.node;

import io.hawser.dist.ControlMessage;
import io.hawser.term.Atom;
import io.hawser.term.Pid;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The monitors of one process: those it set, and those set on it. Each ends once, with a {@code DOWN} or without; those
 * that end together end in the order they were set.
 *
 * <p>Guarded by the process's lock.
 */
final class Monitors {
    /**
     * A monitor this process set.
     *
     * @param node where the target is
     * @param wireTarget as it stands in signals: a pid or a name
     * @param object as it stands in the {@code DOWN}
     * @param connection what it was set on; {@link Kernel#HERE} if the target is of this node
     * @param here the target, if it is a process of this node
     * @param alias when the reference stops being an alias; null if it is none
     */
    private record Watch(
            Atom node,
            Term wireTarget,
            Term object,
            long connection,
            @Nullable LocalProcess here,
            @Nullable AliasMode alias) {}

    /** A monitor set on this process: the target as asked for, what it came on, and the peer that holds it. */
    private record Watcher(
            Term wireTarget, long connection, @Nullable PeerState holder) {}

    private final LocalProcess self;
    private final Map<Reference, Watch> watches = new LinkedHashMap<>(0);
    private final Map<WatcherKey, Watcher> watchers = new LinkedHashMap<>(0);
    private final ByNode<Reference> watchesByNode = new ByNode<>(); // those set at other nodes
    private final ByNode<WatcherKey> watchersByNode = new ByNode<>(); // those that other nodes set
    private @Nullable Runnable whenUnwatched;

    Monitors(LocalProcess self) {
        this.self = self;
    }

    /** Has something done, without a lock, once nobody monitors the process any more. */
    void whenUnwatched(Runnable task) {
        whenUnwatched = task;
    }

    // ---- what the process does

    Reference monitor(Term target, @Nullable AliasMode alias) {
        Kernel kernel = self.kernel;
        Address address = Address.of(kernel, target);
        Reference ref = kernel.references.next();
        if (address.isHere()) {
            watchHere(ref, address, alias);
        } else {
            watchThere(ref, address, alias);
        }
        return ref;
    }

    private void watchHere(Reference ref, Address address, @Nullable AliasMode alias) {
        LocalProcess other = address.process();
        if (other == null || !join(ref, address, other, alias)) {
            addDown(ref, address, alias, Atoms.NOPROC);
        }
    }

    private boolean join(Reference ref, Address address, LocalProcess other, @Nullable AliasMode alias) {
        TwoLocks.lock(self, other);
        try {
            self.requireAlive();
            if (other.exitReason() != null) {
                return false;
            }
            addWatch(ref, address, Kernel.HERE, other, alias);
            var watcher = new Watcher(address.wireTarget(), Kernel.HERE, null);
            other.monitors().watchers.put(new WatcherKey(self.pid(), ref), watcher);
            return true;
        } finally {
            TwoLocks.unlock(self, other);
        }
    }

    private void watchThere(Reference ref, Address address, @Nullable AliasMode alias) {
        Kernel kernel = self.kernel;
        if (!kernel.isNode(address.node())) {
            addDown(ref, address, alias, Atoms.NOCONNECTION);
            return;
        }
        boolean[] outOfReach = {false};
        kernel.whenRoom(self, () -> {
            self.relate(address.node());
            var signal = new ControlMessage.Monitor(self.pid(), address.wireTarget(), ref);
            long connection = kernel.offer(self, address.node(), signal, null);
            if (connection == 0) {
                return false;
            }
            outOfReach[0] = connection == Kernel.OUT_OF_REACH;
            if (outOfReach[0]) {
                self.unrelateUnlessRelated(address.node());
            } else {
                addWatch(ref, address, connection, null, alias);
            }
            return true;
        });
        if (outOfReach[0]) {
            addDown(ref, address, alias, Atoms.NOCONNECTION);
        }
    }

    private void addWatch(
            Reference ref, Address address, long connection, @Nullable LocalProcess here, @Nullable AliasMode alias) {
        put(ref, new Watch(address.node(), address.wireTarget(), address.object(), connection, here, alias));
        if (alias != null) {
            self.addAlias(ref);
            self.kernel.processes.addAlias(ref, self, alias == AliasMode.REPLY_DEMONITOR);
        }
    }

    /** A monitor that is down as soon as it is set. */
    private void addDown(Reference ref, Address address, @Nullable AliasMode alias, Term reason) {
        self.lock().lock();
        try {
            self.requireAlive();
            addWatch(ref, address, Kernel.HERE, null, alias);
            down(ref, reason, null, 0);
        } finally {
            self.lock().unlock();
        }
        self.receiver.wake();
    }

    /** False if there is no such monitor. */
    boolean demonitor(Reference ref) {
        Kernel kernel = self.kernel;
        boolean[] found = {false};
        LocalProcess[] here = {null};
        kernel.whenRoom(self, () -> {
            Watch watch = watches.get(ref);
            if (watch == null) {
                return true;
            }
            if (watch.here == null) {
                var signal = new ControlMessage.Demonitor(self.pid(), watch.wireTarget, ref);
                if (!kernel.offerOn(self, watch.node, watch.connection, signal, null)) {
                    return false;
                }
            }
            found[0] = true;
            here[0] = watch.here;
            takeWatch(ref);
            return true;
        });
        if (here[0] != null) {
            here[0].monitors().removeWatcher(self.pid(), ref);
        }
        return found[0];
    }

    /**
     * The first reply came through an alias for one: alias and monitor are not needed any more. With the lock held.
     *
     * @return what ends the monitor, to be run without the lock; null if it is no monitor
     */
    @Nullable
    Runnable onReply(Reference ref) {
        self.removeAlias(ref);
        self.kernel.processes.removeAlias(ref, self);
        Watch watch = takeWatch(ref);
        return watch == null ? null : () -> endWatch(ref, watch);
    }

    private void endWatch(Reference ref, Watch watch) {
        if (watch.here != null) {
            watch.here.monitors().removeWatcher(self.pid(), ref);
        } else {
            var signal = new ControlMessage.Demonitor(self.pid(), watch.wireTarget, ref);
            self.kernel.offerLast(watch.node, watch.connection, signal, null);
        }
    }

    // ---- what others do

    /** {@code MONITOR_P}. False if the process has ended. */
    boolean onMonitor(PeerState peer, Pid from, Term wireTarget, Reference ref) {
        self.lock().lock();
        try {
            if (self.exitReason() != null) {
                return false;
            }
            if (!peer.hold()) {
                self.kernel.tooMuchHeld(peer);
                return true;
            }
            self.relate(from.node());
            var key = new WatcherKey(from, ref);
            if (put(key, new Watcher(wireTarget, peer.connection.id(), peer)) != null) {
                peer.letGo();
            }
            if (wireTarget instanceof Atom) {
                peer.monitoredByName.put(key, self);
            }
            return true;
        } finally {
            self.lock().unlock();
        }
    }

    /** {@code DEMONITOR_P}, from here or from a peer. */
    void removeWatcher(Pid from, Reference ref) {
        Runnable task = null;
        self.lock().lock();
        try {
            if (self.exitReason() != null) {
                return;
            }
            var key = new WatcherKey(from, ref);
            if (dropWatcher(key)) {
                task = watchers.isEmpty() ? whenUnwatched : null;
            }
        } finally {
            self.lock().unlock();
        }
        if (task != null) {
            task.run();
        }
    }

    /**
     * {@code MONITOR_P_EXIT}. From a peer only for what was set there.
     *
     * @param peer whose connection the signal came on; null if it came from here
     * @return whether its bytes now lie in the mailbox, which gives them back
     */
    boolean onDown(Atom node, Reference ref, Term reason, @Nullable PeerState peer, int heapBytes) {
        self.lock().lock();
        try {
            Watch watch = watches.get(ref);
            if (self.exitReason() != null || watch == null || !watch.node.equals(node)) {
                return false;
            }
            down(ref, reason, peer, heapBytes);
        } finally {
            self.lock().unlock();
        }
        self.receiver.wake();
        return true;
    }

    // ---- with the lock held

    /**
     * Ends the monitors set on a connection. The caller wakes the receiver, and runs what is returned without the lock.
     */
    @Nullable
    Runnable onConnectionGone(Atom node, long connection) {
        for (Reference ref : watchesByNode.of(node)) {
            Watch watch = watches.get(ref);
            if (watch != null && watch.connection == connection) {
                down(ref, Atoms.NOCONNECTION, null, 0);
            }
        }
        boolean removed = false;
        for (WatcherKey key : watchersByNode.of(node)) {
            Watcher watcher = watchers.get(key);
            if (watcher != null && watcher.connection == connection) {
                removed |= dropWatcher(key);
            }
        }
        return removed && watchers.isEmpty() ? whenUnwatched : null;
    }

    boolean isRelatedTo(Atom node) {
        return watchesByNode.has(node) || watchersByNode.has(node);
    }

    /** A monitor that a spawn set up on the new process. */
    void addSpawnedWatcher(Pid from, Reference ref, long connection) {
        put(new WatcherKey(from, ref), new Watcher(self.pid(), connection, null));
    }

    /** A monitor that a spawn request set up for the requester. */
    void addSpawnedWatch(Reference ref, Pid target, long connection, @Nullable LocalProcess here) {
        put(ref, new Watch(target.node(), target, target, connection, here, null));
    }

    private void put(Reference ref, Watch watch) {
        watches.put(ref, watch);
        if (watch.connection != Kernel.HERE) {
            watchesByNode.add(watch.node, ref);
        }
    }

    /** Returns the one it takes the place of. */
    private @Nullable Watcher put(WatcherKey key, Watcher watcher) {
        if (watcher.connection != Kernel.HERE) {
            watchersByNode.add(key.watcher().node(), key);
        }
        return watchers.put(key, watcher);
    }

    /** False if there is no such monitor. */
    private boolean dropWatcher(WatcherKey key) {
        Watcher watcher = watchers.remove(key);
        watchersByNode.remove(key.watcher().node(), key);
        if (watcher != null && watcher.holder != null) {
            watcher.holder.monitoredByName.remove(key);
            watcher.holder.letGo();
        }
        return watcher != null;
    }

    private void down(Reference ref, Term reason, @Nullable PeerState peer, int heapBytes) {
        Watch watch = takeWatch(ref);
        if (watch != null) {
            self.receiver.add(new Message.Down(ref, watch.object, reason), peer, heapBytes);
        }
    }

    private @Nullable Watch takeWatch(Reference ref) {
        Watch watch = watches.remove(ref);
        if (watch != null) {
            watchesByNode.remove(watch.node, ref);
        }
        if (watch != null && watch.alias != null && watch.alias != AliasMode.EXPLICIT_UNALIAS) {
            self.removeAlias(ref);
            self.kernel.processes.removeAlias(ref, self);
        }
        return watch;
    }

    // ---- after the end

    /** @param debts counts what is not paid yet */
    void onEnd(Term reason, LocalProcess.Unpaid debts) {
        watchers.forEach((key, watcher) -> {
            PeerState holder = watcher.holder;
            if (holder != null) {
                holder.monitoredByName.remove(key);
            }
            Runnable told = debts.add(holder);
            self.kernel.downWatcher(
                    self.pid(), watcher.wireTarget, key.watcher(), key.ref(), watcher.connection, reason, told);
        });
        watches.forEach(this::endWatch);
    }
}
