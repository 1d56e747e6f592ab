package io.hawser.node;

/**
 * Ceilings of what one peer can make this node hold, as far as they depend on the heap: what is modest in 8 GiB fills
 * 64 MiB many times over, and running out of heap costs everybody, not the peer.
 */
final class HeapShare {
    /** What a link or a monitor takes with its keys, in every table it stands in, rounded up. */
    static final int HELD_BYTES = 256;

    private static final int MIB = 1 << 20;
    private static final int MAX_HELD = 1 << 20;
    private static final int MAX_PACKET = 128 * MIB;
    private static final int MAX_MESSAGE = 1024 * MIB;
    /** For what stands around the binary. */
    private static final int TERM_OVERHEAD = 64 * 1024;

    private static final int MAX_BUDGET = 64 * MIB;

    private HeapShare() {}

    /** Links and monitors that one connection may hold: a quarter of the heap, at most about a million. */
    static int held(long heapBytes) {
        return (int) clamp(heapBytes / 4 / HELD_BYTES, 1024, MAX_HELD);
    }

    /** The longest packet: an eighth of the heap, at most 128 MiB. It is there as bytes, and then as a term. */
    static int packetBytes(long heapBytes) {
        return (int) clamp(heapBytes / 8, MIB, MAX_PACKET);
    }

    /** The incomplete fragmented messages of one peer: an eighth of the heap, at most 1 GiB. */
    static int messageBytes(long heapBytes) {
        return (int) clamp(heapBytes / 8, MIB, MAX_MESSAGE);
    }

    /** What the terms of one message may take: an eighth of the heap, but at least what the longest binary does. */
    static long termBytes(long heapBytes, int maxBinaryBytes) {
        return Math.max(heapBytes / 8, maxBinaryBytes) + TERM_OVERHEAD;
    }

    /**
     * What may lie in mailboxes, of all peers: a quarter of the heap and a little. Who has half of it gets no more than one
     * message on top, which leaves room for others.
     */
    static long shareBytes(long heapBytes) {
        return Math.max(heapBytes / 4, 4L * MIB) + MIB;
    }

    /** What may lie in mailboxes, of one peer: a 32nd of the heap, at most 64 MiB. */
    static int budgetBytes(long heapBytes) {
        return (int) clamp(heapBytes / 32, MIB, MAX_BUDGET);
    }

    private static long clamp(long value, long least, long most) {
        return Math.max(least, Math.min(most, value));
    }
}
