package io.hawser.transport;

import java.net.InetAddress;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Counts the connections of one listener that are not admitted yet, and keeps them below the ceilings of
 * {@link AcceptLimits}: when all places are taken, a newcomer displaces the oldest connection of its own address, or of
 * the address that has the most.
 *
 * <p>The newcomer, not the one that was there, because a peer that means it is admitted within milliseconds: were
 * newcomers turned away, a few hundred silent connections would keep every peer out for as long as somebody renews them.
 *
 * <p>Thread-safe: one lock, not held while a displaced connection is told. Holds no more entries than
 * {@link AcceptLimits#maxPending()}.
 */
public final class AcceptGate {
    private final AcceptLimits limits;
    private final ReentrantLock lock = new ReentrantLock();
    /** Both are in the order of arrival. */
    private final Map<InetAddress, Set<Place>> places = new LinkedHashMap<>();

    private int total;

    /**
     * Makes a gate that nothing has passed.
     *
     * @param limits the ceilings
     */
    public AcceptGate(AcceptLimits limits) {
        this.limits = limits;
    }

    /**
     * Takes a place for a connection that was accepted, another connection's if there is no free one.
     *
     * @param address where it comes from
     * @return the place
     */
    public Place enter(InetAddress address) {
        var place = new Place(address);
        Place displaced;
        lock.lock();
        try {
            displaced = makeRoom(address);
            places.computeIfAbsent(address, a -> new LinkedHashSet<>()).add(place);
            total++;
        } finally {
            lock.unlock();
        }
        if (displaced != null) {
            displaced.displace();
        }
        return place;
    }

    private @Nullable Place makeRoom(InetAddress address) {
        Set<Place> same = places.get(address);
        if (same != null && same.size() >= limits.maxPendingPerAddress()) {
            return removeOldest(same);
        }
        return total < limits.maxPending() ? null : removeOldest(most());
    }

    /** Returns the places of the address that has the most of them. There is one, as a ceiling is at least 1. */
    private Set<Place> most() {
        Iterator<Set<Place>> all = places.values().iterator();
        Set<Place> most = all.next();
        while (all.hasNext()) {
            Set<Place> next = all.next();
            most = next.size() > most.size() ? next : most;
        }
        return most;
    }

    private Place removeOldest(Set<Place> of) {
        Place oldest = of.iterator().next();
        remove(oldest);
        return oldest;
    }

    private void remove(Place place) {
        Set<Place> same = places.get(place.address);
        if (same != null && same.remove(place)) {
            total--;
            if (same.isEmpty()) {
                places.remove(place.address);
            }
        }
    }

    /** The place of one connection among those that are not admitted yet. Thread-safe: the gate's lock. */
    public final class Place {
        private final InetAddress address;
        private @Nullable Runnable whenDisplaced;
        private boolean displaced;

        private Place(InetAddress address) {
            this.address = address;
        }

        /**
         * Has something done when the place is given to another connection; at once if it was already.
         *
         * @param task closes the connection; called at most once, by the thread that accepts the other one
         */
        public void whenDisplaced(Runnable task) {
            boolean late;
            lock.lock();
            try {
                late = displaced;
                whenDisplaced = task;
            } finally {
                lock.unlock();
            }
            if (late) {
                task.run();
            }
        }

        private void displace() {
            Runnable task;
            lock.lock();
            try {
                displaced = true;
                task = whenDisplaced;
            } finally {
                lock.unlock();
            }
            if (task != null) {
                task.run();
            }
        }

        /** Gives the place back, when the connection is admitted or closed. Can be called twice. */
        public void leave() {
            lock.lock();
            try {
                remove(this);
            } finally {
                lock.unlock();
            }
        }
    }
}
