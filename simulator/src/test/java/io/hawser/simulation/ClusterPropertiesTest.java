package io.hawser.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What must be true of a cluster whatever happens, over many seeds. */
class ClusterPropertiesTest {
    private static final Duration RECOVERY = Duration.ofMinutes(20);

    @Test
    void aClusterThatFormsAgrees() {
        play("aClusterThatFormsAgrees", 20, seed -> course(seed, 0));
    }

    @Test
    void aClusterThatWasDisturbedAgreesAgain() {
        play("aClusterThatWasDisturbedAgreesAgain", 30, seed -> course(seed, 20));
    }

    @Test
    void aClusterThatIsDisturbedAllTheTimeAgreesInTheEnd() {
        play("aClusterThatIsDisturbedAllTheTimeAgreesInTheEnd", 20, seed -> course(seed, 50));
    }

    /** Seeds under which something went wrong once; what they do changes with the code. */
    @ParameterizedTest
    @ValueSource(longs = {289200181472L, 470269450269L, 765062184373L, 499573234298L, 13559918589L, 2100000002390L})
    void aCourseThatOnceWentWrong(long seed) {
        course(seed, 20);
    }

    /** The same, with more faults. */
    @ParameterizedTest
    @ValueSource(longs = {1076681638127L, 229757252307L, 1018096339234L, 348131548859L})
    void aCourseOfMoreFaultsThatOnceWentWrong(long seed) {
        course(seed, 50);
    }

    @Test
    void oneSeedIsOneTrace() {
        long first = course(77, 20);
        assertThat(course(77, 20)).isEqualTo(first);
        assertThat(course(78, 20)).isNotEqualTo(first);
    }

    private static void play(String test, int seeds, LongConsumer scenario) {
        Seeds.play(
                "mvn -o -B test -pl simulator -am -Dsurefire.failIfNoSpecifiedTests=false -Dtest='ClusterPropertiesTest#"
                        + test + "'",
                seeds,
                0, // a build's verdict is about its change; -Dhawser.seeds looks for new ones
                scenario);
    }

    /** Plays one course of events, in which a share of all is faults. Returns its fingerprint. */
    private static long course(long seed, int faultPercent) {
        int size = 2 + new SplittableRandom(seed).nextInt(4);
        try (var cluster = new SimulatedCluster(seed, size)) {
            Simulation simulation = cluster.simulation;
            try {
                SplittableRandom random = simulation.random();
                int actions = 5 + random.nextInt(60);
                Duration pace = Duration.ofMillis(1L << random.nextInt(14));
                for (int i = 0; i < actions; i++) {
                    if (random.nextInt(100) < faultPercent) {
                        cluster.disturb();
                    } else {
                        cluster.act();
                    }
                    simulation.run(Duration.ofNanos(random.nextLong(pace.toNanos())));
                }
                cluster.recover(RECOVERY);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(e.getMessage() + "\n" + tail(simulation.trace()), e);
            }
            return simulation.fingerprint();
        }
    }

    private static String tail(List<String> lines) {
        int most = Integer.getInteger("hawser.trace", 60);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - most), lines.size()));
    }
}
