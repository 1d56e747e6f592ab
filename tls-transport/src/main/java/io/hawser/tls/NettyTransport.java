package io.hawser.tls;

import io.hawser.term.NodeName;
import io.hawser.transport.AcceptGate;
import io.hawser.transport.AcceptLimits;
import io.hawser.transport.Addresses;
import io.hawser.transport.ConnectionHandler;
import io.hawser.transport.Transport;
import io.hawser.transport.TransportException;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Listens and dials with Netty; what protects the channels is given. Thread-safe. */
final class NettyTransport implements Transport {
    /** Writers wait above the first until less than the second waits: a few big batches, so that the wire never idles. */
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(128 * 1024, 512 * 1024);

    private static final int BACKLOG = 1024;

    private final ChannelSecurer securer;
    private final EventLoops loops = EventLoops.start();
    private final Set<Channel> listeners = ConcurrentHashMap.newKeySet();
    private final Set<NettyConnection> connections = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lifecycle = new ReentrantLock();
    private volatile boolean closed;

    NettyTransport(ChannelSecurer securer) {
        this.securer = securer;
    }

    @Override
    public String name() {
        return securer.name();
    }

    @Override
    public Listener listen(InetSocketAddress address, AcceptLimits limits, Supplier<ConnectionHandler> handlers) {
        var gate = new AcceptGate(limits);
        var bootstrap = new ServerBootstrap()
                .group(loops.group())
                .channel(loops.server())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        accept(channel, gate, limits, handlers);
                    }
                });
        loops.options().forEach((option, value) -> bootstrap.childOption(option, value));
        ChannelFuture bound = bind(bootstrap, address);
        if (!bound.isSuccess()) {
            throw cannotListen(address, bound.cause());
        }
        Channel channel = bound.channel();
        listeners.add(channel);
        channel.closeFuture().addListener(done -> listeners.remove(channel));
        if (closed) {
            close(channel);
        }
        return new NettyListener(channel);
    }

    private ChannelFuture bind(ServerBootstrap bootstrap, InetSocketAddress address) {
        try {
            return bootstrap.bind(address).awaitUninterruptibly();
        } catch (IllegalStateException | RejectedExecutionException e) {
            throw cannotListen(address, e);
        }
    }

    private TransportException cannotListen(InetSocketAddress address, @Nullable Throwable cause) {
        String why = closed ? "the transport is closed" : Sentences.ioFailure(String.valueOf(message(cause)));
        return new TransportException(Addresses.text(address) + ": cannot listen: " + why, cause);
    }

    private static @Nullable String message(@Nullable Throwable cause) {
        return cause == null ? null : cause.getMessage();
    }

    /** Counts a connection before TLS costs anything. */
    private void accept(
            SocketChannel channel, AcceptGate gate, AcceptLimits limits, Supplier<ConnectionHandler> handlers) {
        InetSocketAddress remote = channel.remoteAddress();
        if (remote == null) { // gone before we looked
            close(channel);
            return;
        }
        AcceptGate.Place place = gate.enter(remote.getAddress());
        var connection =
                add(channel, null, remote, place::leave, handlers.get(), System.nanoTime(), limits.setupDeadline());
        place.whenDisplaced(connection::displaced);
    }

    @Override
    public void connect(NodeName peer, InetSocketAddress address, Duration deadline, ConnectionHandler handler) {
        long started = System.nanoTime();
        var connection = new Dialled();
        var bootstrap = new Bootstrap()
                .group(loops.group())
                .channel(loops.client())
                .disableResolver()
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0) // the deadline covers it
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        connection.made = add(channel, peer, address, () -> {}, handler, started, deadline);
                    }
                });
        loops.options().forEach((option, value) -> bootstrap.option(option, value));
        lifecycle.lock(); // a loop that has been shut down takes no listener
        try {
            if (closed) {
                GlobalEventExecutor.INSTANCE.execute(() -> handler.onClosed(
                        new TransportException(Addresses.text(address) + ": the transport is closed")));
                return;
            }
            bootstrap.connect(address).addListener(done -> {
                if (!done.isSuccess()) {
                    connection.failed(address, done.cause(), handler);
                }
            });
        } finally {
            lifecycle.unlock();
        }
    }

    /** The connection of one dial, once there is one. Confined to its event loop. */
    private static final class Dialled {
        private @Nullable NettyConnection made;

        private void failed(InetSocketAddress address, Throwable cause, ConnectionHandler handler) {
            if (made != null) {
                made.notConnected(cause);
            } else {
                handler.onClosed(new TransportException(Addresses.text(address) + ": no channel: " + cause, cause));
            }
        }
    }

    private NettyConnection add(
            SocketChannel channel,
            @Nullable NodeName dialled,
            InetSocketAddress remote,
            Runnable leavePlace,
            ConnectionHandler handler,
            long started,
            Duration deadline) {
        var tap = new WireTap();
        var connection = new NettyConnection(channel, securer, tap, handler, remote, leavePlace, started);
        channel.pipeline().addLast(tap);
        securer.secure(channel, dialled);
        channel.pipeline().addLast(connection);
        connections.add(connection);
        channel.closeFuture().addListener(done -> connections.remove(connection));
        connection.closeUnlessAdmittedWithin(deadline);
        if (closed) {
            connection.close(null);
        }
        return connection;
    }

    @Override
    public void close() {
        lifecycle.lock();
        try {
            closed = true;
        } finally {
            lifecycle.unlock();
        }
        listeners.forEach(NettyTransport::close);
        connections.forEach(connection -> connection.close(null));
        loops.close();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // nothing is left to do with the channel
    private static void close(Channel channel) {
        channel.close();
    }

    private record NettyListener(Channel channel) implements Listener {
        @Override
        public InetSocketAddress address() {
            return (InetSocketAddress) channel.localAddress();
        }

        @Override
        public void close() {
            channel.close().awaitUninterruptibly();
        }
    }
}
