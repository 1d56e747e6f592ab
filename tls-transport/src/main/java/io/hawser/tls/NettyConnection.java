package io.hawser.tls;

import io.hawser.transport.Addresses;
import io.hawser.transport.Connection;
import io.hawser.transport.ConnectionHandler;
import io.hawser.transport.PacketSplitter;
import io.hawser.transport.PeerIdentity;
import io.hawser.transport.TransportException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection on a Netty channel: the last handler of its pipeline. Confined to the channel's event loop. */
final class NettyConnection extends ChannelInboundHandlerAdapter implements Connection {
    private static final Logger LOG = LoggerFactory.getLogger(NettyConnection.class);

    /**
     * What is read beyond what is wanted while renewals wait for their answers, until more is wanted: more than is in flight
     * on most ways.
     */
    private static final int MAX_READ_AHEAD = 16 * 1024 * 1024;

    private enum State {
        /** The channel is not ready: TCP or TLS is on its way. */
        PREPARING,
        OPEN,
        CLOSING,
        CLOSED
    }

    private final Channel channel;
    private final ChannelSecurer securer;
    private final WireTap tap;
    private final ConnectionHandler handler;
    private final SocketAddress remote;
    private final String where;
    private final Runnable leavePlace;
    private final long startedNanos;
    private final PacketSplitter reader;
    private final AtomicBoolean woken = new AtomicBoolean();

    private State state = State.PREPARING;
    private @Nullable PeerIdentity peer;
    private @Nullable TransportException closeReason;
    private @Nullable ScheduledFuture<?> deadline;
    private boolean outboundConnected;
    private boolean inboundConnected;
    private @Nullable Renewal renewal; // null: the peer cannot
    private final ArrayDeque<Runnable> heldWrites = new ArrayDeque<>();
    private boolean holding;
    private boolean renewing;
    private volatile boolean wantsReading = true;
    private long readAhead;
    private boolean packetInThisRead;
    private long bytesInBefore;

    NettyConnection(
            Channel channel,
            ChannelSecurer securer,
            WireTap tap,
            ConnectionHandler handler,
            SocketAddress remote,
            Runnable leavePlace,
            long startedNanos) {
        this.channel = channel;
        this.securer = securer;
        this.tap = tap;
        this.handler = handler;
        this.remote = remote;
        this.where = Addresses.text(remote);
        this.leavePlace = leavePlace;
        this.startedNanos = startedNanos;
        this.reader = new PacketSplitter(where, securer.handshakeLengthBytes());
    }

    /** Starts the clock. Event loop. */
    void closeUnlessAdmittedWithin(Duration time) {
        long left = time.toNanos() - (System.nanoTime() - startedNanos);
        deadline = channel.eventLoop()
                .schedule(
                        () -> closeNow(
                                new TransportException(where + ": " + stage() + " within " + time.toMillis() + " ms")),
                        Math.max(0, left),
                        TimeUnit.NANOSECONDS);
    }

    /** Too many connections are on their way, and this is one of those that take longest. Any thread. */
    void displaced() {
        onLoop(() -> {
            if (deadline != null) { // else it was admitted meanwhile
                closeNow(new TransportException(where + ": " + stage() + " before newer connections took its place"));
            }
        });
    }

    private String stage() {
        if (state == State.OPEN) {
            return "not admitted";
        }
        return channel.isActive() ? "the TLS handshake was not done" : "no TCP connection";
    }

