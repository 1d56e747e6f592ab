package io.hawser.node;

import io.hawser.dist.ControlMessage;
import io.hawser.peer.TermSizes;
import io.hawser.term.Term;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What processes that ended still owe to one peer: exit signals and {@code DOWN}s for which the connection has no room. They
 * wait as terms, which those of one process share, and leave one by one, on the node's timer: a peer that reads gets all of
 * them, however many and however large, and however busy the node's executor is. How many wait is bounded by what the peer
 * holds, which it holds until it is told.
 *
 * <p>Thread-safe: one lock, under which nothing is sent.
 */
final class Debts {
    /** Reasons that may wait, in bytes; each is counted once. Beyond, what is owed counts as answers do. */
    static final long MAX_REASON_BYTES = 16L * 1024 * 1024;

    private static final Duration FIRST_PAUSE = Duration.ofNanos(500_000);
    private static final Duration LAST_PAUSE = Duration.ofMillis(16);

    /** Signals after which the timer's other tasks come first. */
    private static final int TURN = 256;

    private final PeerState peer;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Debt> waiting = new ArrayDeque<>(1);
    private long reasonBytes;
    private boolean paying;

    /** One signal; the first of those with one reason counts its bytes. */
    private static final class Debt {
        final ControlMessage signal;
        final Term reason;
        final Runnable paid;
        long bytes;

        Debt(ControlMessage signal, Term reason, Runnable paid) {
            this.signal = signal;
            this.reason = reason;
            this.paid = paid;
        }
    }

    Debts(PeerState peer) {
        this.peer = peer;
    }

    /**
     * Sends a signal now, or once there is room. Never waits; called without a lock.
     *
     * @param paid run once it was sent, or lost with its connection
     */
    void owe(Kernel kernel, ControlMessage signal, Term reason, Runnable paid) {
        var debt = new Debt(signal, reason, paid);
        if (isPaying() || !send(kernel, debt)) {
            add(kernel, debt);
        }
    }

    private boolean isPaying() {
        lock.lock();
        try {
            return paying;
        } finally {
            lock.unlock();
        }
    }

    private boolean send(Kernel kernel, Debt debt) {
        boolean sent = kernel.carrier.trySend(peer.node(), peer.connection.id(), debt.signal, debt.reason);
        if (sent) {
            debt.paid.run();
        }
        return sent;
    }

    private void add(Kernel kernel, Debt debt) {
        boolean begin = false;
        boolean excessive;
        lock.lock();
        try {
            Debt last = waiting.peekLast();
            debt.bytes = last != null && last.reason == debt.reason ? 0 : TermSizes.sizeOf(debt.reason);
            excessive = !waiting.isEmpty() && reasonBytes + debt.bytes > MAX_REASON_BYTES;
            if (!excessive) {
                waiting.add(debt);
                reasonBytes += debt.bytes;
                begin = !paying;
                paying = true;
            }
        } finally {
            lock.unlock();
        }
        if (excessive) {
            answer(kernel, debt);
        }
        if (begin) {
            payLater(kernel, FIRST_PAUSE);
        }
    }

    private void answer(Kernel kernel, Debt debt) {
        kernel.answer(peer, debt.signal, debt.reason);
        debt.paid.run();
    }

    private void payLater(Kernel kernel, Duration pause) {
        kernel.scheduler.schedule(pause, () -> pay(kernel, pause));
    }

    /** Pays until there is no room, and again after a pause: a longer one if there was none at all. */
    private void pay(Kernel kernel, Duration pause) {
        for (int i = 0; i < TURN; i++) {
            Debt debt = next();
            if (debt == null) {
                return;
            }
            if (!sendOrGiveUp(kernel, debt)) {
                Duration longer = pause.multipliedBy(2);
                payLater(kernel, i > 0 ? FIRST_PAUSE : longer.compareTo(LAST_PAUSE) < 0 ? longer : LAST_PAUSE);
                return;
            }
            remove(debt);
        }
        payLater(kernel, Duration.ZERO);
    }

    /** What cannot be sent at all is lost with its connection, and keeps nothing else back. */
    private boolean sendOrGiveUp(Kernel kernel, Debt debt) {
        try {
            return send(kernel, debt);
        } catch (RuntimeException | Error e) { // an error too: nobody would pay the others
            kernel.closeFaulty(peer, e);
            debt.paid.run();
            return true;
        }
    }

    /** Returns what is to leave next; if there is nothing, nobody pays any longer. */
    private @Nullable Debt next() {
        lock.lock();
        try {
            paying = !waiting.isEmpty();
            return waiting.peek();
        } finally {
            lock.unlock();
        }
    }

    private void remove(Debt debt) {
        lock.lock();
        try {
            waiting.remove();
            Debt next = waiting.peek();
            if (next != null && next.reason == debt.reason) {
                next.bytes += debt.bytes; // it waits still
            } else {
                reasonBytes -= debt.bytes;
            }
        } finally {
            lock.unlock();
        }
    }
}
