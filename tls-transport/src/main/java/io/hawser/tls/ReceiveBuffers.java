package io.hawser.tls;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollTcpInfo;
import io.netty.channel.socket.SocketChannel;

/**
 * What the kernel may hold of a connection before it was read. On a short way bytes come in faster than they are decrypted:
 * left to itself the kernel takes up to 32 MB of a large message, and a small one behind it waits for all of them. On a long
 * way the network is what is slow, and the kernel finds out by itself how much is in flight there.
 */
final class ReceiveBuffers {
    /**
     * Of a way that takes no time: a few reads of an event loop. The kernel takes twice as much, its own records included. With
     * half of it both sides wait for each other more, and messages of 64 KiB lose a fifth of their throughput; with twice as much
     * small messages beside a large one take two to three times as long.
     */
    static final int MIN_BYTES = 256 * 1024;

    /** Round trips of more microseconds are a long way. */
    static final long LONG_WAY_MICROS = 5_000;

    /** In flight on a way of one microsecond at 100 MB/s; 200 MB/s with what the kernel adds. */
    private static final long BYTES_PER_MICRO = 100;

    /** Where nothing says how long the way is: at 50 ms it allows for 20 MB/s. */
    private static final int UNKNOWN_WAY_BYTES = 1024 * 1024;

    private ReceiveBuffers() {}

    /** Fits the buffer to the way, which the kernel has measured in the handshake. */
    static void fit(Channel channel) {
        try {
            if (channel instanceof EpollSocketChannel socket) {
                long micros = socket.tcpInfo(new EpollTcpInfo()).rtt();
                if (micros <= LONG_WAY_MICROS) {
                    socket.config().setReceiveBufferSize((int) Math.max(MIN_BYTES, micros * BYTES_PER_MICRO));
                }
            } else if (channel instanceof SocketChannel socket) {
                socket.config().setReceiveBufferSize(UNKNOWN_WAY_BYTES);
            }
        } catch (ChannelException e) {
            // closed meanwhile: the channel says so itself
        }
    }
}
