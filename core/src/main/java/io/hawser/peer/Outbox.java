package io.hawser.peer;

import io.hawser.dist.ControlMessage;
import io.hawser.dist.OutgoingFragments;
import io.hawser.dist.PacketWriter;
import io.hawser.dist.SendHeaders;
import io.hawser.etf.ByteOutput;
import io.hawser.term.Pid;
import io.hawser.term.Term;
import io.hawser.transport.Connection;
import io.hawser.transport.Surroundings;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What waits to leave on one connection. Senders encode straight into the batch; the event loop takes whole batches and
 * gives the buffers back, so that two of them serve a connection for its life. Signals with a large payload leave in
 * fragments between the batches.
 *
 * <p>Thread-safe: one lock, held while one small signal is encoded; large ones are encoded before it is taken.
 */
final class Outbox {
    private static final int MIB = 1024 * 1024;

    /**
     * Unsent answers from which on a connection is given up: its peer asks and does not read. All that a service tells a node
     * that comes, the global names among it, must have room beside what else it says.
     */
    static final int MAX_ANSWER_BYTES =
            (int) Math.max(16 * MIB, Math.min(64 * MIB, Runtime.getRuntime().maxMemory() / 16));

    /** What a batch has room for on a connection that says nothing but ticks, as most do in a large mesh. */
    private static final int IDLE_BATCH_BYTES = 128;

    /** What it has room for as long as there is traffic. */
    private static final int FIRST_BATCH_BYTES = 8 * 1024;
    /** Fragments of so many bytes leave at a time: what a small signal may find ahead of it. */
    private static final int FRAGMENTS_BATCH_BYTES = 2 * PacketWriter.FRAGMENT_BYTES;

    private static final int MAX_TURNS = 16;

    /** What became of a signal. */
    enum Outcome {
        /** It is queued. */
        QUEUED,
        /** It is not: there is no room. */
        FULL,
        /** It is not: the connection was gone before. */
        GONE,
        /** It is not: the connection went while the sender waited for room. */
        LOST,
        /** It is not: too many answers wait already. */
        EXCEEDED
    }

    /** How a signal is sent. */
    enum Mode {
        /** Wait for room. */
        WAIT,
        /** Refuse when there is none. */
        TRY,
        /** Do not look at the room, but at how many answers wait. */
        ANSWER,
        /** Do not look at the room: the signal waited elsewhere before. */
        ALWAYS
    }

    /** A signal encoded on its own: as one packet, or else in fragments. */
    private record Encoded(ByteOutput packet, @Nullable OutgoingFragments fragments) {}

    /** Told what happens, for looking on. */
    interface Observer {
        /** Bytes were handed to the connection. Event loop. */
        void wrote();

        /** A sender goes on after it waited. On its thread, with the lock held: must not block. */
        void waited(long nanos);
    }

    private static final Observer NOBODY = new Observer() {
        @Override
        public void wrote() {}

        @Override
        public void waited(long nanos) {}
    };

    private final Connection connection;
    private final PacketWriter writer;
    private final long highWaterBytes;
    private final long keptBatchBytes; // a batch grows to it before senders wait
    private final InboundShare inbound;
    private final Observer observer;

    private final AtomicLong sequences = new AtomicLong();

    private final ReentrantLock lock = new ReentrantLock();
    private final WaitingThreads room;
    private final FragmentLanes lanes = new FragmentLanes();
    private final LargeRoom largeRoom = new LargeRoom();
    private final SendHeaders headers = new SendHeaders();
    private ByteOutput batch = new ByteOutput(IDLE_BATCH_BYTES);
    private @Nullable ByteOutput spare = new ByteOutput(IDLE_BATCH_BYTES); // null: on its way
    private int batchAnswerBytes;
    private int leavingBytes; // handed to the connection, which still has them
    private boolean idle = true; // the event loop does not look by itself
    private boolean congested;
    private boolean sealed; // takes no more
    private boolean closed; // hands out no more

    // event loop
    private boolean draining;
    private boolean drainAgain;
    private boolean wrote;
    private int largestBatch; // since it was last looked at

