package io.hawser.cookie;

import io.hawser.term.NodeName;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

/**
 * Draws a node's challenges and knows them for as long as their handshakes go on. A peer that does not know the cookie
 * can dial us, be given a challenge, and put the same one to us on another connection to have it answered; so what comes
 * back is refused. None is forgotten before its handshake is over, or else a peer could draw others until it is.
 *
 * <p>Nor is one drawn again while it is among the last {@value #RECENT}, so that no recorded answer fits.
 *
 * <p>Kept per node name, because two nodes in one JVM may share this. Apart from those, as many are held as handshakes go
 * on, which the accept limits bound. Thread-safe: one lock.
 */
final class Challenges {
    private static final int RECENT = 4096;

    private record Issued(NodeName node, long challenge) {}

    private static final SecureRandom RANDOM = new SecureRandom();

    private final IntSupplier source;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<Issued> issued = new HashSet<>();
    private final Set<Issued> recent = new LinkedHashSet<>(); // the oldest first

    Challenges(IntSupplier source) {
        this.source = source;
    }

    static Challenges random() {
        return new Challenges(RANDOM::nextInt);
    }

    /** Returns a new challenge, unsigned 32 bits. */
    long draw(NodeName self) {
        lock.lock();
        try {
            Issued drawn;
            do {
                drawn = new Issued(self, Integer.toUnsignedLong(source.getAsInt()));
            } while (issued.contains(drawn) || !recent.add(drawn));
            issued.add(drawn);
            if (recent.size() > RECENT) {
                recent.remove(recent.iterator().next());
            }
            return drawn.challenge();
        } finally {
            lock.unlock();
        }
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
