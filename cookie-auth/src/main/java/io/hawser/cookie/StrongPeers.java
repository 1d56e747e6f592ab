package io.hawser.cookie;

import io.hawser.term.NodeName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The peers that were admitted by the strong proof, so that nobody is admitted under their names by a weaker one: a
 * downgrade pin. The name alone counts, not the certificate: an impostor's certificate may be a valid one for that name.
 *
 * <p>Kept per node, because two nodes in one JVM may share this, and one may dial over TLS what the other dials over TCP.
 * Holds no more than {@link #MAX_PEERS}, all of which knew the cookie; beyond it the one admitted longest ago is
 * forgotten, with a line in the log. Thread-safe: one lock.
 */
final class StrongPeers {
    /** As many as a node knows at one time. */
    static final int MAX_PEERS = 16_384;

    private static final Logger logger = LoggerFactory.getLogger(StrongPeers.class);

    private record Pin(NodeName self, NodeName peer) {}

    private final int limit;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Pin, Boolean> pins = new LinkedHashMap<>(16, 0.75f, true);

    StrongPeers(int limit) {
        this.limit = limit;
    }

    void add(NodeName self, NodeName peer) {
        Pin forgotten = null;
        lock.lock();
        try {
            pins.put(new Pin(self, peer), true);
            if (pins.size() > limit) {
                forgotten = pins.keySet().iterator().next();
                pins.remove(forgotten);
            }
        } finally {
            lock.unlock();
        }
        if (forgotten != null) {
            logger.atWarn()
                    .addKeyValue("node", forgotten.self())
                    .addKeyValue("peer", forgotten.peer())
                    .log("More than {} peers with the strong proof: one may fall back to OTP's", limit);
        }
    }

    boolean contains(NodeName self, NodeName peer) {
        lock.lock();
        try {
            return pins.containsKey(new Pin(self, peer));
        } finally {
            lock.unlock();
        }
    }

    /** Forgets a peer of all nodes here; returns whether it was known. */
    boolean forget(NodeName peer) {
        lock.lock();
        try {
            return pins.keySet().removeIf(pin -> pin.peer().equals(peer));
        } finally {
            lock.unlock();
        }
    }

    List<NodeName> names() {
        lock.lock();
        try {
            return pins.keySet().stream().map(Pin::peer).distinct().toList();
        } finally {
            lock.unlock();
        }
    }
}
