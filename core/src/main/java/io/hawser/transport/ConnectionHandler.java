package io.hawser.transport;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What happens on a connection. All methods are called on the connection's event loop, one at a time, and must not
 * block.
 */
public interface ConnectionHandler {
    /**
     * The connection stands and the transport's own handshake (TLS) is done. Called once, before all others.
     *
     * @param connection the connection
     */
    void onOpen(Connection connection);

    /**
     * A whole packet arrived. Called after {@code onOpen}, in order.
     *
     * @param packet the packet without its length; only valid during the call; empty for a tick in the connected phase
     */
    void onPacket(ByteBuffer packet);

    /**
     * Bytes arrived that do not complete a packet yet: the peer is alive. Called at most once for each read.
     */
    default void onActivity() {}

    /**
     * The packets that arrived together were all given. What they bring may wait for this, so that a thread is woken once for
     * many: a transport calls it soon after each {@code onPacket}, unless the connection has closed.
     */
    void onReadComplete();

    /** {@link Connection#wake()} was called, or the connection takes writes again. */
    void onReady();

    /**
     * The connection is closed, or was never made. Called once; nothing follows. {@code onOpen} may not have been
     * called before.
     *
     * @param cause why; null if the peer closed it in an orderly way or {@code close(null)} was called
     */
    void onClosed(@Nullable TransportException cause);
}
