package io.hawser.node;

import io.hawser.dist.ControlMessage;
import io.hawser.term.Atom;
import io.hawser.term.Pid;
import io.hawser.term.Term;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The links of one process. A link to a process of this node is in both tables or in neither; a link to another node's
 * follows the link protocol: after {@code unlink} it stays, inactive, until the peer acknowledges, so that an exit signal
 * on its way is known to be stale.
 *
 * <p>Guarded by the process's lock.
 *
 * @see <a href="https://www.erlang.org/doc/apps/erts/erl_dist_protocol.html#link-protocol">Link protocol</a>
 */
final class Links {
    /** One link; inactive while an unlink id waits for its acknowledgement. */
    private static final class Link {
        /** The connection it was made on; {@link Kernel#HERE} between processes of this node. */
        long connection;

        long unlinkId;

        @Nullable
        PeerState holder;

        Link(long connection) {
            this.connection = connection;
        }

        boolean isActive() {
            return unlinkId == 0;
        }
    }

    private final LocalProcess self;
    private final Map<Pid, Link> table = new LinkedHashMap<>(0);
    private final ByNode<Pid> byNode = new ByNode<>(); // those to other nodes

    Links(LocalProcess self) {
        this.self = self;
    }

    // ---- what the process does

    void link(Pid target) {
        if (target.equals(self.pid())) {
            self.requireAlive();
        } else if (self.kernel.isLocal(target)) {
            linkHere(target);
        } else {
            linkThere(target);
        }
    }

    private void linkHere(Pid target) {
        LocalProcess other = self.kernel.processes.find(target);
        if (other == null || !join(other)) {
            self.onLinkFailed(target, Atoms.NOPROC);
        }
    }

    /** Links two processes of this node; false if the other one has ended. */
    boolean join(LocalProcess other) {
        TwoLocks.lock(self, other);
        try {
            self.requireAlive();
            if (other.exitReason() != null) {
                return false;
            }
            table.putIfAbsent(other.pid(), new Link(Kernel.HERE));
            other.links().table.putIfAbsent(self.pid(), new Link(Kernel.HERE));
            return true;
        } finally {
            TwoLocks.unlock(self, other);
        }
    }

    private void linkThere(Pid target) {
        Kernel kernel = self.kernel;
        if (!kernel.isNode(target.node())) {
            self.requireAlive();
            self.onLinkFailed(target, Atoms.NOCONNECTION);
            return;
        }
        boolean[] outOfReach = {false};
        kernel.whenRoom(self, () -> {
            Link link = table.get(target);
            if (link != null && link.isActive()) {
                return true;
            }
            self.relate(target.node());
            long connection = kernel.offer(self, target.node(), new ControlMessage.Link(self.pid(), target), null);
            if (connection == 0) {
                return false;
            }
            outOfReach[0] = connection == Kernel.OUT_OF_REACH;
            if (outOfReach[0]) {
                self.unrelateUnlessRelated(target.node());
            } else if (link != null) {
                link.unlinkId = 0;
                link.connection = connection;
            } else {
                put(target, new Link(connection));
            }
            return true;
        });
        if (outOfReach[0]) {
            self.onLinkFailed(target, Atoms.NOCONNECTION);
        }
    }

    void unlink(Pid target) {
        if (self.kernel.isLocal(target)) {
            unlinkHere(target);
        } else {
            unlinkThere(target);
        }
    }

    private void unlinkHere(Pid target) {
        self.lock().lock();
        try {
            self.requireAlive();
            if (table.remove(target) == null) {
                return;
            }
        } finally {
            self.lock().unlock();
        }
        LocalProcess other = self.kernel.processes.find(target);
        if (other != null) {
            other.links().forget(self.pid());
        }
    }

    private void forget(Pid other) {
        self.lock().lock();
        try {
            dropIf(other, link -> true);
        } finally {
            self.lock().unlock();
        }
    }

    private void unlinkThere(Pid target) {
        Kernel kernel = self.kernel;
        kernel.whenRoom(self, () -> {
            Link link = table.get(target);
            if (link == null || !link.isActive()) {
                return true;
            }
            long id = kernel.nextUnlinkId();
            var signal = new ControlMessage.UnlinkId(id, self.pid(), target);
            if (!kernel.offerOn(self, target.node(), link.connection, signal, null)) {
                return false;
            }
            link.unlinkId = id;
            return true;
        });
    }

    // ---- what peers do

