package io.hawser.tls;

import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads of one transport, {@code hawser-io-1} and up: epoll where it loads, else NIO. Thread-safe: immutable. */
record EventLoops(
        EventLoopGroup group,
        Class<? extends SocketChannel> client,
        Class<? extends ServerChannel> server,
        Map<ChannelOption<Long>, Long> options) {
    /** What the kernel may hold of a connection that is not sent yet: all of it stands before the next small message. */
    private static final long UNSENT_BYTES = 128 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(EventLoops.class);
    private static final int MAX_THREADS = 2;
    private static final int CLOSE_SECONDS = 5;

    static EventLoops start() {
        int threads = Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors());
        if (Epoll.isAvailable()) {
            return new EventLoops(
                    group(threads, EpollIoHandler.newFactory()),
                    EpollSocketChannel.class,
                    EpollServerSocketChannel.class,
                    Map.of(EpollChannelOption.TCP_NOTSENT_LOWAT, UNSENT_BYTES));
        }
        LOG.debug("epoll does not load, NIO is used", Epoll.unavailabilityCause());
        return new EventLoops(
                group(threads, NioIoHandler.newFactory()),
                NioSocketChannel.class,
                NioServerSocketChannel.class,
                Map.of());
    }

    private static EventLoopGroup group(int threads, IoHandlerFactory handlers) {
        var count = new AtomicInteger();
        ThreadFactory factory = task -> {
            var thread = new FastThreadLocalThread(task, "hawser-io-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
        return new MultiThreadIoEventLoopGroup(threads, factory, handlers);
    }

    /**
     * Ends the threads once their tasks are done; waits for it unless called on one of them. Tasks first: a loop that is
     * told to end closes its channels before it looks at what it was given to do, such as the last words of a connection.
     */
    void close() {
        boolean isOnLoop = false;
        for (var loop : group) {
            isOnLoop |= loop.inEventLoop();
        }
        if (!isOnLoop) {
            awaitTasks();
        }
        var end = group.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS);
        if (!isOnLoop) {
            end.awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void awaitTasks() {
        try {
            for (var loop : group) {
                loop.submit(() -> {}).awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
            }
        } catch (RejectedExecutionException e) {
            LOG.trace("closed before", e);
        }
    }
}