    Outbox(
            Connection connection,
            PacketWriter writer,
            long highWaterBytes,
            InboundShare inbound,
            Surroundings surroundings) {
        this(connection, writer, highWaterBytes, inbound, NOBODY, surroundings);
    }

    Outbox(
            Connection connection,
            PacketWriter writer,
            long highWaterBytes,
            InboundShare inbound,
            Observer observer,
            Surroundings surroundings) {
        this.observer = observer;
        this.room = new WaitingThreads(lock, surroundings);
        this.connection = connection;
        this.writer = writer;
        this.highWaterBytes = highWaterBytes;
        this.keptBatchBytes = 2 * (highWaterBytes + PacketWriter.WHOLE_BYTES);
        this.inbound = inbound;
    }

    /**
     * Queues a signal and has the event loop look after it. Any thread; blocks in {@link Mode#WAIT} only: a small signal
     * waits for the small ones ahead of it and for its own sender's large ones, a large one also until it has left itself,
     * but for the high-water mark.
     *
     * @param control the control message
     * @param payload what follows it
     * @param mode what to do without room
     * @param hasUnread whether the sender has messages to read; cheap, asked under the lock
     * @return what became of it
     */
    Outcome offer(ControlMessage control, @Nullable Term payload, Mode mode, BooleanSupplier hasUnread) {
        Pid sender = SignalSender.of(control);
        long largeSize = LargeTerms.largeSize(payload);
        return largeSize > 0
                ? offerLarge(control, payload, mode, sender, largeSize, hasUnread)
                : offerSmall(control, payload, mode, sender, hasUnread);
    }

    /** Returns how many bytes wait to leave. Any thread. */
    long queuedBytes() {
        lock.lock();
        try {
            return closed ? 0 : batch.size() + lanes.bytes() + leavingBytes;
        } finally {
            lock.unlock();
        }
    }

    private Outcome offerSmall(
            ControlMessage control,
            @Nullable Term payload,
            Mode mode,
            @Nullable Pid sender,
            BooleanSupplier hasUnread) {
        boolean wake;
        lock.lock();
        try {
            Outcome refusal = admit(mode, sender, 0, hasUnread);
            if (refusal != null) {
                return refusal;
            }
            append(control, sender, payload, mode == Mode.ANSWER);
            wake = takeIdle();
        } finally {
            lock.unlock();
        }
        if (wake) {
            connection.wake();
        }
        return Outcome.QUEUED;
    }

    private Outcome offerLarge(
            ControlMessage control,
            @Nullable Term payload,
            Mode mode,
            @Nullable Pid sender,
            long size,
            BooleanSupplier hasUnread) {
        Outcome refusal = enterLargeRoom(mode, sender, size, hasUnread);
        if (refusal != null) {
            return refusal;
        }
        Encoded encoded;
        try {
            encoded = encode(control, payload); // takes its time
        } catch (RuntimeException | Error e) {
            leaveLargeRoom(size);
            throw e;
        }
        boolean wake;
        lock.lock();
        try {
            if (sealed) {
                return Outcome.GONE; // with all who wait for room
            }
            place(control, sender, encoded, mode == Mode.ANSWER, () -> leaveLargeRoom(size));
            wake = takeIdle();
        } finally {
            lock.unlock();
        }
        if (wake) {
            connection.wake();
        }
        if (mode == Mode.WAIT && sender != null) {
            awaitLeft(sender, hasUnread);
        }
        return Outcome.QUEUED;
    }

    private @Nullable Outcome enterLargeRoom(Mode mode, @Nullable Pid sender, long size, BooleanSupplier hasUnread) {
        lock.lock();
        try {
            Outcome refusal = admit(mode, sender, size, hasUnread);
            if (refusal == null) {
                largeRoom.take(size);
            }
            return refusal;
        } finally {
            lock.unlock();
        }
    }

