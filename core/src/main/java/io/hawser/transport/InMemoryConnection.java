package io.hawser.transport;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One end of a connection in memory. Confined to the network's event loop, except where {@link Connection} says so. */
final class InMemoryConnection implements Connection {
    private static final Logger LOG = LoggerFactory.getLogger(InMemoryConnection.class);
    private static final int HANDSHAKE_LENGTH_BYTES = 2;
    private static final int HIGH_WATER_BYTES = 64 * 1024;
    private static final int LOW_WATER_BYTES = 32 * 1024;

    private enum State {
        NEW,
        OPEN,
        CLOSING,
        CLOSED
    }

    /** Bytes on their way; no bytes mean the end of the stream. */
    private record Chunk(@Nullable ByteBuffer bytes, Runnable release, long dueNanos) {}

    private final InMemoryNetwork network;
    private final long number;
    private final Executor loop;
    private final Executor wire; // to the other end
    private final ConnectionHandler handler;
    private final PeerIdentity peer;
    private final InetSocketAddress remote;
    private final long startedNanos;
    private final PacketSplitter reader;
    private final AtomicBoolean woken = new AtomicBoolean();
    private final List<Runnable> atAdmission = new ArrayList<>();
    private final List<Runnable> atClose = new ArrayList<>();
    private final Deque<Chunk> written = new ArrayDeque<>(1);
    private final Deque<Chunk> flying = new ArrayDeque<>(1);

    private State state = State.NEW;
    private @Nullable InMemoryConnection other;
    private InMemoryLink.@Nullable Way out; // of the link, from here to the other end
    private InMemoryLink.@Nullable Way in;
    private Runnable whenPassable = () -> {};
    private Scheduler.@Nullable Cancellable deadline;
    private boolean outboundConnected;
    private boolean deliveryScheduled;
    private boolean congested;
    private long waitingBytes;
    private volatile boolean vanished;
    private volatile boolean reading = true;
    private final AtomicLong bytesIn = new AtomicLong();
    private final AtomicLong bytesOut = new AtomicLong();

    InMemoryConnection(
            InMemoryNetwork network,
            ConnectionHandler handler,
            PeerIdentity peer,
            InetSocketAddress remote,
            long startedNanos) {
        this.network = network;
        this.number = network.nextNumber();
        this.loop = network.newLoop();
        this.wire = network.newLoop();
        this.handler = handler;
        this.peer = peer;
        this.remote = remote;
        this.startedNanos = startedNanos;
        this.reader = new PacketSplitter(Addresses.text(remote), HANDSHAKE_LENGTH_BYTES);
    }

    long number() {
        return number;
    }

    void join(InMemoryConnection end) {
        other = end;
    }

    void whenAdmittedOrClosed(Runnable task) {
        atAdmission.add(task);
    }

    void whenClosed(Runnable task) {
        atClose.add(task);
    }

    /** Begins: the connection is on its way, or was accepted. */
    void begin(InMemoryLink.Way outOf, InMemoryLink.Way into, Duration setupDeadline) {
        out = outOf;
        in = into;
        deadline = network.schedule(
                setupDeadline,
                () -> closeNow(new TransportException(
                        Addresses.text(remote) + ": not admitted within " + setupDeadline.toMillis() + " ms")));
    }

    /** Opens as soon as the network carries packets both ways: what asks for a connection, and the answer. */
    void whenPassable(Runnable open) {
        whenPassable = open;
        tryPass();
    }

    private void tryPass() {
        InMemoryLink.Way there = out;
        InMemoryLink.Way back = in;
        if (there == null || back == null || state != State.NEW || there.isStalled() || back.isStalled()) {
            return; // resume() comes back
        }
        Runnable open = whenPassable;
        whenPassable = () -> {};
        Duration roundTrip = there.delayOf(0).plus(back.delayOf(0));
        Runnable once = () -> {
            if (state == State.NEW) {
                open.run();
            }
        };
        if (roundTrip.isZero()) {
            once.run();
        } else {
            network.schedule(roundTrip, once);
        }
    }

    void open() {
        state = State.OPEN;
        guarded(() -> handler.onOpen(this));
    }

