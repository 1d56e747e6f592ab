package io.hawser.peer;

import io.hawser.dist.ControlMessage;
import io.hawser.dist.Signal;
import io.hawser.dist.UndecodedPayload;
import io.hawser.term.Pid;
import io.hawser.term.Term;
import io.hawser.transport.Connection;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Large messages that arrived and are being decoded off the event loop, and what must not overtake them: one lane for each
 * sender of such a message. Signals of other senders do not come by here.
 *
 * <p>Confined to the connection's event loop; a payload is decoded elsewhere.
 */
final class DecodingLanes {
    private final Connection connection;
    private final Executor decoder;
    private final Target target;
    private final Map<Object, ArrayDeque<Item>> lanes = new HashMap<>();
    private @Nullable Item uncharged;
    private final List<Runnable> whenEmpty = new ArrayList<>();

    /** Where signals go. */
    interface Target {
        void deliver(ControlMessage control, @Nullable Term payload, int wireBytes);

        /** A signal counts in the inbound budget from now on. */
        void charge(int wireBytes);

        /** A signal that was charged will not be delivered. */
        void dropped(int wireBytes);

        void failed(RuntimeException cause);
    }

    /** A signal in a lane, or in several if its sender is not known: then it leaves with the last of them. */
    private static final class Item {
        final Signal signal;

        @Nullable
        Term payload;

        boolean ready;
        boolean charged;
        int lanesAhead = 1;

        Item(Signal signal) {
            this.signal = signal;
            payload = signal.payload();
            ready = signal.undecoded() == null;
        }
    }

    DecodingLanes(Connection connection, Executor decoder, Target target) {
        this.connection = connection;
        this.decoder = decoder;
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
        if (undecoded != null) {
            Object lane = sender != null ? sender : item;
            lanes.computeIfAbsent(lane, key -> new ArrayDeque<>()).add(item);
            if (uncharged == null) {
                uncharged = item;
            } else {
                charge(item);
            }
            decoder.execute(() -> decode(lane, item, undecoded));
        } else if (sender == null) {
            charge(item);
            item.lanesAhead = lanes.size();
            lanes.values().forEach(lane -> lane.add(item));
        } else if (lanes.containsKey(sender)) {
            charge(item);
            lanes.get(sender).add(item);
        } else {
            return false;
        }
        return true;
    }

    private void charge(Item item) {
        if (!item.charged) {
            item.charged = true;
            target.charge(item.signal.wireBytes());
        }
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
        uncharged = null;
        items.stream().filter(item -> item.charged).forEach(item -> target.dropped(item.signal.wireBytes()));
        settle();
    }

    private void decode(Object lane, Item item, UndecodedPayload undecoded) {
        Term payload = null;
        RuntimeException failure = null;
        try {
            payload = undecoded.decode();
        } catch (RuntimeException e) {
            failure = e;
        } catch (OutOfMemoryError e) { // of one huge array: what it was for is this peer's message
            failure = new IllegalStateException("message of " + item.signal.wireBytes() + " bytes: " + e, e);
        }
        Term decoded = payload;
        RuntimeException cause = failure;
        connection.execute(() -> decoded(lane, item, decoded, cause));
    }

    private void decoded(Object lane, Item item, @Nullable Term payload, @Nullable RuntimeException failure) {
        if (!lanes.containsKey(lane)) {
            return; // cleared meanwhile
        }
        if (failure != null) {
            target.failed(failure);
            return;
        }
        item.payload = payload;
        item.ready = true;
        deliverReady(lane);
        settle();
    }

    private void deliverReady(Object key) {
        ArrayDeque<Item> lane = lanes.get(key);
        while (lane != null && !lane.isEmpty() && lane.element().ready) {
            Item item = lane.remove();
            if (--item.lanesAhead == 0) {
                uncharged = item == uncharged ? null : uncharged;
                charge(item);
                target.deliver(item.signal.control(), item.payload, item.signal.wireBytes());
            }
        }
        if (lane != null && lane.isEmpty()) {
            lanes.remove(key);
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
