package io.hawser.benchmarks.pair;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Launches all pairs once a round, every second round in the other order. Not thread-safe; used by one caller at a time. */
final class Rounds {
    private final Launch launch;
    private final PrintStream progress;
    private int failures;

    Rounds(Launch launch, PrintStream progress) {
        this.launch = launch;
        this.progress = progress;
    }

    /** Runs all; a launch that fails is told and has no values, and the others go on. */
    Results run(int rounds, Map<String, Launch.Pair> pairs) throws InterruptedException {
        var results = new Results();
        long start = System.nanoTime();
        int done = 0;
        for (int round = 1; round <= rounds; round++) {
            List<Map.Entry<String, Launch.Pair>> order = new ArrayList<>(pairs.entrySet());
            if (round % 2 == 0) {
                Collections.reverse(order);
            }
            for (Map.Entry<String, Launch.Pair> each : order) {
                String label = each.getKey();
                long seconds = (System.nanoTime() - start) / 1_000_000_000;
                progress.printf("%3d s: round %d of %d, %s%n", seconds, round, rounds, label);
                try {
                    results.add(round, launch.run(label, each.getValue()));
                } catch (IOException e) {
                    failures++;
                    progress.println(e.getMessage());
                }
                done++;
            }
        }
        progress.printf("%3d s: %d launches, %d failed%n", (System.nanoTime() - start) / 1_000_000_000, done, failures);
        return results;
    }

    /** Returns how many launches failed so far. */
    int failures() {
        return failures;
    }
}
