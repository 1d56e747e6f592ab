package io.hawser.benchmarks.pair;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.util.Arrays;
import java.util.concurrent.SynchronousQueue;
import org.jspecify.annotations.Nullable;

/** Measures the floor: frames in batches of 128 KiB while the channel takes them, ping-pong, handshakes. */
final class FloorClient implements Timings.Peer {
    private static final int MAX_PINGS = 1 << 20;

    private final FloorNode node;
    private final int port;
    private final Frames frames = new Frames();
    private final Channel channel;

    private @Nullable Channel last;

    FloorClient(FloorNode node, int port) throws InterruptedException {
        this.node = node;
        this.port = port;
        this.channel = node.connect(port, frames);
    }

    @Override
    public long burst(Kind kind, int senders, long count) throws InterruptedException {
        long start = System.nanoTime();
        channel.eventLoop().execute(() -> frames.begin(kind.frameBytes(), count * senders));
        frames.answers.take();
        return System.nanoTime() - start;
    }

    @Override
    public long[] pings(Caller caller, long span) throws InterruptedException {
        if (caller == Caller.HANDLER) {
            channel.eventLoop().execute(() -> frames.pingFor(span));
            frames.answers.take();
            return Arrays.copyOf(frames.times, frames.pinged);
        }
        long[] times = new long[MAX_PINGS];
        int count = 0;
        long end = System.nanoTime() + span;
        for (long start = System.nanoTime(); start < end && count < times.length; start = System.nanoTime()) {
            channel.eventLoop().execute(frames::ping);
            frames.answers.take();
            times[count++] = System.nanoTime() - start;
        }
        return Arrays.copyOf(times, count);
    }

    @Override
    public long connect() throws InterruptedException {
        if (last != null) {
            last.close().sync();
        }
        Thread.sleep(BenchClient.SEEN_MILLIS);
        long start = System.nanoTime();
        last = node.connect(port, new Frames());
        return System.nanoTime() - start;
    }

    /** The event loop's side. Confined to it, but for {@code answers} and, once an answer has come, the times. */
    private static final class Frames extends FloorFrames {
        private static final int BATCH_BYTES = 128 << 10;

        final SynchronousQueue<Byte> answers = new SynchronousQueue<>();
        private static final ByteBuf CONTENT =
                Unpooled.unreleasableBuffer(Unpooled.directBuffer(BATCH_BYTES).writeZero(BATCH_BYTES));

        private @Nullable ChannelHandlerContext context;

        private int bodyBytes;
        private long left;
        private int unfinished;

        private long[] times = new long[0];
        private int pinged;
        private long pingStart;
        private long pingEnd;

        @Override
        public void handlerAdded(ChannelHandlerContext added) {
            context = added;
        }

        private ChannelHandlerContext context() {
            if (context == null) {
                throw new IllegalStateException("frames: not in a pipeline");
            }
            return context;
        }

        @SuppressWarnings("FutureReturnValueIgnored") // a failure closes the channel, and the measurement ends
        void begin(int bytes, long count) {
            bodyBytes = bytes;
            left = count;
            ByteBuf expect = context().alloc().directBuffer(HEADER_BYTES + Long.BYTES);
            expect.writeInt(1 + Long.BYTES).writeByte(EXPECT).writeLong(count);
            context().write(expect, context().voidPromise());
            pump();
        }

        /** One write a batch, until the channel holds enough. */
        @SuppressWarnings("FutureReturnValueIgnored") // as above
        private void pump() {
            while ((left > 0 || unfinished > 0) && context().channel().isWritable()) {
                context().writeAndFlush(batch(), context().voidPromise());
            }
        }

        /** Fills a buffer with frames; the last may go on in the next. */
        private ByteBuf batch() {
            ByteBuf batch = context().alloc().directBuffer(BATCH_BYTES, BATCH_BYTES);
            while (batch.isWritable(HEADER_BYTES) && (left > 0 || unfinished > 0)) {
                if (unfinished == 0) {
                    batch.writeInt(1 + bodyBytes).writeByte(DATA);
                    unfinished = bodyBytes;
                    left--;
                }
                int now = Math.min(unfinished, batch.writableBytes());
                batch.writeBytes(CONTENT, 0, now);
                unfinished -= now;
            }
            return batch;
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext changed) {
            pump();
        }

        void ping() {
            send(context(), PING, FloorServer.PING_BYTES);
        }

        void pingFor(long span) {
            times = new long[MAX_PINGS];
            pinged = 0;
            pingStart = System.nanoTime();
            pingEnd = pingStart + span;
            ping();
        }

        @Override
        void onFrame(ChannelHandlerContext from, byte what, ByteBuf body, int bytes) {
            if (what == PONG && pingEnd != 0) {
                long now = System.nanoTime();
                times[pinged++] = now - pingStart;
                if (now < pingEnd && pinged < times.length) {
                    pingStart = now;
                    ping();
                    return;
                }
                pingEnd = 0;
            }
            answer(what);
        }

        /** Whoever waits is there or about to be. */
        private void answer(byte what) {
            try {
                answers.put(what);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