    /** {@code LINK}. False if the process has ended, unless its exit signal is on its way to the other one already. */
    boolean onLink(PeerState peer, Pid from) {
        endStale(peer, from);
        self.lock().lock();
        try {
            if (self.exitReason() != null) {
                Link link = table.get(from);
                return link != null && link.isActive() && link.connection == peer.connection.id();
            }
            if (!table.containsKey(from)) {
                if (!peer.hold()) {
                    self.kernel.tooMuchHeld(peer);
                    return true;
                }
                self.relate(from.node());
                var link = new Link(peer.connection.id());
                link.holder = peer;
                put(from, link);
            }
            return true;
        } finally {
            self.lock().unlock();
        }
    }

    /** Ends a link to a process whose node has connected again, if the report of the lost connection is still to come. */
    private void endStale(PeerState peer, Pid from) {
        long stale;
        self.lock().lock();
        try {
            Link link = table.get(from);
            if (link == null || link.connection >= peer.connection.id()) {
                return;
            }
            stale = link.connection;
        } finally {
            self.lock().unlock();
        }
        self.onConnectionGone(peer.node(), stale);
    }

    /** {@code UNLINK_ID}: the acknowledgement is queued before anything else can be said to the sender. */
    void onUnlinkId(PeerState peer, long id, Pid from) {
        self.lock().lock();
        try {
            dropIf(from, link -> link.isActive() && link.connection == peer.connection.id());
            self.kernel.answer(peer, new ControlMessage.UnlinkIdAck(id, self.pid(), from), null);
        } finally {
            self.lock().unlock();
        }
    }

    /** {@code UNLINK}, the obsolete form. */
    void onUnlink(PeerState peer, Pid from) {
        self.lock().lock();
        try {
            dropIf(from, link -> link.isActive() && link.connection == peer.connection.id());
        } finally {
            self.lock().unlock();
        }
    }

    /** {@code UNLINK_ID_ACK}. */
    void onUnlinkIdAck(long id, Pid from) {
        self.lock().lock();
        try {
            dropIf(from, link -> !link.isActive() && link.unlinkId == id);
        } finally {
            self.lock().unlock();
        }
    }

    /** Whether there is a link that works; for tests. */
    boolean hasActive(Pid other) {
        self.lock().lock();
        try {
            Link link = table.get(other);
            return link != null && link.isActive();
        } finally {
            self.lock().unlock();
        }
    }

    // ---- with the lock held

    /** Removes a link on certain terms, unless the process has ended: then {@link #onEnd} reads the table without a lock. */
    private void dropIf(Pid other, Predicate<Link> wanted) {
        Link link = table.get(other);
        if (self.exitReason() == null && link != null && wanted.test(link)) {
            remove(other, link);
        }
    }

    private void put(Pid other, Link link) {
        table.put(other, link);
        if (link.connection != Kernel.HERE) {
            byNode.add(other.node(), other);
        }
    }

    private void remove(Pid other, Link link) {
        table.remove(other);
        byNode.remove(other.node(), other);
        drop(link);
    }

    /** Takes the link of an exit signal; false if there is none, or none any more: the signal is to be ignored. */
    boolean takeActive(Pid from, long connection) {
        Link link = table.get(from);
        if (link == null || link.connection != connection) {
            return false;
        }
        remove(from, link);
        return link.isActive();
    }

    boolean isRelatedTo(Atom node) {
        return byNode.has(node);
    }

    /** Takes the links made on a connection; returns the active ones' ends. */
    List<Pid> takeConnection(Atom node, long connection) {
        var active = new ArrayList<Pid>();
        for (Pid other : byNode.of(node)) {
            Link link = table.get(other);
            if (link != null && link.connection == connection) {
                remove(other, link);
                if (link.isActive()) {
                    active.add(other);
                }
            }
        }
        return active;
    }

    /** A link that a spawn set up. */
    void addSpawned(Pid other, long connection) {
        put(other, new Link(connection));
    }

    // ---- after the end

    /** @param debts counts what is not paid yet */
    void onEnd(Term reason, LocalProcess.Unpaid debts) {
        table.forEach((other, link) -> {
            if (link.isActive()) {
                PeerState holder = link.holder;
                link.holder = null;
                self.kernel.exitLinked(self.pid(), other, link.connection, reason, debts.add(holder));
            } else {
                drop(link);
            }
        });
    }

    private static void drop(Link link) {
        if (link.holder != null) {
            link.holder.letGo();
            link.holder = null;
        }
    }
}
