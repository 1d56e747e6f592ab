package io.hawser.peer;

import io.hawser.handshake.Peer;
import io.hawser.term.Atom;
import io.hawser.transport.Connection;

/** A connection that is up, as the node sees it. Thread-safe. */
public interface PeerConnection {
    /**
     * Returns its number: that of every signal sent on it, those that waited for it included.
     *
     * @return above 0; no other connection of this node has it, and the later ones to the same peer have greater ones
     */
    long id();

    /**
     * Returns the peer.
     *
     * @return what was agreed in the handshake
     */
    Peer peer();

    /**
     * Returns the peer's name as the atom that stands in its pids.
     *
     * @return the node atom
     */
    Atom node();

    /**
     * Returns the transport's connection, for what protects it and what it carried.
     *
     * @return the connection; only for looking
     */
    Connection connection();

    /**
     * Returns how many messages were sent on it, those that waited for it included.
     *
     * @return a count that only grows; other signals are not counted
     */
    long messagesOut();

    /**
     * Returns how it is doing.
     *
     * @return the values of now
     */
    default Vitals vitals() {
        return Vitals.UNKNOWN;
    }

    /**
     * Returns why it ended. Known once {@link PeerListener#onDown} is called.
     *
     * @return the reason; {@link Ending#CONNECTION_CLOSED} unless this node ended it
     */
    default Ending ending() {
        return Ending.CONNECTION_CLOSED;
    }

    /**
     * Gives back what {@link PeerListener#onSignal} charged.
     *
     * @param heapBytes as given there
     */
    default void consumed(int heapBytes) {
        consumed(1, heapBytes);
    }

    /**
     * Does something once all that was read together is delivered; at once, if nothing is. Called within
     * {@link PeerListener#onSignal} of this connection.
     *
     * @param task must not throw; done once if it is given several times in a row
     */
    default void afterRead(Runnable task) {
        task.run();
    }

    /**
     * Returns whether nothing is read from it until some of what was charged is given back.
     *
     * @return true until enough is; cheap
     */
    default boolean isReadingPaused() {
        return false;
    }

    /**
     * Gives back what {@link PeerListener#onSignal} charged for several signals.
     *
     * @param signals how many
     * @param heapBytes the sum of what was given there
     */
    void consumed(int signals, long heapBytes);

    /**
     * Closes the connection, soon, on its event loop. {@link PeerListener#onDown} follows. Does nothing when it is closed.
     *
     * @param reason one line
     */
    void hangUp(String reason);
}
