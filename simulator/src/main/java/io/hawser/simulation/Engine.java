package io.hawser.simulation;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Makes the steps of a simulation: what is ready, or else the passing of time. Not thread-safe; used by one at a time. */
final class Engine {
    private static final long LONGEST_WAIT_NANOS = Duration.ofMillis(200).toNanos();
    private static final int STEPS_PER_PASSING = 64;
    private static final long MAX_STEPS_AT_ONCE = 50_000_000;

    final SplittableRandom random;
    final VirtualTime time = new VirtualTime();
    final Lanes lanes;
    final Crew crew = new Crew(this::step);
    private boolean timeWaits;
    private long horizon = Long.MAX_VALUE;
    private long stepsAtOnce;
    private @Nullable Runnable afterEach;

    Engine(long seed) {
        random = new SplittableRandom(seed);
        lanes = new Lanes(random.split());
    }

    void timeWaits() {
        timeWaits = true;
    }

    /** Looks at what each step did. */
    void afterEach(@Nullable Runnable look) {
        afterEach = look;
    }

    /** Makes steps until a condition holds, or a time is reached. */
    void run(BooleanSupplier until, long endNanos) {
        horizon = endNanos;
        crew.run(() -> until.getAsBoolean() || time.nanoTime() >= endNanos);
    }

    /** Makes steps until nothing has been to do for a time. */
    void settle(long quietNanos) {
        horizon = time.nanoTime() + quietNanos;
        crew.run(() -> {
            if (!lanes.isEmpty()) {
                horizon = time.nanoTime() + quietNanos;
            }
            return lanes.isEmpty() && time.nanoTime() >= horizon;
        });
    }

    /** Makes one step, on the test's thread: a task that waits there has others go on until it need not wait any more. */
    void runOne() {
        horizon = time.nanoTime() + 1 + random.nextLong(LONGEST_WAIT_NANOS);
        step();
    }

    private void step() {
        boolean nothingToDo = lanes.isEmpty();
        if (nothingToDo || (!timeWaits && random.nextInt(STEPS_PER_PASSING) == 0)) {
            stepsAtOnce = 0;
            pass(nothingToDo);
        } else {
            if (++stepsAtOnce > MAX_STEPS_AT_ONCE) {
                throw new IllegalStateException(
                        stepsAtOnce + " steps were made at one time and more is to do (expected: an end)");
            }
            lanes.runNext();
        }
        if (afterEach != null) {
            afterEach.run();
        }
    }

    private void pass(boolean toTheNext) {
        long due = time.nextDue();
        if (toTheNext && due == Long.MAX_VALUE && horizon == Long.MAX_VALUE) {
            throw new IllegalStateException(
                    "nothing is to do, and no time will change that: who waits, waits for ever");
        }
        long target = toTheNext ? due : time.nanoTime() + 1 + random.nextLong(LONGEST_WAIT_NANOS);
        time.advanceTo(Math.max(time.nanoTime(), Math.min(target, horizon)));
    }
}
