package io.hawser.term;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Terms nested as deep as a decoder lets them, on a thread with a small stack. */
class DeepTermsTest {
    private static final int DEPTH = 10_000;
    private static final int STACK_BYTES = 256 * 1024;

    static Stream<UnaryOperator<Term>> levels() {
        return Stream.of(
                Tuple::of,
                ListTerm::of,
                inner -> ListTerm.of(Int.of(1), inner, Int.of(2)),
                inner -> new ImproperList(List.of(inner), Atom.OK),
                inner -> new ImproperList(List.of(Atom.OK), Tuple.of(inner)),
                inner -> MapTerm.of(Atom.OK, inner),
                inner -> MapTerm.of(inner, Atom.OK),
                inner -> new NativeRecord(Atom.OK, Atom.OK, true, List.of(Atom.OK), List.of(inner)));
    }

    @ParameterizedTest
    @MethodSource("levels")
    void areComparedHashedPrintedAndRead(UnaryOperator<Term> level) throws Exception {
        onSmallStack(() -> {
            Term a = nest(level, Int.of(1));
            Term b = nest(level, Int.of(1));
            Term c = nest(level, Int.of(2));
            assertThat(a.equals(b)).isTrue();
            assertThat(a.equals(c)).isFalse();
            assertThat(a.hashCode()).isEqualTo(b.hashCode()).isNotEqualTo(c.hashCode());
            assertThat(TermOrder.standard().compare(a, b)).isZero();
            assertThat(TermOrder.standard().compare(a, c)).isNegative();
            assertThat(TermOrder.exact().compare(c, a)).isPositive();
            String text = a.toString();
            assertThat(text.length()).isGreaterThan(2 * DEPTH);
            assertThat(TermPrinter.abbreviate(a, 10)).hasSize(13);
            String pretty = TermPrinter.pretty(a);
            assertThat(pretty.length()).isGreaterThanOrEqualTo(text.length());
            if (text.chars().filter(sign -> sign == '[' || sign == '{').count() <= TermParser.MAX_DEPTH) {
                assertThat(TermParser.parse(text).equals(a)).isTrue();
                assertThat(TermParser.parse(pretty).equals(a)).isTrue();
            }
            return null;
        });
    }

    @Test
    void areEqualAsFunsToo() throws Exception {
        var creator = new Pid(Atom.OK, 1, 2, 3);
        var uniq = Binary.copyOf(new byte[16]);
        UnaryOperator<Term> level =
                inner -> new LocalFun(Atom.OK, 1, uniq, 0, Int.of(0), Int.of(0), creator, List.of(inner));
        onSmallStack(() -> {
            Term a = nest(level, Int.of(1));
            assertThat(a.equals(nest(level, Int.of(1)))).isTrue();
            assertThat(a.hashCode()).isEqualTo(nest(level, Int.of(1)).hashCode());
            assertThat(TermOrder.standard().compare(a, nest(level, Int.of(2)))).isNegative();
            return null;
        });
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void takeTimeInProportionToTheirDepth() {
        // quadratic work on so many levels would take far longer than the timeout
        Term a = nest(Tuple::of, 200_000);
        Term b = nest(Tuple::of, 200_000);
        assertThat(a.equals(b)).isTrue();
        assertThat(a.hashCode()).isEqualTo(b.hashCode());
        assertThat(TermOrder.exact().compare(a, b)).isZero();
        assertThat(a.toString()).hasSize(400_001);
        assertThat(TermPrinter.pretty(a)).startsWith("{{{{");
    }

    @Test
    void hashAlikeOnBothSidesOfTheChangeFromCallsToADeque() {
        for (int depth = 10; depth < 25; depth++) {
            assertThat(nest(Tuple::of, depth)).hasSameHashCodeAs(nest(Tuple::of, depth));
        }
    }

    private static Term nest(UnaryOperator<Term> level, Term innermost) {
        Term term = innermost;
        for (int i = 0; i < DEPTH; i++) {
            term = level.apply(term);
        }
        return term;
    }

    private static Term nest(UnaryOperator<Term> level, int depth) {
        Term term = Int.of(1);
        for (int i = 0; i < depth; i++) {
            term = level.apply(term);
        }
        return term;
    }

    private static void onSmallStack(Callable<Void> test) throws Exception {
        var task = new FutureTask<>(test);
        var thread = new Thread(null, task, "small-stack", STACK_BYTES);
        thread.start();
        task.get();
    }
}
