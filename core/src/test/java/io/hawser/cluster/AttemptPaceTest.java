package io.hawser.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.node.Node;
import io.hawser.term.Atom;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Attempts that fail follow each other ever more slowly. */
class AttemptPaceTest {
    private static final Atom PEER = Atom.of("peer@host");
    private static final Atom OTHER = Atom.of("other@host");

    private final MemoryCluster cluster = new MemoryCluster();
    private final Node node = cluster.start("m@host");
    private final AttemptPace pace = new AttemptPace(node.surroundings());

    @AfterEach
    void stop() {
        cluster.close();
    }

    private void failAFewTimes() {
        for (int i = 0; i < AttemptPace.AT_ONCE; i++) {
            assertThat(pace.next(PEER)).isZero();
        }
    }

    @Test
    void theFirstFollowAtOnceAndTheNextAfterPausesThatGrow() {
        failAFewTimes();
        Duration longest = AttemptPace.FIRST_PAUSE;
        for (int i = 0; i < 100; i++) {
            assertThat(pace.next(PEER)).isBetween(longest.dividedBy(2), longest);
            longest = longest.multipliedBy(2);
            longest = longest.compareTo(AttemptPace.LONGEST_PAUSE) < 0 ? longest : AttemptPace.LONGEST_PAUSE;
        }
        assertThat(pace.next(OTHER)).isZero();
    }

    @Test
    void whoLetsItsTimeRunOutIsLeftAloneForLonger() {
        assertThat(pace.next(PEER)).isZero();
        pace.wasSilent(PEER);
        Duration longest = AttemptPace.FIRST_SILENCE_PAUSE;
        assertThat(pace.next(PEER)).isBetween(longest.dividedBy(2), longest);
        for (int i = 0; i < 100; i++) {
            pace.wasSilent(PEER);
        }
        longest = AttemptPace.LONGEST_SILENCE_PAUSE;
        assertThat(pace.next(PEER)).isBetween(longest.dividedBy(2), longest);
    }

    @Test
    void afterASuccessAllBeginsAnew() {
        failAFewTimes();
        pace.wasSilent(PEER);
        pace.forget(PEER);
        assertThat(pace.next(PEER)).isZero();
    }
}
