package io.hawser.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.term.Atom;
import io.hawser.term.Binary;
import io.hawser.term.ImproperList;
import io.hawser.term.Int;
import io.hawser.term.IntegerTerm;
import io.hawser.term.ListTerm;
import io.hawser.term.MapTerm;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A term may come from anybody. */
class HostileTermsTest {
    private final TermMapper mapper = TermMapper.of();

    sealed interface Tree permits Leaf, Fork {}

    record Leaf() implements Tree {}

    record Fork(List<Tree> trees) implements Tree {}

    record Colliding(int value, int other) {}

    /** Nests as many tuples, with a list in each. */
    private static Term nested(int forks) {
        Term term = Atom.of("leaf");
        for (int i = 0; i < forks; i++) {
            term = Tuple.of(Atom.of("fork"), ListTerm.of(term));
        }
        return term;
    }

    @Test
    void nestingIsLimitedInBothDirections() {
        Term deepest = nested(TermMapper.DEFAULT_MAX_DEPTH / 2);
        Tree tree = mapper.fromTerm(deepest, Tree.class);
        assertThat(mapper.toTerm(tree)).isEqualTo(deepest);
        String message = "$.trees[0].trees[0].trees[0].trees[0]...(484 more)....trees[0].trees[0].trees[0].trees[0]:"
                + " nested deeper than expected (expected: at most 500 levels)";
        assertThatThrownBy(() -> mapper.fromTerm(nested(251 + 4), Tree.class))
                .isInstanceOf(TermMappingException.class)
                .hasMessage(message);
        Tree deeper = new Fork(List.of(new Fork(List.of(tree))));
        assertThatThrownBy(() -> mapper.toTerm(deeper)).hasMessage(message);
        assertThatThrownBy(() -> mapper.fromTerm(nested(100_000), Tree.class)).hasMessage(message);
        var deep = TermMapper.builder().maxDepth(502).build();
        assertThat(deep.fromTerm(deep.toTerm(new Fork(List.of(tree))), Tree.class))
                .isEqualTo(new Fork(List.of(tree)));
    }

    @Test
    void theDeepestTermNeedsASmallStack() throws InterruptedException {
        var failure = new AtomicReference<Throwable>();
        Term deepest = nested(TermMapper.DEFAULT_MAX_DEPTH / 2);
        var thread = new Thread(null, () -> mapper.toTerm(mapper.fromTerm(deepest, Tree.class)), "small", 512 * 1024);
        thread.setUncaughtExceptionHandler((dying, thrown) -> failure.set(thrown));
        thread.start();
        thread.join();
        assertThat(failure.get()).isNull();
    }

    @Test
    void keysThatCollideAreRefused() {
        var types = new TypeRef<Set<Colliding>>() {};
        var terms = new ArrayList<Term>();
        for (int i = 0; i < 300; i++) {
            // 31 * value + other is 0
            terms.add(Tuple.of(Atom.of("colliding"), Int.of(i), Int.of(-31L * i)));
        }
        assertThat(mapper.fromTerm(new ListTerm(terms.subList(0, 256)), types)).hasSize(256);
        assertThatThrownBy(() -> mapper.fromTerm(new ListTerm(terms), types))
                .hasMessage("$: more than 256 of 300 elements have the same hash code (expected: a few)");
        Term[] keys = terms.toArray(new Term[0]);
        assertThatThrownBy(() ->
                        mapper.fromTerm(MapTerm.ofEntries(keys, keys), new TypeRef<Map<Colliding, Colliding>>() {}))
                .hasMessage("$: more than 256 of 300 elements have the same hash code (expected: a few)");
    }

    @Test
    void duplicatesAreRefused() {
        var set = new TypeRef<Set<Double>>() {};
        assertThat(mapper.fromTerm(ListTerm.of(Int.of(1), Int.of(2)), set)).containsExactly(1.0, 2.0);
        assertThatThrownBy(() -> mapper.fromTerm(ListTerm.of(Int.of(1), Int.of(1)), set))
                .hasMessage("$[1]: the element was there before (expected: a list without duplicates)");
        var one = Tuple.of(Atom.of("folded"), Binary.utf8("A"));
        var other = Tuple.of(Atom.of("folded"), Binary.utf8("a"));
        assertThatThrownBy(() -> mapper.fromTerm(
                        MapTerm.of(one, Int.of(1), other, Int.of(2)), new TypeRef<Map<Folded, Integer>>() {}))
                .hasMessage("$.key({folded,<<\"a\">>}): the key equals another one once it is read"
                        + " (expected: keys that differ)");
        assertThatThrownBy(() -> mapper.toTerm(Map.of(1, "a", 1L, "b")))
                .hasMessage("$: two keys are one term (expected: keys whose terms differ)");
    }

    record Folded(String name) {
        Folded {
            name = name.toLowerCase(java.util.Locale.ROOT);
        }
    }

    @Test
    void errorsShowLittleOfATermInOneLine() {
        var hostile = Tuple.of(Atom.of("x\n\u001b[31m\u202e"), Binary.utf8("y".repeat(1_000_000)));
        assertThatThrownBy(() -> mapper.fromTerm(hostile, Tree.class))
                .hasMessage("$: {'x\\\\n\\\\e[31m\\u202e',<<" + "121,".repeat(14) + "1... is no Tree"
                        + " (expected: leaf | {fork, trees})");
        var improper = new ImproperList(List.of(Int.of(1), Binary.utf8("z".repeat(1_000))), Atom.OK);
        assertThatThrownBy(() -> mapper.fromTerm(Tuple.of(improper), Tree.class))
                .hasMessage("$: {[1,<<" + "122,".repeat(18) + "12... is no Tree (expected: leaf | {fork, trees})");
        assertThatThrownBy(() -> mapper.fromTerm(IntegerTerm.of(BigInteger.TEN.pow(1_000)), Tree.class))
                .hasMessage("$: an integer of 3322 bits is no Tree (expected: leaf | {fork, trees})");
        var key = Atom.of("k\r\n".repeat(80));
        assertThatThrownBy(() ->
                        mapper.fromTerm(MapTerm.of(key, Int.of(1)), new TypeRef<Map<@AsAtom String, String>>() {}))
                .hasMessageMatching(
                        "\\$\\['[kr\\\\n]{36,40}\\.\\.\\.\\]: 1 is no String \\(expected: a binary of UTF-8\\)");
    }

    @Test
    void onlyTypesThatTheProgramNamesAreMade() {
        assertThatThrownBy(
                        () -> mapper.fromTerm(Tuple.of(Atom.of("java.lang.Runtime"), Binary.utf8("exec")), Tree.class))
                .hasMessage("$: {'java.lang.Runtime',<<\"exec\">>} is no Tree (expected: leaf | {fork, trees})");
    }
}
