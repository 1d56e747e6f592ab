package io.hawser.term;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Patterns: what they match, what they bind, and what they say when they cannot. */
class TermPatternTest {
    private static Term term(String text) {
        return TermParser.parse(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "{put,Key,_} ~ {put,k,1} ~ {Key=k}",
                "{put,Key,_} ~ {get,k,1} ~ no",
                "{put,Key,_} ~ {put,k} ~ no",
                "{put,Key,_} ~ [put,k,1] ~ no",
                "X ~ {a,[b]} ~ {X={a,[b]}}",
                "{X,X} ~ {[1],[1]} ~ {X=[1]}",
                "{X,X} ~ {1,1.0} ~ no",
                "{_,_} ~ {1,2} ~ {}",
                "{_A,_A,_B} ~ {1,1,2} ~ {}",
                "{_A,_A} ~ {1,2} ~ no",
                "{B,A,B} ~ {2,1,2} ~ {B=2, A=1}",
                "1 ~ 1.0 ~ no",
                "-1.5 ~ -1.5 ~ {}",
                "\"ab\" ~ [97,98] ~ {}",
                "<<\"ab\",1:3>> ~ <<97,98,1:3>> ~ {}",
                "<<\"ab\">> ~ <<97,98,1:3>> ~ no",
                "fun m:f/1 ~ fun m:f/1 ~ {}",
                "[] ~ [] ~ {}",
                "[A,B] ~ [1,2] ~ {A=1, B=2}",
                "[A,B] ~ [1,2,3] ~ no",
                "[A,B] ~ [1,2|3] ~ no",
                "[A|B] ~ [1] ~ {A=1, B=[]}",
                "[A|B] ~ [1,2] ~ {A=1, B=[2]}",
                "[A|B] ~ [1|2] ~ {A=1, B=2}",
                "[A|B] ~ [1,2|3] ~ {A=1, B=[2|3]}",
                "[A|B] ~ [] ~ no",
                "[_|_] ~ {} ~ no",
                "[A|[B|C]] ~ [1,2,3,4] ~ {A=1, B=2, C=[3,4]}",
                "[A,x|\"yz\"] ~ [1,x,121,122] ~ {A=1}",
                "[A|b] ~ [1|b] ~ {A=1}",
                "[1|{A}] ~ [1|{2}] ~ {A=2}",
                "[_|b] ~ [1,b] ~ no",
                "#{} ~ #{a => 1} ~ {}",
                "#{} ~ [] ~ no",
                "#{a := V} ~ #{a => 1, b => 2} ~ {V=1}",
                "#{a := V, {1} := V} ~ #{a => 1, {1} => 1} ~ {V=1}",
                "#{a := V, {1} := V} ~ #{a => 1, {1} => 2} ~ no",
                "#{a := {V}} ~ #{a => 1} ~ no",
                "#{a := _} ~ #{b => 1} ~ no",
                "#{1 := _} ~ #{1.0 => 1} ~ no",
                "#{a := #{b := [X|_]}} ~ #{a => #{b => [1]}} ~ {X=1}",
                "{#{}} ~ {#{}} ~ {}",
            })
    void matchesAsErlangDoes(String pattern, String term, String expected) {
        String found = TermPattern.parse(pattern)
                .match(term(term))
                .map(Bindings::toString)
                .orElse("no");
        assertThat(found).isEqualTo(expected);
        assertThat(TermPattern.parse(pattern).matches(term(term))).isEqualTo(!expected.equals("no"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "{put,Key ~ 1:9: found the end of the text (expected: ',' or '}')",
                "{put,,} ~ 1:6: found ',' (expected: a pattern)",
                "{put,Key} x ~ 1:11: found the atom 'x' (expected: the end of the text)",
                "#{a => V} ~ 1:5: found '=>' (expected: ':=')",
                "{#{{V} := 1}} ~ 1:2: found a pattern as the key of a map (expected: a variable, or a term without"
                        + " variables and maps)",
                "#{_ := 1} ~ 1:1: found a pattern as the key of a map (expected: a variable, or a term without"
                        + " variables and maps)",
                "<<X>> ~ 1:3: found the variable X (expected: a number)",
                "[|T] ~ 1:2: found '|' (expected: a pattern)",
                "{a,#point{x = X}} ~ 1:4: found the record #point (expected: the tuple that it is)",
                "{a,#m:r{f = X}} ~ 1:4: found a native record (expected: a pattern of anything else)",
                "X when X ~ 1:3: found the reserved word when (expected: the end of the text)",
                "'' ~ 1:1: found the end of the text (expected: a pattern)",
            })
    void saysWhereThePatternIsWrong(String pattern, String message) {
        assertThatThrownBy(() -> TermPattern.parse(pattern.equals("''") ? "" : pattern))
                .isInstanceOf(TermParseException.class)
                .hasMessage(message);
    }

    @Test
    void refusesPatternsThatNestTooDeep() {
        assertThatThrownBy(() -> TermPattern.parse("{".repeat(10_001) + "X"))
                .isInstanceOf(TermParseException.class)
                .hasMessageContaining("at most 10000");
    }

    @Test
    void matchesWithValuesOfTheProgram() {
        var ref = new Reference(Atom.of("a@host"), 1, 2, 3, 4);
        var reply = TermPattern.parse("{Ref, Reply}").bind("Ref", ref);
        assertThat(reply.match(Tuple.of(ref, Atom.OK)).orElseThrow().asMap())
                .isEqualTo(Map.of("Ref", ref, "Reply", Atom.OK));
        assertThat(reply.matches(Tuple.of(Atom.OK, Atom.OK))).isFalse();
        assertThat(reply.bind("Ref", Atom.OK).matches(Tuple.of(Atom.OK, Atom.OK)))
                .isTrue();
        assertThat(reply.variables()).containsExactly("Ref", "Reply");
        assertThat(reply).hasToString("{Ref, Reply}");
        assertThatThrownBy(() -> reply.bind("ref", ref))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("pattern {Ref, Reply}: no variable ref (expected: one of Ref, Reply)");
        assertThatThrownBy(() -> TermPattern.parse("{_X,x}").bind("_X", ref))
                .hasMessage("pattern {_X,x}: no variable _X (expected: none, it has no variables)");
    }

    @Test
    void looksUpKeysThatWereBound() {
        var pattern = TermPattern.parse("#{K := V}");
        Term map = term("#{{1} => 2}");
        assertThat(pattern.bind("K", term("{1}")).match(map).orElseThrow().longValue("V"))
                .isEqualTo(2);
        assertThat(pattern.bind("K", term("{2}")).matches(map)).isFalse();
        assertThatThrownBy(() -> pattern.matches(map))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("pattern #{K := V}: the key K has no value (expected: bind before match)");
    }

    @Test
    void givesPartsAsJavaWantsThem() {
        var pid = new Pid(Atom.of("a@host"), 1, 2, 3);
        var ref = new Reference(Atom.of("a@host"), 1, 2, 3, 4);
        Bindings b = TermPattern.parse("{P,R,N,A,U,L,E,T}")
                .match(Tuple.of(
                        pid,
                        ref,
                        Int.of(7),
                        Atom.OK,
                        Binary.utf8("\u00e4"),
                        ListTerm.ofString("\u20ac"),
                        ListTerm.EMPTY,
                        Tuple.of(Int.of(1))))
                .orElseThrow();
        assertThat(b.pid("P")).isEqualTo(pid);
        assertThat(b.reference("R")).isEqualTo(ref);
        assertThat(b.longValue("N")).isEqualTo(7);
        assertThat(b.atom("A")).isEqualTo(Atom.OK);
        assertThat(b.text("U")).isEqualTo("\u00e4");
        assertThat(b.text("L")).isEqualTo("\u20ac");
        assertThat(b.text("E")).isEmpty();
        assertThat(b.as("T", Tuple.class).arity()).isEqualTo(1);
        assertThat(b.as("N", IntegerTerm.class).bigIntegerValue()).isEqualTo(7);
        assertThat(((Tuple) b.term()).element(0)).isEqualTo(pid);
    }

    @Test
    void saysWhatItFoundAndExpectedButNotTheValue() {
        Bindings b = TermPattern.parse("{A,N,B,F}")
                .match(Tuple.of(
                        Int.of(1), term("99999999999999999999"), Binary.copyOf(new byte[] {-1}), new FloatTerm(1)))
                .orElseThrow();
        assertMismatch(() -> b.atom("A"), "A: found an integer (expected: an atom)");
        assertMismatch(() -> b.longValue("N"), "N: found an integer beyond 64 bits (expected: an integer of 64 bits)");
        assertMismatch(() -> b.pid("B"), "B: found a binary (expected: a pid)");
        assertMismatch(
                () -> b.text("B"), "B: found a binary (expected: text: UTF-8 in a binary, or a list of characters)");
        assertMismatch(() -> b.as("F", MapTerm.class), "F: found a float (expected: MapTerm)");
        assertMismatch(() -> b.get("X"), "pattern {A,N,B,F}: no variable X (expected: one of A, N, B, F)");
    }

    private static void assertMismatch(Runnable getter, String message) {
        assertThatThrownBy(getter::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void keepsTheRestOfAStringAsBytes() {
        var rest = TermPattern.parse("[_|Rest]")
                .match(ListTerm.ofString("hello"))
                .orElseThrow()
                .as("Rest", ListTerm.class);
        assertThat(rest).isEqualTo(ListTerm.ofString("ello"));
        assertThat(rest.elements()).isInstanceOf(ByteElements.class);
    }

    @Test
    void takesNoStackForDeepTermsAndPatterns() throws Exception {
        int depth = 10_000;
        Term deep = Atom.OK;
        for (int i = 0; i < depth; i++) {
            deep = i % 2 == 0 ? Tuple.of(deep) : MapTerm.of(Atom.OK, deep);
        }
        Term term = deep;
        var open = new StringBuilder();
        var close = new StringBuilder();
        for (int i = depth - 1; i >= 0; i--) {
            open.append(i % 2 == 0 ? "{" : "#{ok := ");
            close.append('}');
        }
        var task = new FutureTask<>(() -> {
            var pattern = TermPattern.parse(open + "X" + close);
            assertThat(pattern.match(term).orElseThrow().atom("X")).isEqualTo(Atom.OK);
            assertThat(TermPattern.parse("{X,X}").matches(Tuple.of(term, term))).isTrue();
            return null;
        });
        var thread = new Thread(null, task, "small-stack", 256 * 1024);
        thread.start();
        task.get();
    }

    @Test
    void matchesEveryTermWithItselfAsAPattern() {
        long seed = 20_261_123;
        var terms = new RandomTerms(seed);
        int matched = 0;
        for (int i = 0; i < 3_000; i++) {
            Term term = terms.printable();
            String text = term.toString().replace(" => ", " := ");
            try {
                assertThat(TermPattern.parse(text).matches(term))
                        .as("seed %d: %s", seed, text)
                        .isTrue();
                matched++;
            } catch (TermParseException e) {
                assertThat(e).hasMessageContaining("found a pattern as the key of a map"); // a map as a key
            }
        }
        assertThat(matched).isGreaterThan(2_500);
    }

    @Test
    void readsOrRefusesWhateverItIsGiven() {
        long seed = 20_261_124;
        var random = new Random(seed);
        var terms = new RandomTerms(seed);
        List<String> words = List.of("X", "_", "{", "}", "[", "]", "|", ",", "#{", ":=", "=>", "a", "1", "<<", ">>");
        for (int i = 0; i < 5_000; i++) {
            var text = new StringBuilder();
            for (int j = random.nextInt(12); j >= 0; j--) {
                text.append(words.get(random.nextInt(words.size()))).append(' ');
            }
            try {
                TermPattern.parse(text.toString()).matches(terms.printable());
            } catch (TermParseException e) {
                assertThat(e).hasMessageMatching("[ -~]+");
            } catch (IllegalStateException e) {
                assertThat(e).hasMessageContaining("has no value");
            }
        }
    }
}
