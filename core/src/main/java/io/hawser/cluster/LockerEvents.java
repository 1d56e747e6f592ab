package io.hawser.cluster;

import io.hawser.cluster.GlobalLocker.Candidate;
import io.hawser.cluster.GlobalLocker.Compare;
import io.hawser.cluster.GlobalLocker.Event;
import io.hawser.cluster.GlobalLocker.LockSet;
import io.hawser.cluster.GlobalLocker.Over;
import io.hawser.node.Mailbox;
import io.hawser.node.MailboxExitException;
import io.hawser.term.Atom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the locker was told and has not taken yet, in order. It may be at one thing for long, so of each node little waits: what
 * repeats something takes its place, and what an attempt's end makes pointless goes. A peer that says the same over and over, or
 * connects over and over, takes no more room than one that does not.
 *
 * <p>Thread-safe: one lock. The mailbox gets a message, which says no more than that, when something came since the last look.
 */
final class LockerEvents {
    private record Key(Class<? extends Event> kind, Atom node, long tag) {}

    private final Mailbox mailbox;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Key, Event> waiting = new LinkedHashMap<>(); // guarded by lock
    private boolean isTold; // guarded by lock

    LockerEvents(Mailbox mailbox) {
        this.mailbox = mailbox;
    }

    /** Leaves something; nobody takes it once the mailbox has ended. */
    void leave(Event event) {
        boolean tell;
        lock.lock();
        try {
            if (!add(event)) {
                return;
            }
            tell = !isTold;
            isTold = true;
        } finally {
            lock.unlock();
        }
        try {
            if (tell) {
                mailbox.send(mailbox.self(), Atoms.LOCKER);
            }
        } catch (MailboxExitException e) {
            clear();
        }
    }

    /** Returns whether it is left: not the end of an attempt that the locker has not heard of. */
    private boolean add(Event event) {
        if (event instanceof Over) {
            waiting.remove(new Key(Compare.class, event.node(), event.tag()));
            if (waiting.remove(new Key(Candidate.class, event.node(), event.tag())) != null) {
                return false;
            }
        }
        // of locks only the last one counts, whatever attempt it is for: the other side waits for one answer
        Key key = new Key(event.getClass(), event.node(), event instanceof LockSet ? 0 : event.tag());
        waiting.remove(key);
        waiting.put(key, event);
        return true;
    }

    private void clear() {
        lock.lock();
        try {
            waiting.clear();
        } finally {
            lock.unlock();
        }
    }

    /** Takes the first that is wanted; null if none is there. */
    @Nullable
    Event poll(Predicate<Event> wanted) {
        lock.lock();
        try {
            isTold = false;
            for (var each = waiting.values().iterator(); each.hasNext(); ) {
                Event event = each.next();
                if (wanted.test(event)) {
                    each.remove();
                    return event;
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** How many wait. */
    int size() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }
}
