package io.hawser.cookie;

import io.hawser.term.NodeName;
import java.security.SecureRandom;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

/**
 * Draws a node's challenges and remembers the latest of them. A peer that does not know the cookie can dial us, be given
 * a challenge, and put the same one to us on another connection to have it answered; so what comes back is refused.
 *
 * <p>Kept per node name, because two nodes in one JVM may share this. Thread-safe: one lock.
 */
final class Challenges {
    /**
     * More than the handshakes that go on at a time, and so few that a foreign challenge is taken for ours in one
     * handshake of four million.
     */
    static final int REMEMBERED = 1024;

    private record Issued(NodeName node, long challenge) {}

    private final IntSupplier source;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<Issued> issued = new LinkedHashSet<>(); // oldest first

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
            if (issued.size() > REMEMBERED) {
                issued.remove(issued.iterator().next());
            }
        } finally {
            lock.unlock();
        }
        return challenge;
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
