package io.hawser.tls;

import io.hawser.testing.Await;
import io.hawser.transport.Connection;
import io.hawser.transport.ConnectionHandler;
import io.hawser.transport.TransportException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connection in the connected phase that sends packets 0, 1, 2 and so on without end, as fast as the connection
 * takes them, and checks that the other end's arrive in order. Thread-safe: futures, and one writer of each count.
 */
final class NumberedPackets implements ConnectionHandler {
    private static final int MAX_PACKET = 1024 * 1024;

    private final int size;
    private final CompletableFuture<Connection> opened = new CompletableFuture<>();
    private final CompletableFuture<Optional<TransportException>> closed = new CompletableFuture<>();
    private final AtomicLong received = new AtomicLong();
    private volatile @Nullable String fault;
    private long sent; // event loop

    /** @param size of each packet, 9 bytes at least */
    NumberedPackets(int size) {
        this.size = size;
    }

    @Override
    public void onOpen(Connection connection) {
        connection.outboundConnected();
        connection.inboundConnected(MAX_PACKET);
        connection.admitted();
        opened.complete(connection);
        connection.wake();
    }

    @Override
    public void onReadComplete() {}

    @Override
    public void onReady() {
        Connection connection = opened.join();
        for (int i = 0; i < 8 && connection.isWritable(); i++) {
            ByteBuffer packet = ByteBuffer.allocate(Integer.BYTES + size);
            connection.write(packet.putInt(size).put((byte) 131).putLong(sent++).rewind(), () -> {});
        }
        connection.flush();
        if (connection.isWritable()) {
            connection.wake();
        }
    }

    @Override
    public void onPacket(ByteBuffer packet) {
        long expected = received.getAndIncrement();
        long found = packet.remaining() == size ? packet.getLong(packet.position() + 1) : -1;
        if (found != expected && fault == null) {
            fault = "packet " + found + " (expected: " + expected + ")";
        }
    }

    @Override
    public void onClosed(@Nullable TransportException cause) {
        closed.complete(Optional.ofNullable(cause));
    }

    Connection connection() {
        return opened.orTimeout(20, TimeUnit.SECONDS).join();
    }

    /** Waits for the end, and returns why. */
    Optional<TransportException> cause() {
        return closed.orTimeout(20, TimeUnit.SECONDS).join();
    }

    /** Waits until so many more have come that what was on its way is not what is seen. */
    void awaitProgress() {
        long enough = received.get() + 500;
        Await.until(Duration.ofSeconds(20), "packets arrive; closed: " + closed, () -> {
            if (closed.isDone()) {
                throw new AssertionError("closed: " + closed.join());
            }
            return received.get() >= enough;
        });
        if (fault != null) {
            throw new AssertionError(fault);
        }
    }
}
