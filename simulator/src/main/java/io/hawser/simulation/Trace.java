package io.hawser.simulation;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;

/** What happened and when; all of it as a number, the last of it as text. Not thread-safe. */
final class Trace {
    private static final int LINES = 10_000;
    private static final long FACTOR = 0x9E37_79B9_7F4A_7C15L;

    private record Entry(long nanos, Object what) {}

    private final VirtualTime time;
    private final ArrayDeque<Entry> last = new ArrayDeque<>();
    private long fingerprint;

    Trace(VirtualTime time) {
        this.time = time;
    }

    /** @param what immutable, and with a hash code that is the same in each JVM */
    void add(Object what) {
        long now = time.nanoTime();
        fingerprint = (fingerprint ^ now) * FACTOR;
        fingerprint = (fingerprint ^ (fingerprint >>> 32) ^ hash(what)) * FACTOR;
        if (last.size() == LINES) {
            last.remove();
        }
        last.add(new Entry(now, what));
    }

    private static long hash(Object what) {
        return what instanceof Traffic.Kind kind
                ? kind.from().hashCode() * 31L * 31
                        + kind.to().hashCode() * 31L
                        + kind.operation().name().hashCode()
                        + kind.target().hashCode()
                : what.toString().hashCode();
    }

    long fingerprint() {
        return fingerprint;
    }

    List<String> lines() {
        return last.stream()
                .map(entry -> Duration.ofNanos(entry.nanos).toMillis() + " ms: " + entry.what)
                .toList();
    }
}
