package io.hawser.peer;

import io.hawser.dist.ControlMessage;
import io.hawser.dist.Signal;
import io.hawser.dist.UndecodedPayload;
import io.hawser.term.Pid;
import io.hawser.transport.Connection;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Large messages that arrived and are being decoded off the event loop, and what must not overtake them: one lane for each
 * sender of such a message. Signals of other senders do not come by here.
 *
 * <p>Confined to the connection's event loop; a payload is decoded elsewhere.
 */
final class DecodingLanes {
    private final Connection connection;
    private final InboundShare share;
    private final InboundBudget budget;
    private final Target target;
    private final Map<Object, ArrayDeque<Item>> lanes = new HashMap<>();
    private @Nullable Item uncharged;
    private int unnamed; // messages taken whose sender is not known: anybody's next signal may be of the same process
    private final List<Runnable> whenEmpty = new ArrayList<>();

    /** Where signals go. */
    interface Target {
        /** A signal is due, and charged. */
        void deliver(Signal signal);

        void failed(RuntimeException cause);
    }

    /** A signal in a lane, or in several if its sender is not known: then it leaves with the last of them. */
    private static final class Item {
        Signal signal;

        /** Takes a signal whose payload is not decoded further; null for others. */
        @Nullable
        Runnable decoding;

        int heldBytes; // 0 if not counted in the inbound budget
        int lanesAhead = 1;

        Item(Signal signal) {
            this.signal = signal;
        }

        boolean isReady() {
            return signal.undecoded() == null;
        }
    }

    DecodingLanes(Connection connection, InboundShare share, InboundBudget budget, Target target) {
        this.connection = connection;
        this.share = share;
        this.budget = budget;
        this.target = target;
    }

    /**
     * Takes a signal if it is large, or must not overtake one that is; returns whether it did. The one large message that
     * is decoded first is charged when it is delivered: it may exceed the budget by far, and others would not be read.
     */
    boolean take(Signal signal) {
        UndecodedPayload undecoded = signal.undecoded();
        if (undecoded == null && lanes.isEmpty()) {
            return false;
        }
        Pid sender = SignalSender.of(signal.control());
        var item = new Item(signal);
        boolean isBehindUnnamed = unnamed > 0;
        unnamed += isUnnamed(signal) ? 1 : 0;
        if (undecoded != null) {
            Object lane = sender != null ? sender : item;
            lanes.computeIfAbsent(lane, key -> new ArrayDeque<>()).add(item);
            if (uncharged == null) {
                uncharged = item;
            } else {
                hold(item, signal.wireBytes());
            }
            item.decoding = () -> decode(lane, item, undecoded);
            budget.awaitDecoding();
            share.decoding().add(budget, item.decoding);
        } else if (sender == null || isBehindUnnamed) {
            hold(item, signal.heapBytes());
            item.lanesAhead = lanes.size();
            lanes.values().forEach(lane -> lane.add(item));
        } else if (lanes.containsKey(sender)) {
            hold(item, signal.heapBytes());
            lanes.get(sender).add(item);
        } else {
            return false;
        }
        return true;
    }

    /** Returns whether it is the old SEND, which OTP queues while it connects: later signals name the sender. */
    private static boolean isUnnamed(Signal signal) {
        return signal.control() instanceof ControlMessage.Send send && send.from() == null;
    }

    private void hold(Item item, int bytes) {
        item.heldBytes = bytes;
        budget.hold(bytes);
    }

    /** Runs a task once all that was taken is delivered, which may be now. */
    void whenEmpty(Runnable task) {
        if (lanes.isEmpty()) {
            task.run();
        } else {
            whenEmpty.add(task);
        }
    }

    /** Drops all. */
    void clear() {
        var items = new LinkedHashSet<Item>();
        lanes.values().forEach(items::addAll);
        lanes.clear();
        unnamed = 0;
        uncharged = null;
        items.forEach(this::drop);
        settle();
    }

    private void drop(Item item) {
        if (item.heldBytes > 0) {
            budget.drop(item.heldBytes);
        }
        UndecodedPayload undecoded = item.signal.undecoded();
        if (undecoded != null && item.decoding != null && share.decoding().remove(budget, item.decoding)) {
            undecoded.drop();
            budget.endDecoding();
        }
    }

    private void decode(Object lane, Item item, UndecodedPayload undecoded) {
        Signal decoded = null;
        RuntimeException failure = null;
        try {
            decoded = undecoded.decode();
        } catch (RuntimeException e) {
            failure = e;
        } catch (OutOfMemoryError e) { // of one huge array: what it was for is this peer's message
            failure = new IllegalStateException("message of " + item.signal.wireBytes() + " bytes: " + e, e);
        }
        Signal signal = decoded;
        RuntimeException cause = failure;
        int heapBytes = signal != null ? signal.heapBytes() : 0;
        budget.addUndelivered(-heapBytes);
        connection.execute(() -> {
            decoded(lane, item, signal, cause);
            budget.addUndelivered(heapBytes);
        });
    }

    private void decoded(Object lane, Item item, @Nullable Signal signal, @Nullable RuntimeException failure) {
        budget.endDecoding();
        if (!lanes.containsKey(lane)) {
            return; // cleared meanwhile
        }
        if (signal != null) {
            item.signal = signal;
            deliverReady(lane);
            settle();
        } else if (failure != null) {
            target.failed(failure);
        }
    }

    private void deliverReady(Object key) {
        ArrayDeque<Item> lane = lanes.get(key);
        while (lane != null && !lane.isEmpty() && lane.element().isReady()) {
            Item item = lane.remove();
            if (--item.lanesAhead == 0) {
                unnamed -= isUnnamed(item.signal) ? 1 : 0;
                charge(item);
                target.deliver(item.signal);
            }
        }
        if (lane != null && lane.isEmpty()) {
            lanes.remove(key);
        }
    }

    private void charge(Item item) {
        if (item == uncharged) {
            uncharged = null;
            budget.charge(item.signal.heapBytes());
        } else {
            budget.deliver(item.heldBytes, item.signal.heapBytes());
        }
    }

    private void settle() {
        if (lanes.isEmpty()) {
            var tasks = List.copyOf(whenEmpty);
            whenEmpty.clear();
            tasks.forEach(Runnable::run);
        }
    }
}
