package io.hawser.cluster;

import io.hawser.term.Atom;
import java.util.HashMap;
import java.util.Map;

/**
 * How many bytes of this node's heap all peers may take together with what they say, and each of them: entries alone are no
 * bound, as a peer makes them as large as it likes. This node itself is bounded by the whole. Not thread-safe; used by the
 * name server alone.
 */
final class Quota {
    private static final long MIB = 1 << 20;

    private final Atom here;
    private final long all;
    private final long each;
    private final Map<Atom, Long> byPeer = new HashMap<>();
    private long taken;

    /**
     * Makes one of which nothing is taken.
     *
     * @param here this node
     * @param all the bytes that all may take
     * @param each the bytes that one peer may take
     */
    Quota(Atom here, long all, long each) {
        this.here = here;
        this.all = all;
        this.each = each;
    }

    /** A part of the heap, but at least 1 MiB and not more than what is of use. */
    static long ofHeap(int part, int mostMib) {
        return Math.max(MIB, Math.min(mostMib * MIB, Runtime.getRuntime().maxMemory() / part));
    }

    /** Takes bytes for what a node said; false, and nothing is taken, if that is too much. */
    boolean take(Atom node, long bytes) {
        long own = byPeer.getOrDefault(node, 0L);
        if (bytes > all - taken || (!node.equals(here) && bytes > each - own)) {
            return false;
        }
        taken += bytes;
        byPeer.put(node, own + bytes);
        return true;
    }

    void giveBack(Atom node, long bytes) {
        taken -= bytes;
        byPeer.computeIfPresent(node, (key, own) -> own <= bytes ? null : Long.valueOf(own - bytes));
    }

    long taken() {
        return taken;
    }
}
