package io.hawser.cluster;

import io.hawser.term.Atom;
import io.hawser.transport.Surroundings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * How soon an attempt to exchange names with a node follows one that failed. Two nodes that begin at the same time fail a few
 * times, and go on at once; who makes attempts fail without end is met ever more rarely, but never left out: it may have been
 * the network. An attempt that the other side let run out held the lock of all names meanwhile, so that the pauses after such
 * are many times as long as what they cost.
 *
 * <p>Not thread-safe; used by the name server alone.
 */
final class AttemptPace {
    /** Attempts that follow each other without a pause. */
    static final int AT_ONCE = 8;

    static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    /** After the first attempt that ran out. */
    static final Duration FIRST_SILENCE_PAUSE = Duration.ofMinutes(1);

    static final Duration LONGEST_SILENCE_PAUSE = Duration.ofMinutes(30);

    private static final int MAX_DOUBLINGS = 16;

    private final Surroundings surroundings;
    private final Map<Atom, Past> pasts = new HashMap<>();

    /** What has failed since the last success, or since the node is connected. */
    private static final class Past {
        int attempts;
        int silences;
    }

    AttemptPace(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** Counts an attempt. Returns how long to wait before it begins; part of that is drawn by lot. */
    Duration next(Atom node) {
        Past past = pasts.computeIfAbsent(node, key -> new Past());
        Duration pause = doubled(FIRST_PAUSE, past.attempts - AT_ONCE, LONGEST_PAUSE);
        Duration silence = doubled(FIRST_SILENCE_PAUSE, past.silences - 1, LONGEST_SILENCE_PAUSE);
        past.attempts++;
        long nanos = Math.max(pause.toNanos(), silence.toNanos());
        return nanos == 0
                ? Duration.ZERO
                : Duration.ofNanos(nanos / 2 + surroundings.random().nextLong(nanos / 2));
    }

    private static Duration doubled(Duration first, int times, Duration longest) {
        if (times < 0) {
            return Duration.ZERO;
        }
        Duration pause = first.multipliedBy(1L << Math.min(times, MAX_DOUBLINGS));
        return pause.compareTo(longest) < 0 ? pause : longest;
    }

    /** The attempt that was made last ran out: nothing came from the other side. */
    void wasSilent(Atom node) {
        pasts.computeIfAbsent(node, key -> new Past()).silences++;
    }

    /** Names were exchanged, or the node is gone: what comes next is the first attempt. */
    void forget(Atom node) {
        pasts.remove(node);
    }
}