    /** The channel was never connected. Event loop. */
    void notConnected(Throwable failure) {
        if (closeReason == null) {
            closeReason = new TransportException(where + ": " + text(failure), failure);
        }
        closed();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (!securer.hasHandshake()) {
            open();
        }
        ctx.fireChannelActive();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent done) {
            if (done.isSuccess() && state == State.OPEN && renewal != null) {
                guarded(renewal::onHandshakeDone);
            } else if (done.isSuccess()) {
                open();
            } else {
                fail(done.cause());
            }
        }
        ctx.fireUserEventTriggered(event);
    }

    private void open() {
        if (state != State.PREPARING) {
            return;
        }
        try {
            peer = securer.identify(channel);
        } catch (TransportException e) {
            closeNow(e);
            return;
        }
        state = State.OPEN;
        ReceiveBuffers.fit(channel);
        if (securer.isRenewable(channel)) {
            renewal = new Renewal(this, channel, securer);
        }
        guarded(() -> handler.onOpen(this));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (state == State.OPEN && message instanceof ByteBuf bytes) {
                guarded(() -> read(bytes));
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void read(ByteBuf bytes) {
        if (renewing && !wantsReading) {
            readAhead += bytes.readableBytes();
            channel.config().setAutoRead(readAhead <= MAX_READ_AHEAD);
        }
        if (bytes.nioBufferCount() == 1) {
            packetInThisRead |= reader.read(bytes.nioBuffer(), this::onPacket);
            return;
        }
        for (ByteBuffer part : bytes.nioBuffers()) {
            packetInThisRead |= reader.read(part, this::onPacket);
        }
    }

    private void onPacket(ByteBuffer packet) {
        boolean connected = inboundConnected && outboundConnected; // before, what we have to say is not said yet
        if (renewal == null || !connected || !renewal.takes(packet)) {
            handler.onPacket(packet);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        long bytesInNow = tap.bytesIn();
        if (state == State.OPEN && packetInThisRead) {
            guarded(handler::onReadComplete);
        } else if (state == State.OPEN && bytesInNow != bytesInBefore) {
            guarded(handler::onActivity);
        }
        bytesInBefore = bytesInNow;
        packetInThisRead = false;
        ctx.fireChannelReadComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (channel.isWritable()) {
            ready();
        }
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
        fail(failure);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (state == State.PREPARING) {
            closeReason = new TransportException(where + ": the peer closed the connection during the TLS handshake");
        } else if (state == State.OPEN && reader.isWithinPacket()) {
            closeReason = new TransportException(where + ": closed by the peer within a packet");
        }
        if (state == State.OPEN && renewal != null) {
            closeReason = renewal.reason(closeReason);
        }
        closed();
        ctx.fireChannelInactive();
    }

    private void fail(Throwable failure) {
        closeOver(securer.explain(where, failure, tap, state == State.OPEN)
                .orElseGet(() -> new TransportException(where + ": " + text(failure), failure)));
    }

    private static String text(Throwable failure) {
        String message = failure.getMessage();
        return Sentences.ioFailure(message == null ? failure.getClass().getSimpleName() : message);
    }

    /** Closes for a failure; one in a renewal is not the reason, but what called for it. */
    void closeOver(TransportException failure) {
        closeNow(renewal == null ? failure : renewal.reason(failure));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // channelInactive, or the failure of the connect, follows
    private void closeNow(@Nullable TransportException reason) {
        if (state == State.CLOSING || state == State.CLOSED) {
            return;
        }
        state = State.CLOSING;
        closeReason = reason;
        reader.stop();
        channel.close();
    }

    private void closed() {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        reader.stop();
        endSetup();
        endRenewal();
        try {
            handler.onClosed(closeReason);
        } catch (RuntimeException | Error e) {
            LOG.atError().setCause(e).addKeyValue("peer", where).log("a connection's handler failed in onClosed");
        }
    }

    private void endSetup() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
        leavePlace.run();
    }

    /**
     * Has both sides show certificates again, or closes the connection if that cannot be. Any thread.
     *
     * @param isStill whether it is still called for, asked on the event loop
     * @param why says in the log why the connection closes if it does, and returns it
     */
    void renew(BooleanSupplier isStill, Supplier<TransportException> why) {
        onLoop(() -> {
            if (state == State.OPEN && isStill.getAsBoolean()) {
                if (renewal != null && inboundConnected && outboundConnected) {
                    renewal.start(why);
                } else {
                    closeNow(why.get());
                }
            }
        });
    }

    /** Reads what the peer has sent even if nobody wants it yet: its answer is behind that. */
    void readAhead() {
        renewing = true;
        applyReading();
    }

    /** Holds back what is to be sent. */
    void hold() {
        holding = true;
    }

    /** Sends what was held back. */
    void goOn() {
        holding = false;
        renewing = false;
        channel.config().setAutoRead(wantsReading);
        heldWrites.forEach(Runnable::run);
        heldWrites.clear();
        channel.flush();
        ready();
    }

    private void endRenewal() {
        if (renewal != null) {
            renewal.stop();
        }
        heldWrites.forEach(Runnable::run); // the channel is closed: they give their buffers back
        heldWrites.clear();
    }

    boolean isWithinPacket() {
        return reader.isWithinPacket();
    }

    String where() {
        return where;
    }

    private void ready() {
        if (state == State.OPEN) {
            guarded(handler::onReady);
        }
    }

    /** Calls the handler; what it throws costs this connection only. */
    void guarded(Runnable call) {
        try {
            call.run();
        } catch (TransportException e) {
            closeOver(e);
        } catch (RuntimeException | Error e) {
            closeOver(new TransportException(where + ": the connection's handler failed: " + e, e));
        }
    }

    @Override
    public PeerIdentity peer() {
        PeerIdentity known = peer;
        if (known == null) {
            throw new IllegalStateException(where + ": the peer is not known yet (expected: after onOpen)");
        }
        return known;
    }

    @Override
    public SocketAddress remoteAddress() {
        return remote;
    }

    @Override
    public long startedNanos() {
        return startedNanos;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // a failure closes the channel
    public void sendHandshake(ByteBuffer packet) {
        assert channel.eventLoop().inEventLoop();
        int size = packet.remaining();
        if (outboundConnected || size > MAX_HANDSHAKE_PACKET) {
            throw new IllegalStateException("handshake packet of " + size + " bytes (expected: at most "
                    + MAX_HANDSHAKE_PACKET + ", before outboundConnected)");
        }
        ByteBuf bytes = channel.alloc().buffer(Integer.BYTES + size);
        if (securer.handshakeLengthBytes() == Short.BYTES) {
            bytes.writeShort(size);
        } else {
            bytes.writeInt(size);
        }
        channel.writeAndFlush(bytes.writeBytes(packet), channel.voidPromise());
    }

    @Override
    public void outboundConnected() {
        assert channel.eventLoop().inEventLoop();
        outboundConnected = true;
    }

    @Override
    public void inboundConnected(int maxPacketBytes) {
        assert channel.eventLoop().inEventLoop();
        inboundConnected = true;
        reader.connected(maxPacketBytes);
    }

    @Override
    public void admitted() {
        assert channel.eventLoop().inEventLoop();
        endSetup();
    }

    @Override
    public void write(ByteBuffer packets, Runnable release) {
        assert channel.eventLoop().inEventLoop();
        if (!outboundConnected) {
            throw new IllegalStateException("write in the handshake phase (expected: after outboundConnected)");
        }
        if (holding) {
            heldWrites.add(() -> write(channel, packets, release));
        } else {
            write(channel, packets, release);
        }
    }

    private static void write(Channel channel, ByteBuffer packets, Runnable release) {
        channel.write(Unpooled.wrappedBuffer(packets)).addListener(done -> release.run());
    }

    @Override
    public void flush() {
        assert channel.eventLoop().inEventLoop();
        channel.flush();
    }

    @Override
    public boolean isWritable() {
        assert channel.eventLoop().inEventLoop();
        return channel.isWritable() && !holding;
    }

    @Override
    public void wake() {
        if (!woken.get() && woken.compareAndSet(false, true)) {
            onLoop(() -> {
                woken.set(false);
                ready();
            });
        }
    }

    @Override
    public void reading(boolean reading) {
        wantsReading = reading; // at once: what was asked for last counts, whichever task runs last
        if (channel.eventLoop().inEventLoop()) {
            applyReading();
        } else {
            onLoop(this::applyReading);
        }
    }

    private void applyReading() {
        boolean reading = wantsReading;
        if (reading) {
            readAhead = 0; // not before: a peer that renews often would have us read without end
        }
        channel.config().setAutoRead(reading || (renewing && readAhead <= MAX_READ_AHEAD));
    }

    @Override
    public void execute(Runnable task) {
        onLoop(() -> guarded(task));
    }

    @Override
    public void close(@Nullable TransportException reason) {
        if (channel.eventLoop().inEventLoop()) {
            closeNow(reason);
        } else {
            onLoop(() -> closeNow(reason));
        }
    }

    private void onLoop(Runnable task) {
        try {
            channel.eventLoop().execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("the transport is closed, task dropped", e);
        }
    }

    @Override
    public long bytesIn() {
        return tap.bytesIn();
    }

    @Override
    public long bytesOut() {
        return tap.bytesOut();
    }
}
