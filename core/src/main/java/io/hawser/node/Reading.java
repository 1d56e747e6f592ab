package io.hawser.node;

import io.hawser.node.MessageQueue.Envelope;
import io.hawser.term.Atom;
import io.hawser.term.Reference;
import java.util.Iterator;
import java.util.LinkedList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The consumer's side of an inbox: what it has taken from the queue, and what it has passed over. An object of its own, so
 * that neither side waits for memory the other one writes; and made when somebody receives, as many a mailbox has not had a
 * message yet.
 *
 * <p>Guarded by its lock, which one consumer at a time holds, parked ones included.
 */
final class Reading {
    final ReentrantLock lock = new ReentrantLock();
    private final MessageQueue queue;
    private @Nullable Envelope first; // of those taken from the queue that nobody has looked at
    private @Nullable List<Envelope> skipped; // by a selective receive; their bytes still count
    private @Nullable LateReplies late;
    private @Nullable Returns returns;
    private @Nullable Atom origin;
    private boolean scanning;

    Reading(MessageQueue queue) {
        this.queue = queue;
    }

    /** Whether there are messages; exact for the consumer, a guess for others. */
    boolean hasUnread() {
        List<Envelope> passedOver = skipped;
        return hasNew() || (passedOver != null && !passedOver.isEmpty());
    }

    /** Whether there are messages that nobody has looked at. */
    boolean hasNew() {
        return first != null || !queue.isEmpty();
    }

    /** The node that what was taken last came from; null if it is of this one. For the thread that took it. */
    @Nullable
    Atom origin() {
        return origin;
    }

    /** Drops the reply to a call when it comes. */
    void dropReply(Reference call) {
        if (late == null) {
            late = new LateReplies();
        }
        late.add(call);
    }

    /** Gives back what was received: nothing more is for now. */
    void giveBack() {
        if (returns != null) {
            returns.giveBack();
        }
    }

    /** Looks at all that is there. */
    @Nullable
    Message take(Predicate<? super Message> wanted) {
        startScan();
        try {
            Message old = takeSkipped(wanted);
            return old != null ? old : takeNew(wanted, Integer.MAX_VALUE);
        } finally {
            scanning = false;
        }
    }

    /** Looks at so many messages that nobody has looked at. */
    @Nullable
    Message takeArrived(Predicate<? super Message> wanted, int most) {
        startScan();
        try {
            return takeNew(wanted, most);
        } finally {
            scanning = false;
        }
    }

    private void startScan() {
        if (scanning) {
            throw new IllegalStateException("mailbox: received from within its own predicate");
        }
        scanning = true;
    }

    private @Nullable Message takeSkipped(Predicate<? super Message> wanted) {
        if (skipped != null) {
            for (Iterator<Envelope> i = skipped.iterator(); i.hasNext(); ) {
                Envelope envelope = i.next();
                if (wanted.test(envelope.message())) {
                    i.remove();
                    return taken(envelope);
                }
            }
        }
        return null;
    }

    /** Looks into the queue once, so that those who send cannot keep it looking. */
    private @Nullable Message takeNew(Predicate<? super Message> wanted, int most) {
        boolean mayLook = true;
        for (int looked = 0; looked < most && (mayLook || first != null); looked++) {
            mayLook &= first != null;
            Envelope envelope = next();
            if (envelope == null) {
                return null;
            }
            if (isTaken(envelope, wanted)) {
                return taken(envelope);
            }
        }
        return null;
    }

    private @Nullable Envelope next() {
        Envelope next = first == null ? queue.takeAll() : first;
        if (next != null) {
            first = next.cut();
        }
        return next;
    }

    private boolean isTaken(Envelope envelope, Predicate<? super Message> wanted) {
        if (late != null && late.takes(envelope.message())) {
            giveBack(envelope);
            return false;
        }
        boolean taken = false;
        try {
            taken = wanted.test(envelope.message());
        } finally {
            if (!taken) {
                skip(envelope); // a predicate that throws loses nothing
            }
        }
        return taken;
    }

    @SuppressWarnings("JdkObsolete") // what a selective receive takes stands anywhere
    private void skip(Envelope envelope) {
        if (skipped == null) {
            skipped = new LinkedList<>();
        }
        skipped.add(envelope);
    }

    private Message taken(Envelope envelope) {
        PeerState from = envelope.from();
        origin = from == null ? null : from.node();
        giveBack(envelope);
        return envelope.message();
    }

    private void giveBack(Envelope envelope) {
        if (envelope.from() != null) {
            if (returns == null) {
                returns = new Returns();
            }
            returns.add(envelope);
        }
        envelope.giveBackPlace();
    }

    /** Takes the {@code Down} of a monitor out, if it is there. */
    void flush(Reference ref) {
        Atom before = origin;
        take(message -> message instanceof Message.Down down && down.ref().equals(ref));
        origin = before; // nobody received it
    }

    /** Drops everything. */
    void clear() {
        giveBack();
        List<Envelope> dropped = skipped;
        skipped = null;
        if (dropped != null) {
            dropped.forEach(Envelope::giveBack);
        }
        for (Envelope envelope = next(); envelope != null; envelope = next()) {
            envelope.giveBack();
        }
    }
}
