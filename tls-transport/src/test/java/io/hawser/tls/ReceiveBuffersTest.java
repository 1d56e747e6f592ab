package io.hawser.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ReceiveBuffersTest {
    @Test
    void aWayWithinTheMachineIsGivenLittle() {
        assumeTrue(Epoll.isAvailable(), "epoll does not load");
        var loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        try {
            var server = new ServerBootstrap()
                    .group(loops)
                    .channel(EpollServerSocketChannel.class)
                    .childHandler(new ChannelInboundHandlerAdapter())
                    .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .syncUninterruptibly()
                    .channel();
            var socket = (EpollSocketChannel) new Bootstrap()
                    .group(loops)
                    .channel(EpollSocketChannel.class)
                    .handler(new ChannelInboundHandlerAdapter())
                    .connect(server.localAddress())
                    .syncUninterruptibly()
                    .channel();
            ReceiveBuffers.fit(socket);
            // Linux says twice what it was asked for, and a busy machine is a slow way
            assertThat(socket.config().getReceiveBufferSize())
                    .isBetween(2 * ReceiveBuffers.MIN_BYTES, (int) (2 * 100 * ReceiveBuffers.LONG_WAY_MICROS));
            socket.close().syncUninterruptibly();
            ReceiveBuffers.fit(socket); // is not there any longer: nothing to fit
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }
}
