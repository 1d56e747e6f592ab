package io.hawser.node;

import io.hawser.node.MessageQueue.Envelope;
import org.jspecify.annotations.Nullable;

/**
 * What was received from one peer and is not given back to its connection yet. Given back a few messages at a time: the
 * count of what lies unread is written by the connection's event loop for each message that comes, and would go to and fro
 * between two processors.
 *
 * <p>Not thread-safe; guarded by who receives.
 */
final class Returns {
    private static final int MAX_MESSAGES = 32;
    private static final long MAX_BYTES = 8 * 1024;

    private @Nullable PeerState from;
    private int messages;
    private long bytes;

    /** Takes what a message has to give back. */
    void add(Envelope envelope) {
        PeerState peer = envelope.from();
        if (peer != null && envelope.heapBytes() > 0) {
            if (peer != from) {
                giveBack();
                from = peer;
            }
            messages++;
            bytes += envelope.heapBytes();
            if (messages >= MAX_MESSAGES || bytes >= MAX_BYTES || peer.connection.isReadingPaused()) {
                giveBack();
            }
        }
    }

    /** Gives back what there is: nothing more is being received for now. */
    void giveBack() {
        if (from != null && messages > 0) {
            from.connection.consumed(messages, bytes);
            messages = 0;
            bytes = 0;
        }
        from = null;
    }
}