    /** Ends without a word to anybody, as with the host; the other end hears nothing any more. */
    void vanish() {
        vanished = true;
        state = State.CLOSED;
        reader.stop();
        if (deadline != null) {
            deadline.cancel();
        }
        if (out != null && in != null) {
            out.stall();
            in.stall();
        }
        written.clear();
        flying.clear();
        atClose.forEach(Runnable::run);
        atClose.clear();
    }

    /** Too many connections are on their way, and this is one of those that take longest. */
    void displaced() {
        close(new TransportException(
                Addresses.text(remote) + ": not admitted before newer connections took its place"));
    }

    @Override
    public PeerIdentity peer() {
        return peer;
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
    public void sendHandshake(ByteBuffer packet) {
        assert network.inEventLoop();
        int size = packet.remaining();
        if (outboundConnected || size > MAX_HANDSHAKE_PACKET) {
            throw new IllegalStateException("handshake packet of " + size + " bytes (expected: at most "
                    + MAX_HANDSHAKE_PACKET + ", before outboundConnected)");
        }
        ByteBuffer copy = ByteBuffer.allocate(HANDSHAKE_LENGTH_BYTES + size);
        copy.putShort((short) size).put(packet).flip();
        append(copy, () -> {});
        flush();
    }

    @Override
    public void outboundConnected() {
        assert network.inEventLoop();
        outboundConnected = true;
    }

    @Override
    public void inboundConnected(int maxPacketBytes) {
        assert network.inEventLoop();
        reader.connected(maxPacketBytes);
    }

    @Override
    public void admitted() {
        assert network.inEventLoop();
        if (deadline != null) {
            deadline.cancel();
        }
        atAdmission.forEach(Runnable::run);
        atAdmission.clear();
    }

    @Override
    public void write(ByteBuffer packets, Runnable release) {
        assert network.inEventLoop();
        if (!outboundConnected) {
            throw new IllegalStateException("write in the handshake phase (expected: after outboundConnected)");
        }
        append(packets.duplicate(), release);
    }

    private void append(ByteBuffer bytes, Runnable release) {
        if (state != State.OPEN) {
            release.run();
            return;
        }
        waitingBytes += bytes.remaining();
        congested |= waitingBytes > HIGH_WATER_BYTES;
        written.add(new Chunk(bytes, release, 0));
    }

    @Override
    public void flush() {
        assert network.inEventLoop();
        InMemoryLink.Way way = out;
        if (state != State.OPEN || way == null || written.isEmpty()) {
            return;
        }
        int size = 0;
        for (Chunk chunk : written) {
            size += chunk.bytes() == null ? 0 : chunk.bytes().remaining();
        }
        way.flushed(size);
        long due = network.scheduler().nanoTime() + way.delayOf(size).toNanos();
        for (Chunk chunk = written.poll(); chunk != null; chunk = written.poll()) {
            if (chunk.bytes() != null) {
                bytesOut.addAndGet(chunk.bytes().remaining());
            }
            fly(chunk.bytes(), chunk.release(), due);
        }
        scheduleDelivery(Duration.ZERO);
    }

    private void fly(@Nullable ByteBuffer bytes, Runnable release, long due) {
        Chunk last = flying.peekLast();
        flying.add(new Chunk(bytes, release, last == null ? due : Math.max(due, last.dueNanos())));
    }

    private void scheduleDelivery(Duration delay) {
        if (!deliveryScheduled && !flying.isEmpty()) {
            deliveryScheduled = true;
            Runnable delivery = () -> {
                deliveryScheduled = false;
                deliver();
            };
            if (delay.isZero()) {
                wire.execute(delivery);
            } else {
                network.schedule(delay, delivery);
            }
        }
    }

    /** Hands over what is due to the other end, as far as that reads. */
    private void deliver() {
        InMemoryConnection end = other;
        while (!flying.isEmpty() && !(out != null && out.isStalled())) {
            if (end != null && end.state == State.OPEN && !end.reading) {
                return; // reading(true) comes back
            }
            long wait = flying.element().dueNanos() - network.scheduler().nanoTime();
            if (wait > 0) {
                scheduleDelivery(Duration.ofNanos(wait));
                return;
            }
            hand(flying.remove(), end);
        }
        if (congested && waitingBytes <= LOW_WATER_BYTES) {
            congested = false;
            ready();
        }
    }

    private void hand(Chunk chunk, @Nullable InMemoryConnection end) {
        ByteBuffer bytes = chunk.bytes();
        if (bytes == null) {
            if (end != null) {
                end.endOfStream();
            }
            return;
        }
        waitingBytes -= bytes.remaining();
        try {
            if (end != null) {
                end.receive(bytes);
            }
        } finally {
            chunk.release().run();
        }
    }

    private void receive(ByteBuffer bytes) {
        if (state != State.OPEN) {
            return;
        }
        bytesIn.addAndGet(bytes.remaining());
        guarded(() -> {
            if (reader.read(bytes, this::onPacket)) {
                handler.onReadComplete();
            } else {
                handler.onActivity();
            }
        });
    }

    private void onPacket(ByteBuffer packet) {
        if (in != null) {
            in.arrived();
        }
        handler.onPacket(packet);
    }

    void endOfStream() {
        closeNow(
                reader.isWithinPacket()
                        ? new TransportException(Addresses.text(remote) + ": closed by the peer within a packet")
                        : null);
    }

    @Override
    public boolean isWritable() {
        assert network.inEventLoop();
        return state == State.OPEN && !congested;
    }

    @Override
    public void wake() {
        if (woken.compareAndSet(false, true)) {
            loop.execute(() -> {
                woken.set(false);
                ready();
            });
        }
    }

    private void ready() {
        if (state == State.OPEN) {
            guarded(handler::onReady);
        }
    }

    @Override
    public void reading(boolean on) {
        reading = on;
        if (on) {
            loop.execute(() -> {
                if (other != null) {
                    other.deliver();
                }
            });
        }
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(() -> {
            if (!vanished) {
                guarded(task);
            }
        });
    }

    @Override
    public void close(@Nullable TransportException reason) {
        if (network.inEventLoop()) {
            closeNow(reason);
        } else {
            loop.execute(() -> closeNow(reason));
        }
    }

    private void closeNow(@Nullable TransportException reason) {
        if (state == State.NEW && other == null) {
            state = State.CLOSING;
            loop.execute(() -> closed(reason));
            return;
        }
        if (state != State.OPEN) {
            return;
        }
        state = State.CLOSING;
        reader.stop();
        keepFlying();
        flying.add(new Chunk(
                null, () -> {}, flying.isEmpty() ? 0 : flying.getLast().dueNanos()));
        scheduleDelivery(Duration.ZERO);
        loop.execute(() -> closed(reason));
    }

    /** Lets what was flushed arrive, as from a socket's buffer, but gives the buffers back. */
    private void keepFlying() {
        List<Chunk> sent = new ArrayList<>(flying);
        flying.clear();
        for (Chunk chunk : sent) {
            ByteBuffer bytes = chunk.bytes();
            if (bytes != null) {
                ByteBuffer copy = ByteBuffer.allocate(bytes.remaining())
                        .put(bytes.duplicate())
                        .flip();
                fly(copy, () -> {}, chunk.dueNanos());
            }
            chunk.release().run();
        }
        written.forEach(chunk -> chunk.release().run());
        written.clear();
    }

    private void closed(@Nullable TransportException reason) {
        if (vanished) {
            return;
        }
        state = State.CLOSED;
        admitted();
        atClose.forEach(Runnable::run);
        atClose.clear();
        try {
            handler.onClosed(reason);
        } catch (RuntimeException | Error e) {
            LOG.atError().setCause(e).log("a connection's handler failed in onClosed");
        }
    }

    void cutBoth() {
        var cause = new TransportException(Addresses.text(remote) + ": connection reset by peer");
        cutOne(cause);
        if (other != null) {
            other.cutOne(cause);
        }
    }

    private void cutOne(TransportException cause) {
        closeNow(cause);
        flying.clear(); // closeNow gave the buffers back
    }

    void deliverBoth() {
        tryPass();
        deliver();
        if (other != null) {
            other.deliver();
        }
    }

    private void guarded(Runnable call) {
        try {
            call.run();
        } catch (TransportException e) {
            closeNow(e);
        } catch (RuntimeException | Error e) {
            closeNow(new TransportException(Addresses.text(remote) + ": the connection's handler failed: " + e, e));
        }
    }

    @Override
    public long bytesIn() {
        return bytesIn.get();
    }

    @Override
    public long bytesOut() {
        return bytesOut.get();
    }
}
