package io.hawser.peer;

import io.hawser.dist.OutgoingFragments;
import io.hawser.etf.ByteOutput;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * Signals that leave in fragments, and what must not overtake them: one lane for each sender that has such a signal on
 * its way. Lanes take turns, a packet each, so that no sender waits for another's 300 MB.
 *
 * <p>Not thread-safe; used under the outbox's lock.
 */
final class FragmentLanes {
    private final Map<Object, Lane> lanes = new HashMap<>();
    private final ArrayDeque<Lane> turns = new ArrayDeque<>(1);
    private long bytes;
    private long answerBytes;

    /** The signals of one sender. */
    private static final class Lane {
        final Object sender;
        final ArrayDeque<Item> items = new ArrayDeque<>();
        long bytes;

        Lane(Object sender) {
            this.sender = sender;
        }
    }

    /** Something in a lane. */
    private interface Item {
        /** Appends its next packet, if it has one ready; returns whether more of it is to come. */
        boolean writeNext(ByteOutput out);
    }

    /** A packet that follows all that was in the lanes when it came: an item at the end of each of them. */
    private static final class Barrier implements Item {
        private final ByteBuffer packet;
        private int lanesAhead;

        Barrier(ByteBuffer packet, int lanesAhead) {
            this.packet = packet;
            this.lanesAhead = lanesAhead;
        }

        @Override
        public boolean writeNext(ByteOutput out) {
            if (--lanesAhead == 0) {
                out.bytes(packet);
            }
            return false;
        }
    }

    boolean isEmpty() {
        return turns.isEmpty();
    }

    /** Returns whether a sender's signals have to queue here. */
    boolean has(Object sender) {
        return !lanes.isEmpty() && lanes.containsKey(sender);
    }

    /** Returns about how many bytes wait here. */
    long bytes() {
        return bytes;
    }

    /** Returns about how many bytes of answers wait here. */
    long answerBytes() {
        return answerBytes;
    }

    /** Returns about how many bytes of one sender wait here. */
    long bytesOf(Object sender) {
        Lane lane = lanes.isEmpty() ? null : lanes.get(sender);
        return lane == null ? 0 : lane.bytes;
    }

    /**
     * Adds a signal.
     *
     * @param whenWritten called once the last of it was written; not called if it is dropped
     */
    void add(Object sender, OutgoingFragments signal, boolean isAnswer, Runnable whenWritten) {
        Lane lane = laneOf(sender);
        lane.items.add(counted(lane, signal::writeNext, signal.remaining(), isAnswer, whenWritten));
    }

    /** Adds a signal of one packet. */
    void add(Object sender, ByteBuffer packet, boolean isAnswer, Runnable whenWritten) {
        Lane lane = laneOf(sender);
        lane.items.add(counted(lane, out -> append(packet, out), packet.remaining(), isAnswer, whenWritten));
    }

    /** Adds a packet whose sender is not known: it overtakes nothing that is here. Some lane must be open. */
    void addBehindAll(ByteBuffer packet, boolean isAnswer, Runnable whenWritten) {
        var ownCount = new Lane(packet); // belongs to no sender
        Item barrier = counted(ownCount, new Barrier(packet, turns.size()), packet.remaining(), isAnswer, whenWritten);
        turns.forEach(lane -> lane.items.add(barrier));
    }

    void clear() {
        lanes.clear();
        turns.clear();
        bytes = 0;
        answerBytes = 0;
    }

    /**
     * Appends the packet that leaves next.
     *
     * @param out what it is appended to
     * @return false if there was none
     */
    boolean writeNext(ByteOutput out) {
        int start = out.size();
        while (out.size() == start && !turns.isEmpty()) {
            Lane lane = turns.remove();
            if (!lane.items.element().writeNext(out)) {
                lane.items.remove();
            }
            if (lane.items.isEmpty()) {
                lanes.remove(lane.sender);
            } else {
                turns.add(lane);
            }
        }
        return out.size() > start;
    }

    private Lane laneOf(Object sender) {
        return lanes.computeIfAbsent(sender, key -> {
            var opened = new Lane(key);
            turns.add(opened);
            return opened;
        });
    }

    /** Counts an item's bytes until they are written. */
    private Item counted(Lane lane, Item item, long size, boolean isAnswer, Runnable whenWritten) {
        count(lane, size, isAnswer);
        return new Item() {
            private long left = size;

            @Override
            public boolean writeNext(ByteOutput out) {
                int start = out.size();
                boolean more = item.writeNext(out);
                long written = more ? Math.min(left, out.size() - start) : out.size() > start ? left : 0;
                left -= written;
                count(lane, -written, isAnswer);
                if (!more && out.size() > start) {
                    whenWritten.run();
                }
                return more;
            }
        };
    }

    private void count(Lane lane, long more, boolean isAnswer) {
        lane.bytes += more;
        bytes += more;
        answerBytes += isAnswer ? more : 0;
    }

    private static boolean append(ByteBuffer packet, ByteOutput out) {
        out.bytes(packet);
        return false;
    }
}
