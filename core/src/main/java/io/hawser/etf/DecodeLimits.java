package io.hawser.etf;

/**
 * What a decoder accepts at most. Immutable.
 *
 * @param maxDepth how deep terms may nest
 * @param maxIntegerBytes how many bytes an integer may have
 * @param maxInflatedBytes how large a compressed term may become; 0 refuses compressed terms
 * @param maxHeapBytes about how many bytes of heap the terms of one buffer may take together, which can be many times their
 *     encoding
 */
public record DecodeLimits(int maxDepth, int maxIntegerBytes, int maxInflatedBytes, long maxHeapBytes) {
    /**
     * For what comes from a connection: nesting to 10,000, integers of 64 KiB, nothing compressed, and 1 GiB of heap,
     * which a node lowers to what it has.
     */
    public static final DecodeLimits CONNECTION = new DecodeLimits(10_000, 64 * 1024, 0, 1L << 30);

    /** For terms at rest: as {@link #CONNECTION}, but compressed terms up to 64 MiB and any amount of heap. */
    public static final DecodeLimits STANDALONE = new DecodeLimits(10_000, 64 * 1024, 64 * 1024 * 1024, Long.MAX_VALUE);

    /**
     * Checks the limits.
     *
     * @param maxDepth at least 1
     * @param maxIntegerBytes at least 8
     * @param maxInflatedBytes at least 0
     * @param maxHeapBytes at least 1
     * @throws IllegalArgumentException if one is below its floor
     */
    public DecodeLimits {
        if (maxDepth < 1 || maxIntegerBytes < 8 || maxInflatedBytes < 0 || maxHeapBytes < 1) {
            throw new IllegalArgumentException("decode limits: depth " + maxDepth + ", integer bytes " + maxIntegerBytes
                    + ", inflated bytes " + maxInflatedBytes + ", heap bytes " + maxHeapBytes
                    + " (expected: at least 1, 8, 0 and 1)");
        }
    }

    /**
     * Makes limits with another bound on the heap.
     *
     * @param bytes about how many bytes the terms of one buffer may take, at least 1
     * @return the limits
     * @throws IllegalArgumentException if it is less
     */
    public DecodeLimits withMaxHeapBytes(long bytes) {
        return new DecodeLimits(maxDepth, maxIntegerBytes, maxInflatedBytes, bytes);
    }
}
