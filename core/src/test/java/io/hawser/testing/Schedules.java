package io.hawser.testing;

import java.util.function.LongConsumer;

/**
 * Plays a scenario under many seeds. {@code -Dhawser.schedules=200000} plays that many; {@code -Dhawser.seed=42} plays the
 * one seed that a failure named.
 */
public final class Schedules {
    private static final String SEED = "hawser.seed";
    private static final String COUNT = "hawser.schedules";

    private Schedules() {}

    /**
     * Plays a scenario.
     *
     * @param test the class and method that call this, as {@code -Dtest} takes them
     * @param count how many schedules a build plays
     * @param scenario plays one schedule, from a seed, and throws if it does not end as it should
     */
    public static void play(String test, int count, LongConsumer scenario) {
        Long only = Long.getLong(SEED);
        if (only != null) {
            scenario.accept(only);
            return;
        }
        long first = System.nanoTime() << 20;
        int all = Integer.getInteger(COUNT, count);
        for (int i = 0; i < all; i++) {
            long seed = first + i;
            try {
                scenario.accept(seed);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(
                        "schedule " + i + " of " + all + " failed. To play it again: mvn -o -B test -pl core -Dtest='"
                                + test + "' -D" + SEED + "=" + seed + "\n" + e.getMessage(),
                        e);
            }
        }
    }
}
