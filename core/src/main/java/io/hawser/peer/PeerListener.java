package io.hawser.peer;

import io.hawser.dist.ControlMessage;
import io.hawser.term.Atom;
import io.hawser.term.Term;
import io.hawser.transport.RefusalCode;
import java.time.Instant;
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

    // ---- for looking on: nothing depends on these

    /**
     * A peer that was silent for longer than can be expected is suspected to be gone, or is trusted again as bytes came.
     * Between {@code onUp} and {@code onDown}, and alternating. The connection stays.
     *
     * @param peer the connection
     * @param suspected false if it is trusted again
     * @param phi how sure it is; 0 if it is trusted
     * @param silenceNanos for how long nothing came, or had come
     */
    default void onSuspicion(PeerConnection peer, boolean suspected, double phi, long silenceNanos) {}

    /**
     * A connection that somebody made to this node was not admitted.
     *
     * @param remote who is at the other end, as text of any origin
     * @param reason one line, as text of any origin
     * @param code the stable name of the reason, if it has one
     */
    default void onRefused(String remote, String reason, @Nullable RefusalCode code) {}

    /**
     * What this node shows to peers, or whom it trusts, was replaced. On a thread of the transport's.
     *
     * @param ends until when its own certificate holds
     */
    default void onCredentialsChanged(Instant ends) {}

    /**
     * A handshake is over, that of the transport included.
     *
     * @param remote who is at the other end, as text of any origin
     * @param dialled whether this node made the connection
     * @param nanos how long it took
     * @param failure why it came to nothing, as text of any origin; null if the peer was admitted
     */
    default void onHandshake(String remote, boolean dialled, long nanos, @Nullable String failure) {}

    /**
     * Reading from a connection goes on, after a pause for all that lay in mailboxes.
     *
     * @param peer the connection
     * @param nanos how long the pause was
     */
    default void onPaused(PeerConnection peer, long nanos) {}

    /**
     * A sender goes on, after it waited for room. On the sender's thread.
     *
     * @param peer the connection
     * @param nanos how long it waited
     * @param queuedBytes what is still queued
     */
    default void onSenderWaited(PeerConnection peer, long nanos, long queuedBytes) {}

    /**
     * A message that was decoded apart from others, for its size, is delivered.
     *
     * @param peer the connection
     * @param heapBytes about what it takes on the heap
     */
    default void onLargeMessage(PeerConnection peer, int heapBytes) {}

    /**
     * Ticks of this node were looked after late: the process was stopped, or its event loop busy.
     *
     * @param peer a connection that was late
     * @param nanos how late
     */
    default void onLate(PeerConnection peer, long nanos) {}
}
