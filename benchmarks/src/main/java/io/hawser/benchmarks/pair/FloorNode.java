package io.hawser.benchmarks.pair;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.File;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One end of the floor, which no library on top of the same sockets and the same TLS can be faster than: length-prefixed
 * frames on bare Netty, no terms, no mailboxes, one event loop a side.
 *
 * <pre>{@code
 * server NAME tcp|tls               prints READY and its port, and serves until it is ended
 * client NAME tcp|tls LABEL PORT    measures, prints RESULT lines and ends
 * }</pre>
 *
 * <p>From the environment: {@code CERTS} and {@code END_WITH_INPUT} as {@link BenchNode}, and what {@link Plan} takes.
 */
final class FloorNode {
    private static final WriteBufferWaterMark WATER = new WriteBufferWaterMark(256 << 10, 512 << 10);

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(
            1, Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    private final boolean isServer;
    private final @Nullable SslContext tls;

    private FloorNode(boolean isServer, String carrier) throws SSLException {
        this.isServer = isServer;
        this.tls = carrier.equals("tls") ? context(isServer) : null;
    }

    /** Runs one end. */
    public static void main(String[] words) throws Exception {
        BenchNode.endWithInput();
        var node = new FloorNode(words[0].equals("server"), words[2]);
        if (node.isServer) {
            System.out.println("READY " + node.listen());
        } else {
            var client = new FloorClient(node, Integer.parseInt(words[4]));
            new Timings(words[3], client, Plan.fromEnvironment()).run();
            System.exit(0);
        }
    }

    private static SslContext context(boolean isServer) throws SSLException {
        Path certs = Path.of(Plan.env("CERTS", "."));
        File chain = certs.resolve(isServer ? "b.pem" : "a.pem").toFile();
        File key = certs.resolve(isServer ? "b.key" : "a.key").toFile();
        SslContextBuilder builder = isServer
                ? SslContextBuilder.forServer(chain, key).clientAuth(ClientAuth.REQUIRE)
                : SslContextBuilder.forClient().keyManager(chain, key).endpointIdentificationAlgorithm("HTTPS");
        return builder.trustManager(certs.resolve("ca.pem").toFile())
                .sslProvider(SslProvider.OPENSSL_REFCNT)
                .protocols("TLSv1.3")
                .build();
    }

    private int listen() throws InterruptedException {
        Channel listener = new ServerBootstrap()
                .group(loop)
                .channel(Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(pipeline(FloorServer::new))
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** Connects, and returns when the handshake is over. */
    Channel connect(int port, ChannelHandler frames) throws InterruptedException {
        Channel channel = new Bootstrap()
                .group(loop)
                .channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER)
                .handler(pipeline(() -> frames))
                .connect(InetAddress.getLoopbackAddress(), port)
                .sync()
                .channel();
        SslHandler secured = channel.pipeline().get(SslHandler.class);
        if (secured != null) {
            secured.handshakeFuture().sync();
        }
        return channel;
    }

    private ChannelInitializer<Channel> pipeline(Supplier<ChannelHandler> frames) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                if (tls != null) {
                    channel.pipeline()
                            .addLast(
                                    isServer
                                            ? tls.newHandler(channel.alloc())
                                            : tls.newHandler(channel.alloc(), "127.0.0.1", 1));
                }
                channel.pipeline().addLast(frames.get());
            }
        };
    }
}
