package io.hawser.cluster;

import io.hawser.node.Mailbox;
import io.hawser.node.MailboxExitException;
import io.hawser.node.Message;
import io.hawser.term.Reference;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Hands things that are no terms to the thread that serves a mailbox: they wait in a queue, and a message that no peer
 * can guess says so. Thread-safe: a concurrent queue.
 */
final class Doorbell<T> {
    private final Mailbox mailbox;
    private final Reference ring;
    private final ConcurrentLinkedQueue<T> waiting = new ConcurrentLinkedQueue<>();

    Doorbell(Mailbox mailbox) {
        this.mailbox = mailbox;
        this.ring = mailbox.node().makeReference();
    }

    /** Leaves something; nobody takes it once the mailbox has ended. */
    void leave(T thing) {
        waiting.add(thing);
        try {
            mailbox.send(mailbox.self(), ring);
        } catch (MailboxExitException e) {
            waiting.clear();
        }
    }

    boolean isRing(Message message) {
        return message instanceof Message.Sent sent && sent.term().equals(ring);
    }

    @Nullable
    T poll() {
        return waiting.poll();
    }
}