    private void leaveLargeRoom(long size) {
        lock.lock();
        try {
            largeRoom.giveBack(size);
            room.wakeAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether the event loop is to be woken, which it is then. */
    private boolean takeIdle() {
        congested |= batch.size() > highWaterBytes;
        boolean wake = idle;
        idle = false;
        return wake;
    }

    private @Nullable Outcome admit(Mode mode, @Nullable Pid sender, long largeSize, BooleanSupplier hasUnread) {
        if (sealed) {
            return Outcome.GONE;
        }
        return switch (mode) {
            case WAIT -> {
                awaitWhile(() -> isFull(sender, largeSize), hasUnread);
                yield sealed ? Outcome.LOST : null;
            }
            case TRY ->
                isFull(sender, largeSize) || (largeSize > 0 && lanes.bytes() > highWaterBytes) ? Outcome.FULL : null;
            case ANSWER -> batchAnswerBytes + lanes.answerBytes() > MAX_ANSWER_BYTES ? Outcome.EXCEEDED : null;
            case ALWAYS -> null;
        };
    }

    private boolean isFull(@Nullable Pid sender, long largeSize) {
        return congested
                || (sender != null && lanes.bytesOf(sender) > highWaterBytes)
                || (largeSize > 0 && !largeRoom.has(largeSize));
    }

    private void awaitLeft(Pid sender, BooleanSupplier hasUnread) {
        lock.lock();
        try {
            awaitWhile(() -> lanes.bytesOf(sender) > highWaterBytes, hasUnread);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for room. A sender that has messages to read goes on without, as long as its node does not read from some
     * connection for all that is unread: if it waited for its peer to read, and the peer's processes for it, both would
     * wait for ever.
     */
    private void awaitWhile(BooleanSupplier isFull, BooleanSupplier hasUnread) {
        long begun = 0;
        try {
            while (isFull.getAsBoolean() && !sealed && !(mayExceed() && hasUnread.getAsBoolean())) {
                begun = begun == 0 ? System.nanoTime() | 1 : begun;
                room.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the signal is queued all the same
        }
        if (begun != 0) {
            observer.waited(System.nanoTime() - begun);
        }
    }

    private boolean mayExceed() {
        return inbound.isPaused() && batch.size() + lanes.bytes() <= highWaterBytes + inbound.excessBytes();
    }

    /** Has those who wait for room look again. Any thread. */
    void recheck() {
        lock.lock();
        try {
            room.wakeAll();
        } finally {
            lock.unlock();
        }
    }

    private void append(ControlMessage control, @Nullable Pid sender, @Nullable Term payload, boolean isAnswer) {
        if (!lanes.isEmpty() && mustQueueBehindFragments(control, sender)) {
            place(control, sender, encode(control, payload), isAnswer, () -> {});
        } else {
            appendToBatch(control, sender, payload, isAnswer);
        }
    }

    private boolean mustQueueBehindFragments(ControlMessage control, @Nullable Pid sender) {
        return sender != null ? lanes.has(sender) : isFromNamedProcess(control);
    }

    /** Returns whether it is a DOWN of a process that was monitored by name: which pid it had is not known here. */
    private static boolean isFromNamedProcess(ControlMessage control) {
        return control instanceof ControlMessage.MonitorExit exit && !(exit.from() instanceof Pid);
    }

    private void appendToBatch(ControlMessage control, @Nullable Pid sender, @Nullable Term payload, boolean isAnswer) {
        int start = batch.size();
        OutgoingFragments fragments = writer.write(control, payload, sequences.incrementAndGet(), headers, batch);
        if (fragments != null) { // larger than it looked
            lanes.add(laneOf(sender), fragments, isAnswer, () -> {});
        } else if (isAnswer) {
            batchAnswerBytes += batch.size() - start;
        }
    }

    private void place(
            ControlMessage control, @Nullable Pid sender, Encoded encoded, boolean isAnswer, Runnable whenWritten) {
        Object key = laneOf(sender);
        ByteBuffer packet = encoded.packet().asByteBuffer();
        if (encoded.fragments() != null) {
            lanes.add(key, encoded.fragments(), isAnswer, whenWritten);
        } else if (lanes.has(key)) {
            lanes.add(key, packet, isAnswer, whenWritten);
        } else if (!lanes.isEmpty() && isFromNamedProcess(control)) {
            lanes.addBehindAll(packet, isAnswer, whenWritten);
        } else {
            batchAnswerBytes += isAnswer ? packet.remaining() : 0;
            batch.bytes(packet);
            whenWritten.run();
        }
    }

    private static Object laneOf(@Nullable Pid sender) {
        return sender != null ? sender : new Object();
    }

    /** Encodes a signal on its own. */
    private Encoded encode(ControlMessage control, @Nullable Term payload) {
        var packet = new ByteOutput(256);
        return new Encoded(packet, writer.write(control, payload, sequences.incrementAndGet(), packet));
    }

    /** Hands what is queued to the connection as long as it takes it. Event loop. */
    void drain() {
        if (draining) {
            drainAgain = true; // the connection gave a buffer back inside write or flush
            return;
        }
        draining = true;
        try {
            int turns = 0;
            do {
                drainAgain = false;
                if (writeBatch()) {
                    wrote = true;
                    observer.wrote();
                    connection.flush();
                }
            } while (drainAgain && ++turns < MAX_TURNS);
            if (drainAgain) {
                connection.wake(); // others on this event loop come first
            }
        } finally {
            draining = false;
        }
    }

    /** Returns whether anything was written since the last call. Event loop. */
    boolean takeWrote() {
        boolean result = wrote;
        wrote = false;
        if (largestBatch < FIRST_BATCH_BYTES) {
            trim(largestBatch == 0 ? IDLE_BATCH_BYTES : FIRST_BATCH_BYTES);
        }
        largestBatch = 0;
        return result;
    }

    /** Lets go of what much traffic needed, when there is none. */
    private void trim(int room) {
        lock.lock();
        try {
            if (idle && !closed) {
                batch = trimmed(batch, room);
                spare = spare == null ? null : trimmed(spare, room);
                headers.clear();
            }
        } finally {
            lock.unlock();
        }
    }

    private static ByteOutput trimmed(ByteOutput empty, int room) {
        return empty.capacity() > room ? new ByteOutput(room) : empty;
    }

    /** Writes a batch if there is one, and the one before it came back; returns whether it did. */
    private boolean writeBatch() {
        if (!connection.isWritable()) {
            return false; // onReady follows
        }
        ByteOutput full = takeBatch();
        if (full == null) {
            return false;
        }
        connection.write(full.asByteBuffer(), () -> release(full));
        return true;
    }

    private @Nullable ByteOutput takeBatch() {
        lock.lock();
        try {
            if (closed) {
                return null;
            }
            if (batch.size() == 0 && lanes.isEmpty()) {
                idle = true;
                return null;
            }
            ByteOutput empty = spare;
            if (empty == null) {
                return null; // release comes back here
            }
            // what stands in the batch comes before the fragments of the same senders, and never keeps all of them back
            long inLanes = lanes.bytes();
            while (lanes.writeNext(batch) && batch.size() < FRAGMENTS_BATCH_BYTES) {}
            ByteOutput full = batch;
            leavingBytes = full.size();
            largestBatch = Math.max(largestBatch, leavingBytes);
            batch = empty;
            spare = null;
            batchAnswerBytes = 0;
            makeRoom(lanes.bytes() < inLanes);
            return full;
        } finally {
            lock.unlock();
        }
    }

    /** Takes a batch buffer back. Event loop. */
    private void release(ByteOutput written) {
        boolean kept = written.capacity() <= keptBatchBytes;
        written.truncate(0);
        boolean more;
        lock.lock();
        try {
            leavingBytes = 0;
            spare = kept ? written : new ByteOutput(FIRST_BATCH_BYTES);
            more = !closed && (batch.size() > 0 || !lanes.isEmpty());
            idle = !more;
        } finally {
            lock.unlock();
        }
        if (more) {
            drain();
        }
    }

    /** The batch, on its way, is empty; some of the lanes may have become shorter. */
    private void makeRoom(boolean inLanes) {
        if (congested || inLanes) {
            congested = false;
            room.wakeAll();
        }
    }

    /** Takes no more signals, and wakes those who wait for room. What is queued can still leave. Any thread. */
    void seal() {
        lock.lock();
        try {
            sealed = true;
            room.wakeAll();
        } finally {
            lock.unlock();
        }
    }

    /** Seals it and drops what is queued. Any thread. */
    void close() {
        lock.lock();
        try {
            sealed = true;
            closed = true;
            batch = new ByteOutput(1);
            lanes.clear();
            room.wakeAll();
        } finally {
            lock.unlock();
        }
    }
}
