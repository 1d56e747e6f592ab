package io.hawser.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the bytes on the wire, below TLS, and keeps the first that arrived, to say what they are when they are not TLS.
 *
 * <p>Confined to the connection's event loop; the counts are read from any thread.
 */
final class WireTap extends ChannelDuplexHandler {
    private static final int KEPT = 8;

    private final AtomicLong bytesIn = new AtomicLong();
    private final AtomicLong bytesOut = new AtomicLong();
    private final byte[] first = new byte[KEPT];
    private int firstCount;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            if (firstCount < KEPT) {
                int n = Math.min(KEPT - firstCount, bytes.readableBytes());
                bytes.getBytes(bytes.readerIndex(), first, firstCount, n);
                firstCount += n;
            }
            bytesIn.lazySet(bytesIn.get() + bytes.readableBytes());
        }
        ctx.fireChannelRead(message);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the result goes to the promise
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            bytesOut.lazySet(bytesOut.get() + bytes.readableBytes());
        }
        ctx.write(message, promise);
    }

    /** The first bytes that arrived, at most 8. */
    byte[] first() {
        return Arrays.copyOf(first, firstCount);
    }

    long bytesIn() {
        return bytesIn.get();
    }

    long bytesOut() {
        return bytesOut.get();
    }
}
