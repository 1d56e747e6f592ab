package io.hawser.transport;

import io.hawser.term.NodeName;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Moves packets between nodes, and says who is at the other end.
 *
 * <p>Thread-safe. A transport belongs to one node, which closes it.
 */
public interface Transport extends AutoCloseable {
    /**
     * Returns the transport's short name.
     *
     * @return such as {@code tls}, {@code tcp} or {@code memory}
     */
    String name();

    /**
     * Says under which name the node runs. Called at most once, before the first {@link #listen} or {@link #connect}.
     *
     * @param self the whole name
     * @throws IllegalArgumentException if what the transport shows to peers does not carry the name, so that each of them
     *     would refuse it; transports that show nothing take any, which is what this does unless overridden
     */
    default void runAs(NodeName self) {
        // nothing is shown
    }

    /**
     * Says which application protocols the node's handshake speaks besides OTP's. The transport then agrees on one of
     * them with each peer that speaks it too, and tells in {@link PeerIdentity#binding()}. Called at most once, before
     * the first {@link #listen} or {@link #connect}.
     *
     * @param protocols ids of 1 to 255 ASCII characters, the preferred one first
     * @return false if the transport cannot agree on protocols, as TCP; that is what this does unless overridden
     */
    default boolean offerProtocols(List<String> protocols) {
        return false;
    }

    /**
     * Has somebody told when what is shown to peers, or whom it trusts, was replaced while the node runs. Called at most
     * once, before the first {@link #listen} or {@link #connect}.
     *
     * @param told given until when the node's own certificate holds; called on a thread of the transport's, must not block.
     *     Transports whose credentials never change do not call it, which is what this does unless overridden
     */
    default void whenCredentialsChange(Consumer<Instant> told) {
        // they do not
    }

    /**
     * Begins to accept connections.
     *
     * @param address where; port 0 picks a free one
     * @param limits the ceilings before admission
     * @param handlers makes the handler of each connection that is accepted
     * @return the listener
     * @throws TransportException if the address cannot be listened on; the message names it
     */
    Listener listen(InetSocketAddress address, AcceptLimits limits, Supplier<ConnectionHandler> handlers);

    /**
     * Begins to connect. Returns at once; the handler's {@code onOpen} or {@code onClosed} follows, the latter also when
     * {@code deadline} passes before the connection is {@linkplain Connection#admitted() admitted}.
     *
     * @param peer the name of the node that is dialled; the transport checks it as far as its configuration says
     * @param address where it listens
     * @param deadline how long it may take until the connection is admitted
     * @param handler told what happens
     */
    void connect(NodeName peer, InetSocketAddress address, Duration deadline, ConnectionHandler handler);

    /** Closes all listeners and connections, and frees threads. Can be called twice. */
    @Override
    void close();

    /** Accepts connections until it is closed. */
    interface Listener extends AutoCloseable {
        /**
         * Returns where it listens.
         *
         * @return the address with the port in use
         */
        InetSocketAddress address();

        /** Stops accepting; connections stay. Can be called twice. */
        @Override
        void close();
    }
}
