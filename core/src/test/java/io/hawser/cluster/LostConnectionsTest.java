package io.hawser.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.cluster.LostConnections.Verdict;
import io.hawser.term.Atom;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which reports go round, and how often. */
class LostConnectionsTest {
    private static final Atom HERE = Atom.of("m@host");
    private static final Atom A = Atom.of("a@host");
    private static final Atom B = Atom.of("b@host");
    private static final Atom TELLER = Atom.of("teller@host");

    private long now = 1;
    private final LostConnections reports = new LostConnections(() -> now, HERE);

    private Verdict take(Atom teller, IntFunction<String> reporter, int i) {
        return reports.take(teller, Atom.of(reporter.apply(i)), B, 1, 1);
    }

    @Test
    void aReportIsNewOnceForEachIncarnation() {
        assertThat(reports.take(TELLER, A, B, 1, 5)).isEqualTo(Verdict.PASS_ON);
        assertThat(reports.take(TELLER, A, B, 1, 5)).isEqualTo(Verdict.OLD);
        assertThat(reports.take(TELLER, A, B, 1, 4)).isEqualTo(Verdict.OLD);
        assertThat(reports.take(TELLER, A, B, 1, 6)).isEqualTo(Verdict.PASS_ON);
        assertThat(reports.take(TELLER, B, A, 1, 6)).isEqualTo(Verdict.PASS_ON);
        assertThat(reports.take(TELLER, A, B, 2, 1)).isEqualTo(Verdict.PASS_ON);
    }

    @Test
    void reportsAreForgottenByAge() {
        reports.take(TELLER, A, B, 1, 1);
        now += LostConnections.KEPT.toNanos() - 1;
        assertThat(reports.take(TELLER, A, B, 1, 1)).isEqualTo(Verdict.OLD);
        reports.take(TELLER, B, A, 1, 1);
        now++;
        assertThat(reports.take(TELLER, B, A, 1, 1)).isEqualTo(Verdict.OLD);
        assertThat(reports.size()).isEqualTo(1);
        assertThat(reports.take(TELLER, A, B, 1, 1)).isEqualTo(Verdict.PASS_ON);
    }

    @Test
    void whatFindsNoRoomIsObeyedButNotPassedOnAndOthersHaveRoom() {
        int many = 200_000;
        long passedOn = IntStream.range(0, many)
                .filter(i -> take(TELLER, n -> "x" + n + "@made-up", i) == Verdict.PASS_ON)
                .count();
        assertThat(passedOn).isBetween(500L, many / 2L);
        assertThat(take(TELLER, n -> "x" + n + "@made-up", many)).isEqualTo(Verdict.KEEP);
        assertThat(take(TELLER, n -> "x" + n + "@made-up", 0)).isEqualTo(Verdict.OLD);
        assertThat(reports.take(A, A, B, 1, 1)).isEqualTo(Verdict.PASS_ON);

        now += LostConnections.KEPT.toNanos();
        assertThat(take(TELLER, n -> "x" + n + "@made-up", many)).isEqualTo(Verdict.PASS_ON);
        assertThat(reports.size()).isEqualTo(1);
    }

    @Test
    void aReporterThatCountsOnTakesRoomWithEach() {
        long passedOn = IntStream.range(0, 200_000)
                .filter(id -> reports.take(TELLER, A, B, 1, id) == Verdict.PASS_ON)
                .count();
        assertThat(passedOn).isLessThan(100_000);
    }
}
