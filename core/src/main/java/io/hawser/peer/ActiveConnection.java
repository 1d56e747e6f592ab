package io.hawser.peer;

import io.hawser.dist.ControlMessage;
import io.hawser.dist.PacketReader;
import io.hawser.dist.PacketWriter;
import io.hawser.dist.Signal;
import io.hawser.etf.DecodeLimits;
import io.hawser.handshake.Peer;
import io.hawser.term.Atom;
import io.hawser.term.Printable;
import io.hawser.term.Term;
import io.hawser.transport.Connection;
import io.hawser.transport.Scheduler.Cancellable;
import io.hawser.transport.TransportException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A connection that is up: signals in and out, ticks, the inbound budget.
 *
 * <p>{@link #offer}, {@link #consumed}, {@link #hangUp} and the accessors are thread-safe; the rest is confined to the
 * connection's event loop.
 */
final class ActiveConnection implements PeerConnection {
    /** Why a silent peer's connection is closed, in OTP's word. */
    static final String TICK_TIMEOUT = "net_tick_timeout";

    private static final int LENGTH_BYTES = 4;

    private final PeerContext context;
    private final Route route;
    private final Connection connection;
    private final Peer peer;
    private final Atom node;
    private final long id;
    private final long claim;
    private final PacketReader reader;
    private final Outbox outbox;
    private final InboundBudget budget;
    private final DecodingLanes decoding;
    private final AfterRead afterRead;
    private final Ticker ticker;
    private final Suspicion suspicion;
    private final boolean dialled;
    private final long upSince;
    private final AtomicLong lastWritten;
    private final LongAdder messagesOut = new LongAdder();
    private @Nullable Cancellable nextCheck;
    private boolean ended;
    private volatile @Nullable Ending ending; // null: not our doing, so far

    ActiveConnection(
            PeerContext context, Route route, Connection connection, Peer peer, long id, long claim, boolean dialled) {
        this.dialled = dialled;
        this.upSince = context.now();
        this.lastWritten = new AtomicLong(upSince);
        this.context = context;
        this.route = route;
        this.connection = connection;
        this.peer = peer;
        this.node = route.node();
        this.id = id;
        this.claim = claim;
        this.reader = new PacketReader(
                peer.flags(),
                context.settings().self().atom(),
                node,
                DecodeLimits.CONNECTION.withMaxHeapBytes(context.settings().maxTermBytes()),
                context.settings().maxMessageBytes(),
                context.fragments());
        this.outbox = new Outbox(
                connection,
                new PacketWriter(peer.flags()),
                context.settings().highWaterBytes(),
                context.inbound(),
                new Outbox.Observer() {
                    @Override
                    public void wrote() {
                        lastWritten.setRelease(context.now());
                    }

                    @Override
                    public void waited(long nanos) {
                        context.tellSenderWaited(ActiveConnection.this, nanos, queuedBytes());
                    }
                },
                context.settings().surroundings());
        this.budget = new InboundBudget(
                connection,
                context.settings().scheduler(),
                context.inbound(),
                context.settings().inboundBudgetBytes(),
                nanos -> context.tellPaused(this, nanos));
        this.decoding = new DecodingLanes(connection, context.inbound(), budget, new DecodingLanes.Target() {
            @Override
            public void deliver(Signal signal) {
                if (signal.wireBytes() > PacketReader.DECODED_BYTES) { // else it came behind such a one
                    context.tellLargeMessage(ActiveConnection.this, signal.heapBytes());
                }
                tell(signal);
            }

            @Override
            public void failed(RuntimeException cause) {
                breakOff(cause);
            }
        });
        this.afterRead = new AfterRead();
        this.ticker = new Ticker(context.settings().tickTime(), upSince);
        this.suspicion = new Suspicion(context.settings().tickTime(), upSince);
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    public Atom node() {
        return node;
    }

    @Override
    public Connection connection() {
        return connection;
    }

    @Override
    public long messagesOut() {
        return messagesOut.sum();
    }

    @Override
    public Vitals vitals() {
        long now = context.now();
        return new Vitals(
                dialled,
                Math.max(0, now - upSince),
                queuedBytes(),
                budget.outstandingBytes(),
                budget.isPaused(),
                suspicion.silenceNanos(now),
                Math.max(0, now - lastWritten.getAcquire()),
                suspicion.phi(now),
                suspicion.isSuspected());
    }

    private long queuedBytes() {
        return outbox.queuedBytes();
    }

    @Override
    public Ending ending() {
        Ending ours = ending;
        return ours != null ? ours : Ending.CONNECTION_CLOSED;
    }

    @Override
    public boolean isReadingPaused() {
        return budget.isPaused();
    }

    @Override
    public void consumed(int signals, long heapBytes) {
        budget.giveBack(signals, heapBytes);
    }

    @Override
    public void hangUp(String reason) {
        hangUp(Ending.DISCONNECT, new TransportException(reason));
    }

    Route route() {
        return route;
    }

    /** Returns the claim this connection was admitted on: a higher one is newer. */
    long claim() {
        return claim;
    }

    Outbox.Outcome offer(ControlMessage control, @Nullable Term payload, Outbox.Mode mode, BooleanSupplier hasUnread) {
        Outbox.Outcome outcome = outbox.offer(control, payload, mode, hasUnread);
        if (outcome == Outbox.Outcome.QUEUED && isMessage(control)) {
            messagesOut.increment();
        } else if (outcome == Outbox.Outcome.EXCEEDED) {
            String reason = route.name() + ": more than " + Outbox.MAX_ANSWER_BYTES
                    + " bytes of answers wait (expected: that the peer reads)";
            context.rejections().warn(connection.peer().description(), reason);
            hangUp(Ending.DISCONNECT, new TransportException(reason));
        }
        return outcome;
    }

    private static boolean isMessage(ControlMessage control) {
        return control instanceof ControlMessage.Send
                || control instanceof ControlMessage.RegSend
                || control instanceof ControlMessage.AliasSend;
    }

    /**
     * Sends what is queued as far as the network takes it at once, and closes.
     *
     * @param how why, in a word
     * @param reason why
     */
    void hangUp(Ending how, TransportException reason) {
        connection.execute(() -> {
            if (!ended) {
                outbox.drain();
                end(how, reason);
            }
        });
    }

    /** Begins the connected phase. Event loop. */
    void begin() {
        scheduleCheck(0);
        outbox.drain();
    }

    void onPacket(ByteBuffer packet) {
        if (ended) {
            return;
        }
        boolean isTick = !packet.hasRemaining();
        received(isTick);
        if (isTick) {
            return;
        }
        afterRead.begin(packet.remaining());
        try {
            Signal signal = reader.read(packet);
            if (signal != null) {
                deliver(signal);
            }
        } catch (RuntimeException e) {
            // whatever it is, it costs this connection and nothing else
            breakOff(e);
        }
    }

    private void deliver(Signal signal) {
        if (!decoding.take(signal)) {
            budget.charge(signal.heapBytes());
            tell(signal);
        }
    }

    private void tell(Signal signal) {
        context.tellSignal(this, signal.control(), signal.payload(), signal.heapBytes());
    }

    private void breakOff(RuntimeException cause) {
        String what = cause.getMessage() != null ? cause.getMessage() : cause.toString();
        String reason = PeerContext.about(route.name(), Printable.of(what));
        context.rejections().warn(connection.peer().description(), reason);
        decoding.clear();
        end(Ending.CONNECTION_CLOSED, new TransportException(reason, cause));
    }

    void onReadComplete() {
        afterRead.end();
    }

    @Override
    public void afterRead(Runnable task) {
        afterRead.add(task);
    }

    void onActivity() {
        received(false);
    }

    private void received(boolean isTick) {
        long now = context.now();
        ticker.received(now);
        tellTrusted(suspicion.received(now, isTick));
    }

    private void tellTrusted(long silenceNanos) {
        if (silenceNanos != Suspicion.NO_NEWS) {
            context.tellSuspicion(this, false, 0, silenceNanos);
        }
    }

    void onReady() {
        if (!ended) {
            outbox.drain();
        }
    }

    /**
     * The connection is closed: nothing more comes in.
     *
     * @param whenDelivered run once all that came in is delivered
     */
    void onClosed(@Nullable TransportException cause, Runnable whenDelivered) {
        if (!ended && cause != null) { // not our doing, of which the log knows
            context.rejections()
                    .warn(
                            connection.peer().description(),
                            PeerContext.about(route.name(), String.valueOf(cause.getMessage())),
                            cause.code().orElse(null));
        }
        ended = true;
        if (nextCheck != null) {
            nextCheck.cancel();
        }
        afterRead.end();
        outbox.close();
        reader.close();
        budget.close();
        if (context.isClosed()) {
            decoding.clear();
        }
        decoding.whenEmpty(whenDelivered);
    }

    private void end(Ending how, TransportException reason) {
        ending = how;
        ended = true;
        outbox.close();
        connection.close(reason);
    }

    /** Has senders that wait for room look again. Any thread. */
    void recheckRoom() {
        outbox.recheck();
    }

    /** Makes senders look for another connection. Any thread. */
    void refuseMore() {
        outbox.seal();
    }

    /** @param atLeastNanos what there is to be read first takes that long, at most */
    private void scheduleCheck(long atLeastNanos) {
        long now = context.now();
        long nanos = Math.max(atLeastNanos, Math.min(ticker.untilNextCheck(now).toNanos(), suspicion.untilLook(now)));
        suspicion.lookAt(now + nanos);
        nextCheck =
                context.settings().scheduler().schedule(Duration.ofNanos(nanos), () -> connection.execute(this::check));
    }

    private void check() {
        if (ended) {
            return;
        }
        long now = context.now();
        long late = suspicion.lateness(now);
        if (late > 0) {
            context.tellLate(this, late);
        }
        if (budget.isPaused()) { // it is us who do not read
            ticker.received(now);
            tellTrusted(suspicion.unread(now));
        }
        if (suspicion.look(now)) {
            context.tellSuspicion(this, true, suspicion.phi(now), suspicion.silenceNanos(now));
        }
        switch (ticker.check(now, outbox::takeWrote)) {
            case TIMEOUT -> timeOut(late);
            case TICK -> tick();
            case NOTHING -> {}
        }
        if (!ended) {
            scheduleCheck(late > 0 ? suspicion.slackNanos() : 0);
        }
    }

    /** After a pause of our own, what the peer sent meanwhile may still lie in the socket: that is read first. */
    private void timeOut(long late) {
        if (late == 0) {
            context.rejections().warn(connection.peer().description(), route.name() + ": " + TICK_TIMEOUT);
            end(Ending.NET_TICK_TIMEOUT, new TransportException(TICK_TIMEOUT));
        }
    }

    private void tick() {
        if (connection.isWritable()) { // else bytes wait already
            connection.write(ByteBuffer.allocate(LENGTH_BYTES), () -> {});
            connection.flush();
            lastWritten.setRelease(context.now());
        }
    }
}
