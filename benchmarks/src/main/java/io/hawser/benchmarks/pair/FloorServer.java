package io.hawser.benchmarks.pair;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;

/** The far end of the floor: counts what it was told to expect, and answers pings. Confined to its event loop. */
final class FloorServer extends FloorFrames {
    static final int PING_BYTES = 27;

    private long expected;
    private long sum;

    @Override
    void onFrame(ChannelHandlerContext context, byte what, ByteBuf body, int bodyBytes) {
        switch (what) {
            case EXPECT -> expected = body.readLong();
            case DATA -> {
                sum += body.getByte(body.readerIndex() + bodyBytes - 1); // what is received has been looked at
                if (--expected == 0) {
                    send(context, DONE, (int) (sum & 1));
                }
            }
            case PING -> send(context, PONG, PING_BYTES);
            default -> throw new IllegalArgumentException("frame: type " + what + " (expected: 0, 1 or 3)");
        }
    }
}
