package io.hawser.peer;

import io.hawser.dist.ControlMessage;
import io.hawser.term.Atom;
import io.hawser.term.Term;
import org.jspecify.annotations.Nullable;

/**
 * What the peer layer tells the node. Calls for one peer come one at a time, in order, on its connection's event loop:
 * they must not block and run no user code.
 */
public interface PeerListener {
    /**
     * A connection is up. Called before any signal from it.
     *
     * @param peer the connection
     */
    void onUp(PeerConnection peer);

    /**
     * A signal arrived.
     *
     * @param peer the connection it came on
     * @param signal the control message
     * @param payload the message or reason that followed; null for operations that have none
     * @param heapBytes about how many bytes of heap it takes, to be given back to {@link PeerConnection#consumed} once the payload
     *     has left the mailbox it went to, or at once if it went to none
     */
    void onSignal(PeerConnection peer, ControlMessage signal, @Nullable Term payload, int heapBytes);

    /**
     * A connection is gone. Called once for each {@code onUp}.
     *
     * @param peer the connection
     * @param reason one line
     */
    void onDown(PeerConnection peer, String reason);

    /**
     * A node could not be reached: everything queued for it since the attempt began was dropped. Called once for each
     * attempt that failed, before a later one begins, on whatever thread found out; for names that can never be connected
     * to, on the sender's own thread before {@code send} returns.
     *
     * @param node the node
     * @param connection the number the connection would have had, which the signals dropped were sent with
     * @param reason one line
     */
    void onUnreachable(Atom node, long connection, String reason);
}
