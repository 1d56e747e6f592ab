package io.hawser.peer;

import io.hawser.dist.ControlMessage;
import io.hawser.term.Atom;
import io.hawser.term.Term;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one node to others: at most one for each peer, made when something is sent.
 *
 * <p>Thread-safe.
 */
public final class Peers implements AutoCloseable {
    /**
     * Makes the table; nothing is listened to or dialled yet.
     *
     * @param settings what it is made with
     * @param listener told what happens
     */
    public Peers(PeerSettings settings, PeerListener listener) {
        throw new UnsupportedOperationException();
    }

    /**
     * Listens, and publishes the node. Blocks until both are done.
     *
     * @throws io.hawser.transport.TransportException if the address cannot be listened on
     * @throws io.hawser.epmd.ResolverException if the name is taken or the directory did not answer
     */
    public void start() {
        throw new UnsupportedOperationException();
    }

    /**
     * Returns where the node listens. After {@link #start()}.
     *
     * @return the address with the port in use
     */
    public InetSocketAddress address() {
        throw new UnsupportedOperationException();
    }

    /**
     * Returns this node's creation. After {@link #start()}; does not change.
     *
     * @return unsigned 32 bits, above 3
     */
    public long creation() {
        throw new UnsupportedOperationException();
    }

    /**
     * Sends a signal to a node, connecting to it first when need be. Waits while more than the high-water mark is queued
     * for it. An interrupt ends the wait: the flag stays set and the signal is queued all the same. Not to be called on
     * an event loop.
     *
     * @param node the node
     * @param signal the control message
     * @param payload what follows it; null for operations that have none
     */
    public void send(Atom node, ControlMessage signal, @Nullable Term payload) {
        throw new UnsupportedOperationException();
    }

    /**
     * Sends a signal unless the sender would have to wait.
     *
     * @param node the node
     * @param signal the control message
     * @param payload what follows it; null for operations that have none
     * @return false if nothing was sent
     */
    public boolean trySend(Atom node, ControlMessage signal, @Nullable Term payload) {
        throw new UnsupportedOperationException();
    }

    /**
     * Sends a signal and never waits: for answers that the protocol demands, on event loops too. A peer that lets more
     * than its share of answers pile up is disconnected. Does not connect: without a connection the signal is dropped.
     *
     * @param node the node
     * @param signal the control message
     * @param payload what follows it; null for operations that have none
     */
    public void answer(Atom node, ControlMessage signal, @Nullable Term payload) {
        throw new UnsupportedOperationException();
    }

    /**
     * Connects to a node unless it is connected.
     *
     * @param node the node
     * @return completes with null once it is connected; fails with {@link io.hawser.transport.TransportException},
     *     whose message is the one line that says why not
     */
    public CompletionStage<@Nullable Void> connect(Atom node) {
        throw new UnsupportedOperationException();
    }

    /**
     * Closes the connection to a node. {@link PeerListener#onDown} follows.
     *
     * @param node the node
     * @return false if there was none
     */
    public boolean disconnect(Atom node) {
        throw new UnsupportedOperationException();
    }

    /**
     * Returns the connections that are up.
     *
     * @return a snapshot
     */
    public List<PeerConnection> connections() {
        throw new UnsupportedOperationException();
    }

    /** Withdraws the node, closes all connections and the transport. Can be called twice. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
