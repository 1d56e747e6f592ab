package io.hawser.term;

import java.util.UUID;

/**
 * Hash codes of the identifiers that peers choose, and that tables of links, monitors and aliases are keyed by. They
 * start from a secret of this JVM, so that a peer cannot choose identifiers that all fall into one bucket: with 60,000
 * such monitors, each further one took as long as going through all of them.
 *
 * <p>Two JVMs hash differently; a hash code must not leave this one.
 */
final class SecretHash {
    // random UUIDs come from a SecureRandom, and terms know java.util alone
    private static final long START = UUID.randomUUID().getMostSignificantBits();
    private static final long FACTOR = UUID.randomUUID().getMostSignificantBits() | 1; // odd: no bits are lost

    private SecretHash() {}

    static long start(Atom node) {
        return add(START, node.hashCode());
    }

    /** Adds 32 bits. */
    static long add(long hash, long bits) {
        long product = (hash ^ (bits & Unsigned.MAX_32)) * FACTOR;
        return product ^ product >>> 32;
    }

    static int end(long hash) {
        return Long.hashCode(hash * FACTOR);
    }
}
