package io.hawser.benchmarks.pair;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what arrives into frames, as whoever makes messages of them would have to: each is handed on as one piece, in place
 * where one read holds all of it.
 *
 * <pre>
 * 4 bytes: length of what follows | 1 byte: what it is | body
 * </pre>
 *
 * <p>Confined to the connection's event loop.
 */
abstract class FloorFrames extends ChannelInboundHandlerAdapter {
    /** One of a burst. */
    static final byte DATA = 0;
    /** How many will come, 8 bytes. */
    static final byte EXPECT = 1;
    /** They have come. */
    static final byte DONE = 2;

    static final byte PING = 3;
    static final byte PONG = 4;

    /** What comes before the body. */
    static final int HEADER_BYTES = 5;

    private static final int LENGTH_BYTES = 4;
    private static final int MAX_BYTES = Kind.M64.bytes() + 1;

    /** The frame that an earlier read has begun. */
    private @Nullable ByteBuf begun;

    /** Takes a frame; {@code body} holds it from its reader index on, and is not to be kept. */
    abstract void onFrame(ChannelHandlerContext context, byte what, ByteBuf body, int bodyBytes);

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var in = (ByteBuf) message;
        try {
            while (in.isReadable()) {
                if (begun == null && in.readableBytes() >= LENGTH_BYTES) {
                    int length = checked(in.getInt(in.readerIndex()));
                    if (in.readableBytes() >= LENGTH_BYTES + length) {
                        int next = in.readerIndex() + LENGTH_BYTES + length;
                        hand(context, in, length);
                        in.readerIndex(next);
                        continue;
                    }
                }
                gather(context, in);
            }
        } finally {
            in.release();
        }
    }

    private void gather(ChannelHandlerContext context, ByteBuf in) {
        ByteBuf frame = begun;
        if (frame == null) {
            frame = context.alloc().directBuffer(LENGTH_BYTES, LENGTH_BYTES + MAX_BYTES);
            begun = frame;
        }
        if (frame.writerIndex() < LENGTH_BYTES) {
            frame.writeBytes(in, Math.min(in.readableBytes(), LENGTH_BYTES - frame.writerIndex()));
            if (frame.writerIndex() < LENGTH_BYTES) {
                return;
            }
            frame.capacity(LENGTH_BYTES + checked(frame.getInt(0)));
        }
        frame.writeBytes(in, Math.min(in.readableBytes(), frame.writableBytes()));
        if (!frame.isWritable()) {
            hand(context, frame, frame.capacity() - LENGTH_BYTES);
            frame.release();
            begun = null;
        }
    }

    private void hand(ChannelHandlerContext context, ByteBuf frame, int length) {
        byte what = frame.skipBytes(LENGTH_BYTES).readByte();
        onFrame(context, what, frame, length - 1);
    }

    private static int checked(int length) {
        if (length < 1 || length > MAX_BYTES) {
            throw new IllegalArgumentException("frame: length " + length + " (expected: 1 to " + MAX_BYTES + ")");
        }
        return length;
    }

    /** Sends a frame with a body of zeros. */
    @SuppressWarnings("FutureReturnValueIgnored") // a failure closes the channel, and the measurement ends
    static void send(ChannelHandlerContext context, byte what, int bodyBytes) {
        ByteBuf frame = context.alloc().directBuffer(HEADER_BYTES + bodyBytes);
        frame.writeInt(1 + bodyBytes).writeByte(what).writeZero(bodyBytes);
        context.writeAndFlush(frame, context.voidPromise());
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (begun != null) {
            begun.release();
            begun = null;
        }
        context.fireChannelInactive();
    }
}
