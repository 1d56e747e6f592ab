package io.hawser.transport;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a peer that may or may not have been admitted yet.
 *
 * <p>Each direction starts in the handshake phase, in which packets are short (at most {@link #MAX_HANDSHAKE_PACKET}) and
 * have the transport's own length prefix, and changes by itself to the connected phase, in which they have 4-byte
 * lengths and length 0 is a tick.
 *
 * <p>Methods marked <i>event loop</i> are called on the connection's event loop only; the others from any thread.
 */
public interface Connection {
    /** The most bytes a packet of the handshake may have, length prefix not counted. */
    int MAX_HANDSHAKE_PACKET = 1024;

    /**
     * Returns who is at the other end.
     *
     * @return the identity, the same at every call
     */
    PeerIdentity peer();

    /**
     * Returns the address of the other end.
     *
     * @return its address
     */
    SocketAddress remoteAddress();

    /**
     * Returns when the connection was begun: accepted, or dialled.
     *
     * @return a {@link Scheduler#nanoTime()}
     */
    long startedNanos();

    /**
     * Sends one packet of the handshake phase; the transport puts the length in front. Event loop.
     *
     * @param packet position to limit is sent, at most {@link #MAX_HANDSHAKE_PACKET} bytes; copied or consumed before
     *     the call returns
     */
    void sendHandshake(ByteBuffer packet);

    /** Ends the handshake phase of what we send. Event loop. */
    void outboundConnected();

    /**
     * Ends the handshake phase of what we receive, from the next packet on: called from
     * {@link ConnectionHandler#onPacket} it holds for bytes that already arrived. Event loop.
     *
     * @param maxPacketBytes a longer packet closes the connection before anything is allocated for it
     */
    void inboundConnected(int maxPacketBytes);

    /**
     * Marks the connection as admitted: it no longer counts against the ceilings for unadmitted connections and no
     * longer has a setup deadline. Event loop.
     */
    void admitted();

    /**
     * Writes bytes of the connected phase: whole packets with their 4-byte lengths, any number of them, cut anywhere as
     * long as the order is kept and the last is whole when the event loop is left: the transport may send something of its
     * own there. Nothing leaves before {@link #flush()}. Event loop.
     *
     * @param packets position to limit is written; belongs to the connection until it calls {@code release}
     * @param release called on the event loop once the bytes are no longer needed, also when the connection closes
     */
    void write(ByteBuffer packets, Runnable release);

    /** Sends what was written. Event loop. */
    void flush();

    /**
     * Returns whether the connection takes more at the moment. When it does not, {@link ConnectionHandler#onReady} is
     * called once it does again. Event loop.
     *
     * @return false while more than the transport's high-water mark is waiting for the network
     */
    boolean isWritable();

    /**
     * Has {@link ConnectionHandler#onReady} called on the event loop soon; calls made before it runs are one. Any thread,
     * never blocks.
     */
    void wake();

    /**
     * Stops or resumes reading from the network; packets that were read before may still arrive. Any thread.
     *
     * @param reading false to stop
     */
    void reading(boolean reading);

    /**
     * Runs a task on the connection's event loop, in order. Any thread.
     *
     * @param task short, never blocking
     */
    void execute(Runnable task);

    /**
     * Closes the connection: what was flushed is sent first as far as the network takes it at once. Later calls do
     * nothing. Any thread; {@link ConnectionHandler#onClosed} follows on the event loop.
     *
     * @param reason why, given to {@code onClosed}; null for a plain close
     */
    void close(@Nullable TransportException reason);

    /**
     * Returns the bytes read from the network so far, before decryption where the transport can tell, else after. Any
     * thread.
     *
     * @return a count that only grows
     */
    long bytesIn();

    /**
     * Returns the bytes written to the network so far. Any thread.
     *
     * @return a count that only grows
     */
    long bytesOut();
}
