package io.hawser.etf;

/**
 * What a decoder accepts at most. Immutable.
 *
 * @param maxDepth how deep terms may nest
 * @param maxIntegerBytes how many bytes an integer may have
 * @param maxInflatedBytes how large a compressed term may become; 0 refuses compressed terms
 */
public record DecodeLimits(int maxDepth, int maxIntegerBytes, int maxInflatedBytes) {
    /** For what comes from a connection: nesting to 10,000, integers of 64 KiB, nothing compressed. */
    public static final DecodeLimits CONNECTION = new DecodeLimits(10_000, 64 * 1024, 0);

    /** For terms at rest: as {@link #CONNECTION}, and compressed terms up to 64 MiB. */
    public static final DecodeLimits STANDALONE = new DecodeLimits(10_000, 64 * 1024, 64 * 1024 * 1024);

    /**
     * Checks the limits.
     *
     * @param maxDepth at least 1
     * @param maxIntegerBytes at least 8
     * @param maxInflatedBytes at least 0
     * @throws IllegalArgumentException if one is below its floor
     */
    public DecodeLimits {
        if (maxDepth < 1 || maxIntegerBytes < 8 || maxInflatedBytes < 0) {
            throw new IllegalArgumentException("decode limits: depth " + maxDepth + ", integer bytes " + maxIntegerBytes
                    + ", inflated bytes " + maxInflatedBytes + " (expected: at least 1, 8 and 0)");
        }
    }
}
