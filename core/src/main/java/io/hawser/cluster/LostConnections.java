package io.hawser.cluster;

import io.hawser.term.Atom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The reports of lost connections that have been passed on, so that each goes round once. When a mesh of many nodes splits,
 * each of one half reports each of the other: none of these reports may be forgotten while others still pass it on, or it goes
 * round for ever. So they are forgotten by age alone, and what finds no room is obeyed here but not passed on.
 *
 * <p>Not thread-safe; used by the name server alone.
 */
final class LostConnections {
    /** After this time no report goes round any more. OTP keeps the last one of a pair for an hour. */
    static final Duration KEPT = Duration.ofMinutes(5);

    private static final long ENTRY_BYTES = 256;
    private static final int MOST_MIB = 32;
    private static final int PART_OF_HEAP = 32;

    private final LongSupplier nanoTime;
    private final Quota quota;
    private final Map<Pair, Report> last = new HashMap<>();
    private final Deque<Report> byAge = new ArrayDeque<>();

    private record Pair(Atom reporter, Atom lost) {}

    private record Report(Pair pair, long creation, long id, Atom teller, long bytes, long since) {}

    /** What is to be done with a report. */
    enum Verdict {
        /** It has been seen: nothing. */
        OLD,
        /** Obey it and pass it on. */
        PASS_ON,
        /** Obey it only. */
        KEEP
    }

    LostConnections(LongSupplier nanoTime, Atom here) {
        this.nanoTime = nanoTime;
        long all = Quota.ofHeap(PART_OF_HEAP, MOST_MIB);
        this.quota = new Quota(here, all, all / 4);
    }

    /**
     * Decides, and remembers the report if it is passed on.
     *
     * @param teller who passed it on to this node
     * @param creation which incarnation of the reporter
     * @param id increases from one report of that incarnation to the next
     */
    Verdict take(Atom teller, Atom reporter, Atom lost, long creation, long id) {
        long now = nanoTime.getAsLong();
        forgetOld(now);
        var pair = new Pair(reporter, lost);
        Report before = last.get(pair);
        if (before != null && before.creation == creation && id <= before.id) {
            return Verdict.OLD;
        }
        long bytes = ENTRY_BYTES + reporter.text().length() + lost.text().length();
        if (!quota.take(teller, bytes)) {
            return Verdict.KEEP;
        }
        var report = new Report(pair, creation, id, teller, bytes, now);
        last.put(pair, report);
        byAge.add(report); // one that another takes the place of counts until it is old: each was passed on
        return Verdict.PASS_ON;
    }

    private void forgetOld(long now) {
        for (Report each = byAge.peek(); each != null && isOld(each, now); each = byAge.peek()) {
            byAge.remove();
            last.remove(each.pair, each);
            quota.giveBack(each.teller, each.bytes);
        }
    }

    private static boolean isOld(Report report, long now) {
        return now - report.since >= KEPT.toNanos();
    }

    int size() {
        return byAge.size();
    }
}
