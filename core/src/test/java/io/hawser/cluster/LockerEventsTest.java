package io.hawser.cluster;

import static io.hawser.cluster.MemoryCluster.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.cluster.GlobalLocker.Candidate;
import io.hawser.cluster.GlobalLocker.Compare;
import io.hawser.cluster.GlobalLocker.Event;
import io.hawser.cluster.GlobalLocker.LockSet;
import io.hawser.cluster.GlobalLocker.Over;
import io.hawser.node.Mailbox;
import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.Pid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What waits for a locker that is busy. */
class LockerEventsTest {
    private static final Atom PEER = Atom.of("peer@host");
    private static final Pid LOCKER = new Pid(PEER, 1, 0, 7);

    private final MemoryCluster cluster = new MemoryCluster();
    private final Mailbox mailbox = cluster.start("m@host").mailbox();
    private final LockerEvents events = new LockerEvents(mailbox);

    @AfterEach
    void stop() {
        cluster.close();
    }

    private static Candidate candidate(long tag) {
        return new Candidate(PEER, tag, LOCKER, Int.of(tag));
    }

    private static LockSet lockSet(long tag, boolean isSet) {
        return new LockSet(PEER, tag, LOCKER, Int.of(tag), isSet);
    }

    private static Over over(long tag) {
        return new Over(PEER, tag, LockerEventsTest::nothing);
    }

    private static void nothing() {}

    private List<Event> all() {
        var all = new ArrayList<Event>();
        for (Event each = events.poll(any -> true); each != null; each = events.poll(any -> true)) {
            all.add(each);
        }
        return all;
    }

    @Test
    void theyComeInOrderAndWhatIsNotWantedStays() {
        events.leave(candidate(1));
        events.leave(lockSet(1, true));
        assertThat(events.poll(LockSet.class::isInstance)).isEqualTo(lockSet(1, true));
        assertThat(events.poll(LockSet.class::isInstance)).isNull();
        assertThat(all()).containsExactly(candidate(1));
    }

    @Test
    void whoRepeatsItselfTakesNoMoreRoom() throws InterruptedException {
        for (int i = 0; i < 1000; i++) {
            events.leave(lockSet(1, i % 2 == 0));
            events.leave(new Compare(PEER, 1, List.of()));
        }
        assertThat(events.size()).isEqualTo(2);
        assertThat(mailbox.receive(SOON)).isPresent();
        assertThat(mailbox.receive(Duration.ZERO)).isEmpty();
        assertThat(all()).containsExactly(lockSet(1, false), new Compare(PEER, 1, List.of()));
    }

    @Test
    void whoConnectsOverAndOverTakesNoMoreRoom() {
        for (int tag = 1; tag <= 1000; tag++) {
            events.leave(candidate(tag));
            events.leave(lockSet(tag, true));
            events.leave(new Compare(PEER, tag, List.of()));
            events.leave(over(tag));
        }
        assertThat(all()).containsExactly(lockSet(1000, true)); // which is answered: nobody set it here
    }

    @Test
    void theEndOfAnAttemptThatHasBegunIsTold() {
        events.leave(candidate(1));
        assertThat(events.poll(any -> true)).isEqualTo(candidate(1));
        Over end = over(1);
        events.leave(end);
        assertThat(all()).containsExactly(end);
    }
}
