package io.hawser.simulation;

import java.util.SplittableRandom;
import java.util.function.LongConsumer;

/**
 * Plays a scenario under many seeds: the same ones in each build, and fresh ones. {@code -Dhawser.seeds=100000} plays that many
 * fresh ones instead; {@code -Dhawser.seed=42} plays the one that a failure named. Stateless.
 */
public final class Seeds {
    private static final String SEED = "hawser.seed";
    private static final String COUNT = "hawser.seeds";

    private Seeds() {}

    /**
     * Plays a scenario.
     *
     * @param command what plays the test that calls this, from a shell: such as
     *     {@code mvn test -Dtest='ClusterTest#survivesAPartition'}
     * @param fixed how many seeds are the same in each build: 1, 2 and so on
     * @param fresh how many are drawn anew; the first is printed
     * @param scenario plays one seed, and throws if something is not as it should
     * @throws AssertionError if a seed fails; the message begins with the command that plays it again
     */
    public static void play(String command, int fixed, int fresh, LongConsumer scenario) {
        Long only = Long.getLong(SEED);
        if (only != null) {
            playFrom(only, 1, command, scenario);
            return;
        }
        Integer many = Integer.getInteger(COUNT);
        if (many == null) {
            playFrom(1, fixed, command, scenario);
        }
        long first = new SplittableRandom().nextLong(1L << 40);
        int count = many == null ? fresh : many;
        System.out.println(command + ": seeds " + first + " to " + (first + count - 1));
        playFrom(first, count, command, scenario);
    }

    private static void playFrom(long first, int count, String command, LongConsumer scenario) {
        for (long seed = first; seed < first + count; seed++) {
            try {
                scenario.accept(seed);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(
                        "to play this again: " + command + " -D" + SEED + "=" + seed + "\n" + e.getMessage(), e);
            }
        }
    }
}
