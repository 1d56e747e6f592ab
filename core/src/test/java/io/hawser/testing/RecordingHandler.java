package io.hawser.testing;

import io.hawser.transport.Connection;
import io.hawser.transport.ConnectionHandler;
import io.hawser.transport.TransportException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what happens on a connection, and answers as a test says.
 *
 * <p>Thread-safe: concurrent queues and futures; the answers are set before the connection is made.
 */
public final class RecordingHandler implements ConnectionHandler {
    private static final long PATIENCE_SECONDS = 20;

    private final CompletableFuture<Connection> opened = new CompletableFuture<>();
    private final CompletableFuture<Optional<TransportException>> closed = new CompletableFuture<>();
    private final BlockingQueue<byte[]> packets = new LinkedBlockingQueue<>();
    private final AtomicInteger readyCalls = new AtomicInteger();
    private final AtomicInteger activityCalls = new AtomicInteger();
    private final AtomicInteger packetsOfRead = new AtomicInteger();
    private final BlockingQueue<Integer> completeReads = new LinkedBlockingQueue<>();
    private volatile Consumer<Connection> atOpen = connection -> {};
    private volatile BiConsumer<Connection, byte[]> atPacket = (connection, packet) -> {};
    private volatile Consumer<Connection> atReady = connection -> {};

    /**
     * Sets what is done when the connection opens.
     *
     * @param action called on the event loop
     * @return this
     */
    public RecordingHandler atOpen(Consumer<Connection> action) {
        atOpen = action;
        return this;
    }

    /**
     * Sets what is done with each packet, after it was kept.
     *
     * @param action called on the event loop
     * @return this
     */
    public RecordingHandler atPacket(BiConsumer<Connection, byte[]> action) {
        atPacket = action;
        return this;
    }

    /**
     * Sets what is done when the connection is ready.
     *
     * @param action called on the event loop
     * @return this
     */
    public RecordingHandler atReady(Consumer<Connection> action) {
        atReady = action;
        return this;
    }

    @Override
    public void onOpen(Connection connection) {
        opened.complete(connection);
        atOpen.accept(connection);
    }

    @Override
    public void onPacket(ByteBuffer packet) {
        byte[] copy = new byte[packet.remaining()];
        packet.get(copy);
        packets.add(copy);
        packetsOfRead.incrementAndGet();
        atPacket.accept(opened.join(), copy);
    }

    @Override
    public void onReadComplete() {
        completeReads.add(packetsOfRead.getAndSet(0));
    }

    @Override
    public void onActivity() {
        activityCalls.incrementAndGet();
    }

    @Override
    public void onReady() {
        readyCalls.incrementAndGet();
        atReady.accept(opened.join());
    }

    @Override
    public void onClosed(@Nullable TransportException cause) {
        if (!closed.complete(Optional.ofNullable(cause))) {
            throw new AssertionError("onClosed was called twice", cause);
        }
    }

    /**
     * Waits for the connection.
     *
     * @return the connection
     */
    public Connection connection() {
        CompletableFuture.anyOf(opened, closed)
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
        if (!opened.isDone()) {
            throw new AssertionError("closed and never opened: " + cause());
        }
        return opened.join();
    }

    /**
     * Waits for the next packet.
     *
     * @return its bytes
     */
    public byte[] packet() {
        try {
            byte[] packet = packets.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (packet == null) {
                throw new AssertionError("no packet within " + PATIENCE_SECONDS + " s; closed: " + closed);
            }
            return packet;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /**
     * Waits until the connection is closed.
     *
     * @return why, as {@code onClosed} was told
     */
    public Optional<TransportException> cause() {
        try {
            return closed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("not closed within " + PATIENCE_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /**
     * Returns whether the connection was opened.
     *
     * @return true once {@code onOpen} was called
     */
    public boolean wasOpened() {
        return opened.isDone();
    }

    /**
     * Returns whether the connection was closed.
     *
     * @return true once {@code onClosed} was called
     */
    public boolean wasClosed() {
        return closed.isDone();
    }

    /**
     * Returns how many packets wait to be taken.
     *
     * @return the count
     */
    public int waitingPackets() {
        return packets.size();
    }

    /**
     * Returns how often the connection was ready.
     *
     * @return the count
     */
    public int readyCalls() {
        return readyCalls.get();
    }

    /**
     * Returns how often bytes without a packet arrived.
     *
     * @return the count
     */
    public int activityCalls() {
        return activityCalls.get();
    }

    /**
     * Waits for reads that were complete until they have brought so many packets.
     *
     * @param packetCount the packets, those of handshakes included
     * @return how many packets each brought
     * @throws InterruptedException if interrupted while waiting
     */
    public List<Integer> completeReads(int packetCount) throws InterruptedException {
        var reads = new ArrayList<Integer>();
        for (int given = 0; given < packetCount; ) {
            Integer next = completeReads.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("complete reads of " + given + " packets (expected: " + packetCount + ")");
            }
            reads.add(next);
            given += next;
        }
        return reads;
    }
}
