package io.hawser.mapping;

import java.util.Arrays;

/**
 * Keeps a peer from choosing keys that collide in a hash table. The JDK's tables sort keys of one hash code, but only by
 * a natural order: thousands of others with one hash code take time in their square.
 */
final class Collisions {
    /** How many keys may have one hash code; what no program comes near that does not mean to. */
    static final int MAX_ALIKE = 256;

    private Collisions() {}

    /** Checks keys that are to be put into a table. */
    static void check(Object[] keys) {
        if (keys.length <= MAX_ALIKE) {
            return;
        }
        int[] hashes = Arrays.stream(keys)
                .filter(key -> !isOrdered(key))
                .mapToInt(Object::hashCode)
                .sorted()
                .toArray();
        for (int i = MAX_ALIKE; i < hashes.length; i++) {
            if (hashes[i] == hashes[i - MAX_ALIKE]) {
                throw new Mismatch("more than " + MAX_ALIKE + " of " + keys.length
                        + " elements have the same hash code (expected: a few)");
            }
        }
    }

    private static boolean isOrdered(Object key) {
        return key instanceof String || key instanceof Number || key instanceof Enum<?> || key instanceof Character;
    }
}
