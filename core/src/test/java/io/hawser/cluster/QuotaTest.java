package io.hawser.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.term.Atom;
import io.hawser.term.Binary;
import io.hawser.term.Int;
import io.hawser.term.ListTerm;
import io.hawser.term.Pid;
import io.hawser.term.Term;
import io.hawser.term.TermParser;
import io.hawser.term.Tuple;
import org.junit.jupiter.api.Test;

/** What is counted, and against what. */
class QuotaTest {
    private static final Atom HERE = Atom.of("m@host");
    private static final Atom A = Atom.of("a@host");
    private static final Atom B = Atom.of("b@host");
    private static final Atom C = Atom.of("c@host");

    private final Quota quota = new Quota(HERE, 100, 40);

    @Test
    void onePeerTakesItsShareAndAllTheWhole() {
        assertThat(quota.take(A, 30)).isTrue();
        assertThat(quota.take(A, 11)).isFalse();
        assertThat(quota.take(A, 10)).isTrue();
        assertThat(quota.take(B, 40)).isTrue();
        assertThat(quota.take(C, 21)).isFalse();
        assertThat(quota.take(C, 20)).isTrue();
        assertThat(quota.taken()).isEqualTo(100);
    }

    @Test
    void thisNodeIsBoundedByTheWholeOnly() {
        assertThat(quota.take(HERE, 90)).isTrue();
        assertThat(quota.take(HERE, 11)).isFalse();
    }

    @Test
    void whatIsGivenBackCanBeTakenAgain() {
        quota.take(A, 40);
        quota.giveBack(A, 15);
        assertThat(quota.take(A, 16)).isFalse();
        assertThat(quota.take(A, 15)).isTrue();
        quota.giveBack(A, 40);
        assertThat(quota.taken()).isZero();
    }

    @Test
    void aTermCountsWithAllThatIsInIt() {
        Term small = TermParser.parse("{name, 1}");
        assertThat(Weight.of(small)).isBetween(50L, 500L);
        Binary large = Binary.copyOf(new byte[1_000_000]);
        for (Term each :
                new Term[] {large, Tuple.of(Int.of(1), large), ListTerm.of(small, large), TermParser.parse("#{a => b}")
                }) {
            assertThat(Weight.of(Tuple.of(each, large))).isBetween(1_000_000L, 2_001_000L);
        }
        assertThat(Weight.of(new Pid(Atom.of("n".repeat(250)), 1, 0, 1))).isGreaterThan(250);
        assertThat(Weight.of(TermParser.parse("[a | b]"))).isGreaterThan(Weight.of(TermParser.parse("[a]")));
        assertThat(Weight.of(TermParser.parse("fun global:random_exit_name/3"))).isGreaterThan(40);
    }

    @Test
    void aTermMayNestAsDeepAsItLikes() {
        Term deep = Atom.OK;
        for (int i = 0; i < 100_000; i++) {
            deep = Tuple.of(deep);
        }
        assertThat(Weight.of(deep)).isGreaterThan(100_000);
    }
}
