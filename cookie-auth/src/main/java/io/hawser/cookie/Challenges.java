package io.hawser.cookie;

import io.hawser.term.NodeName;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

/**
 * Draws a node's challenges and knows them for as long as their handshakes go on. A peer that does not know the cookie
 * can dial us, be given a challenge, and put the same one to us on another connection to have it answered; so what comes
 * back is refused. None is forgotten before its handshake is over, or else a peer could draw others until it is.
 *
 * <p>Kept per node name, because two nodes in one JVM may share this. As many are held as handshakes go on, which the
 * accept limits bound. Thread-safe: one lock.
 */
final class Challenges {
    private record Issued(NodeName node, long challenge) {}

    private final IntSupplier source;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<Issued> issued = new HashSet<>();

    Challenges(IntSupplier source) {
        this.source = source;
    }

    static Challenges random() {
        var random = new SecureRandom();
        return new Challenges(random::nextInt);
    }

    /** Returns a new challenge, unsigned 32 bits. */
    long draw(NodeName self) {
        long challenge = Integer.toUnsignedLong(source.getAsInt());
        lock.lock();
        try {
            issued.add(new Issued(self, challenge));
        } finally {
            lock.unlock();
        }
        return challenge;
    }

    /** Forgets a challenge: its handshake is over, so that an answer to it is of no use to anybody. */
    void forget(NodeName self, long challenge) {
        lock.lock();
        try {
            issued.remove(new Issued(self, challenge));
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether a challenge that a peer put to a node is one of the node's own. */
    boolean isOurs(NodeName self, long challenge) {
        lock.lock();
        try {
            return issued.contains(new Issued(self, challenge));
        } finally {
            lock.unlock();
        }
    }
}
