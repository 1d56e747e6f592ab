package io.hawser.node;

import io.hawser.term.Atom;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What peers have running here: counted, for each and for all together, so that it stays little. Thread-safe. */
final class PeerTasks {
    /** Processes and calls that live, of all peers; further ones are refused. */
    static final int MAX_ALL = 65_536;

    private final Kernel kernel;
    private final AtomicInteger all = new AtomicInteger();
    private final Set<Call> calls = ConcurrentHashMap.newKeySet();

    PeerTasks(Kernel kernel) {
        this.kernel = kernel;
    }

    /**
     * Counts one more; what comes from this node itself is not counted.
     *
     * @return takes it out of the counts, once however often it runs; null if it is one too many
     */
    @Nullable
    Runnable count(@Nullable PeerState peer) {
        if (peer == null) {
            return () -> {};
        }
        boolean few = all.incrementAndGet() <= MAX_ALL;
        boolean fewOfPeer = peer.spawned.incrementAndGet() <= PeerState.MAX_SPAWNED;
        var counted = new AtomicBoolean(true);
        Runnable discount = () -> {
            if (counted.compareAndSet(true, false)) {
                peer.spawned.decrementAndGet();
                all.decrementAndGet();
            }
        };
        if (!few || !fewOfPeer) {
            discount.run();
            return null;
        }
        return discount;
    }

    /** How many there are. */
    int size() {
        return all.get();
    }

    /** A call that is interrupted when the connection it came on is gone. */
    private final class Call implements Runnable {
        private final PeerState peer;
        private final Interruptible task;

        Call(PeerState peer, Runnable body, Runnable discount) {
            this.peer = peer;
            this.task = new Interruptible(kernel.surroundings, body, discount);
        }

        @Override
        public void run() {
            try {
                task.run();
            } finally {
                calls.remove(this);
            }
        }

        void abandonIfGone() {
            if (kernel.peers.get(peer.node()) != peer) {
                task.abandon();
            }
        }
    }

    /**
     * Runs a call on the node's executor.
     *
     * @return false if it does not run: there are too many, or the executor refused it
     */
    boolean run(@Nullable PeerState peer, Runnable body) {
        Runnable discount = count(peer);
        if (discount == null) {
            return false;
        }
        if (peer == null) {
            return kernel.execute(body);
        }
        var call = new Call(peer, body, discount);
        calls.add(call);
        call.abandonIfGone(); // before we could be told
        if (!kernel.execute(call)) {
            calls.remove(call);
            discount.run();
            return false;
        }
        return true;
    }

    /** The connection to a node is gone. */
    void onNodeGone(Atom node) {
        for (Call call : calls) {
            if (call.peer.node().equals(node)) {
                call.abandonIfGone();
            }
        }
    }
}
