package io.hawser.simulation;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long bytes take from one node to another: a distribution to draw from. Thread-safe if it has no state, as these here. */
@FunctionalInterface
public interface Latency {
    /** No time at all. */
    Latency NONE = random -> Duration.ZERO;

    /**
     * Draws one.
     *
     * @param random the simulation's; to be used for every choice, so that the seed decides
     * @return not negative
     */
    Duration draw(RandomGenerator random);

    /**
     * Makes one that does not vary.
     *
     * @param time not negative
     * @return the latency
     */
    static Latency fixed(Duration time) {
        return random -> time;
    }

    /**
     * Makes one where all times between two are equally likely.
     *
     * @param least not negative
     * @param most at least that
     * @return the latency
     */
    static Latency uniform(Duration least, Duration most) {
        long spread = most.minus(least).toNanos() + 1;
        return random -> least.plusNanos(random.nextLong(spread));
    }

    /**
     * Makes one that is mostly short and now and then long: a least time, and to it an exponentially distributed one.
     *
     * @param least not negative
     * @param meanExcess the mean of what comes to it
     * @return the latency
     */
    static Latency longTailed(Duration least, Duration meanExcess) {
        return random -> least.plusNanos((long) (random.nextExponential() * meanExcess.toNanos()));
    }
}
