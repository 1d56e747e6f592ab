package io.hawser.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What can be done next. Each event loop, each wire and each thread has a lane, whose tasks keep their order; which lane goes
 * on is drawn, some more often than others, so that all orders that can happen do happen for some seed.
 *
 * <p>Not thread-safe; used by whichever thread runs the simulation.
 */
final class Lanes {
    private static final int MAX_SKEW = 8;

    private final SplittableRandom random;
    private final int skew;
    private final List<List<Lane>> ready = new ArrayList<>(); // by the logarithm of their weight
    private long totalWeight;
    private @Nullable Lane running;

    Lanes(SplittableRandom random) {
        this.random = random;
        skew = random.nextInt(MAX_SKEW); // from all lanes alike to some a hundred times slower than others
        for (int i = 0; i <= skew; i++) {
            ready.add(new ArrayList<>());
        }
    }

    /** Tasks that run one after the other. */
    final class Lane implements Executor {
        private final ArrayDeque<Runnable> tasks = new ArrayDeque<>(1);
        private final int logWeight = random.nextInt(skew + 1);
        private boolean isBusy; // a task runs, or waits
        private @Nullable Runnable goingOn; // what waited

        /** The host whose tasks these are; null for the network's. */
        final @Nullable Host host;

        final boolean mayWait;

        private Lane(@Nullable Host host, boolean mayWait) {
            this.host = host;
            this.mayWait = mayWait;
        }

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
            if (!isBusy && tasks.size() == 1) {
                becomeReady();
            }
        }

        /** Has a task that waits go on when the lane is drawn. */
        void goOn(Runnable task) {
            goingOn = task;
            becomeReady();
        }

        private void becomeReady() {
            ready.get(logWeight).add(this);
            totalWeight += 1L << logWeight;
        }
    }

    /**
     * Makes a lane.
     *
     * @param host whose tasks run there; null for the network's
     * @param mayWait whether its tasks may wait for something
     */
    Lane lane(@Nullable Host host, boolean mayWait) {
        return new Lane(host, mayWait);
    }

    boolean isEmpty() {
        return totalWeight == 0;
    }

    /** The lane whose task is running now. */
    @Nullable
    Lane running() {
        return running;
    }

    /** Says that the task that goes on is of that lane. */
    void running(@Nullable Lane lane) {
        running = lane;
    }

    /** Runs the next task of a lane that is drawn. */
    void runNext() {
        Lane lane = draw();
        Runnable goingOn = lane.goingOn;
        if (goingOn != null) {
            lane.goingOn = null;
            goingOn.run();
        } else if (lane.host != null && lane.host.isDown()) {
            lane.tasks.clear();
        } else {
            run(lane, lane.tasks.remove());
        }
    }

    private void run(Lane lane, Runnable task) {
        running = lane;
        lane.isBusy = true;
        try {
            task.run();
        } finally {
            lane.isBusy = false;
            running = null;
            if (!lane.tasks.isEmpty()) {
                lane.becomeReady();
            }
        }
    }

    private Lane draw() {
        long drawn = random.nextLong(totalWeight);
        for (int log = 0; ; log++) {
            List<Lane> alike = ready.get(log);
            long weight = (long) alike.size() << log;
            if (drawn < weight) {
                int index = (int) (drawn >> log);
                Lane lane = alike.get(index);
                Lane last = alike.remove(alike.size() - 1);
                if (last != lane) {
                    alike.set(index, last);
                }
                totalWeight -= 1L << log;
                return lane;
            }
            drawn -= weight;
        }
    }
}
