package io.hawser.benchmarks;

import java.util.Arrays;

/** Times in nanoseconds, and how they are spread. Not thread-safe; used by one caller at a time. */
final class Latencies {
    private long[] nanos = new long[1024];
    private int count;

    void add(long time) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = time;
    }

    void addAll(Latencies others) {
        for (int i = 0; i < others.count; i++) {
            add(others.nanos[i]);
        }
    }

    int count() {
        return count;
    }

    /** Returns the time that a share of all does not exceed, in microseconds; 0 if there are none. */
    long micros(double share) {
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return count == 0 ? 0 : sorted[(int) Math.min(count - 1L, (long) (share * count))] / 1000;
    }
}
