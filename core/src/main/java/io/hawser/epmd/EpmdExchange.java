package io.hawser.epmd;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * One request to an EPMD and its answer, under one absolute deadline.
 *
 * <p>Not thread-safe; used by one caller at a time.
 */
final class EpmdExchange implements AutoCloseable {
    private final SocketChannel channel;
    private final InputStream in;
    private final long deadlineNanos;
    private int received;

    private EpmdExchange(SocketChannel channel, InputStream in, long deadlineNanos) {
        this.channel = channel;
        this.in = in;
        this.deadlineNanos = deadlineNanos;
    }

    /** Connects and sends a request; a request fits into the buffer of a new socket, so sending it does not block. */
    static EpmdExchange open(InetSocketAddress epmd, ByteBuffer request, Duration timeout) throws IOException {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        SocketChannel channel = SocketChannel.open();
        try {
            channel.socket().setTcpNoDelay(true);
            channel.socket().connect(epmd, millisUntil(deadlineNanos));
            if (epmd.equals(channel.getLocalAddress())) {
                // with nobody there, TCP may connect a port of loopback to itself
                throw new ConnectException("connected to itself");
            }
            while (request.hasRemaining()) {
                channel.write(request);
            }
            return new EpmdExchange(channel, channel.socket().getInputStream(), deadlineNanos);
        } catch (IOException | RuntimeException e) {
            Loopback.closeQuietly(channel);
            throw e;
        }
    }

    /** Returns the connection, which a registration keeps. */
    SocketChannel channel() {
        return channel;
    }

    /**
     * Reads exactly so many bytes.
     *
     * @throws EOFException if the connection ends before
     * @throws SocketTimeoutException if they do not come before the deadline
     */
    ByteBuffer read(int count) throws IOException {
        byte[] bytes = new byte[count];
        int at = 0;
        while (at < count) {
            int n = readSome(bytes, at, count - at);
            if (n < 0) {
                throw new EOFException("closed after " + received + " bytes");
            }
            at += n;
        }
        return ByteBuffer.wrap(bytes);
    }

    /**
     * Reads to the end of the connection.
     *
     * @throws IOException if more than {@code max} bytes come, or the end does not come before the deadline
     */
    ByteBuffer readToEnd(int max) throws IOException {
        byte[] chunk = new byte[4096];
        var all = new ByteArrayOutputStream();
        for (int n = readSome(chunk, 0, chunk.length); n >= 0; n = readSome(chunk, 0, chunk.length)) {
            if (n > max - all.size()) {
                throw new IOException("more than " + max + " bytes");
            }
            all.write(chunk, 0, n);
        }
        return ByteBuffer.wrap(all.toByteArray());
    }

    @Override
    public void close() {
        Loopback.closeQuietly(channel);
    }

    private int readSome(byte[] into, int at, int count) throws IOException {
        // again before each read: an EPMD that sends a byte now and then must not stretch the deadline
        channel.socket().setSoTimeout(millisUntil(deadlineNanos));
        int n = in.read(into, at, count);
        received += Math.max(0, n);
        return n;
    }

    private static int millisUntil(long deadlineNanos) throws SocketTimeoutException {
        long nanos = deadlineNanos - System.nanoTime();
        if (nanos <= 0) {
            throw new SocketTimeoutException("timed out");
        }
        // 0 would mean for ever
        return (int) Math.min(Integer.MAX_VALUE, Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)));
    }
}
