package io.hawser.term;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TermParserTest {
    @Test
    void readsATermOfEveryForm() {
        assertThat(TermParser.parse(
                        "{ok, [1, 2.5, \"ab\" \"c\"|x], #{k => <<1, \"t\", 5:3>>}, 'A b', fun m:f/1}. % end"))
                .isEqualTo(Tuple.of(
                        Atom.OK,
                        new ImproperList(
                                List.of(Int.of(1), new FloatTerm(2.5), ListTerm.ofString("abc")), Atom.of("x")),
                        MapTerm.of(Atom.of("k"), new Bitstring(new byte[] {1, 't', (byte) 0xA0}, 3)),
                        Atom.of("A b"),
                        new ExternalFun(Atom.of("m"), Atom.of("f"), 1)));
    }

    @Test
    void readsNativeRecords() {
        var fields = List.of(Atom.of("x"), Atom.of("Y"));
        var point = new NativeRecord(Atom.of("m"), Atom.of("pt"), true, fields, List.of(Int.of(10), Tuple.EMPTY));
        assertThat(TermParser.parse("#m:pt{x = 10, 'Y' = {}}")).isEqualTo(point);
        assertThat(TermParser.parse(point.toString())).isEqualTo(point);
        assertThat(TermParser.parse("#m:pt{}"))
                .isEqualTo(new NativeRecord(Atom.of("m"), Atom.of("pt"), true, List.of(), List.of()));
    }

    @Test
    void joinsTailsThatAreLists() {
        String nested = "[1|".repeat(5_000) + "[]" + "]".repeat(5_000);
        assertThat(((ListTerm) TermParser.parse(nested)).size()).isEqualTo(5_000);
        assertThat(TermParser.parse("[1|[2,3|[{[4|5]}|[6|7]]]]")).hasToString("[1,2,3,{[4|5]},6|7]");
        assertThat(TermParser.parse("[1|[]]")).hasToString("[1]");
        assertThat(TermParser.parse("[[1|[2]]|[3|[]]]")).hasToString("[[1,2],3]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '`',
            value = {
                "`` # 1:1: found the end of the text (expected: a term)",
                "`a b` # 1:3: found the atom 'b' (expected: the end of the text)",
                "`{a,\n b` # 2:3: found the end of the text (expected: ',' or '}')",
                "`[1 2]` # 1:4: found the number 2 (expected: ',', '|' or ']')",
                "`[|a]` # 1:2: found '|' (expected: a term)",
                "`[1|2,3]` # 1:5: found ',' (expected: ']')",
                "`{a}}` # 1:4: found '}' (expected: the end of the text)",
                "`Var` # 1:1: found the variable Var (expected: a term)",
                "`if` # 1:1: found the reserved word if (expected: a term; quoted, the word is an atom)",
                "`- a` # 1:3: found the atom 'a' (expected: a number)",
                "`1..` # 1:2: found '.' (expected: a term or its punctuation)",
                "`1__0` # 1:2: found the variable __0 (expected: the end of the text)",
                "`'abc` # 1:1: found a quoted atom that does not end (expected: its end)",
                "`[\"abc\\` # 1:2: found a string that does not end (expected: its end)",
                "`$` # 1:1: found a character after $ that does not end (expected: its end)",
                "`\"\\x{D800}\"` # 1:2: found a character numbered 55296 (expected: one of Unicode)",
                "`\"\\x{110000}\"` # 1:2: found a character numbered 1114112 (expected: one of Unicode)",
                "`\"\\xg1\"` # 1:4: found no character number after \\x (expected: two hex digits, or up to 8 in braces)",
                "`1.0e309` # 1:1: found a float beyond the largest one (expected: at most 1.7976931348623157e308)",
                "`<<1.5>>` # 1:3: found a float in a binary (expected: an integer or a string)",
                "`<<1:257>>` # 1:5: found the number 257 (expected: a size in bits, 0 to 256)",
                "`<<\"\\x{20ac}\">>` # 1:3: found a string with characters beyond 255 in a binary (expected: /utf8 after it)",
                "`<<\"a\"/utf16>>` # 1:3: found a string of another type (expected: utf8)",
                "`<<1 2>>` # 1:5: found the number 2 (expected: ',' or '>>')",
                "`fun m:f` # 1:8: found the end of the text (expected: '/')",
                "`fun m:f/256` # 1:9: found the number 256 (expected: an arity, 0 to 255)",
                "`fun() -> ok end` # 1:4: found '(' (expected: a module)",
                "`<0.1.2>` # 1:1: found '<' (expected: a term or its punctuation)",
                "`\u001b[31m` # 1:5: found the atom 'm' (expected: ',', '|' or ']')",
                "`{a,\u202e}` # 1:4: found '\\u202e' (expected: a term or its punctuation)",
            })
    void saysWhereWhatWasFoundAndWhatWasExpected(String text, String message) {
        assertThatThrownBy(() -> TermParser.parse(text))
                .isInstanceOf(TermParseException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1#0", "37#0", "100#0", "0#0"})
    void refusesABaseThatErlangDoesNotHave(String text) {
        assertThatThrownBy(() -> TermParser.parse(text)).hasMessageContaining("(expected: 2 to 36)");
    }

    @Test
    void refusesAKeyThatStandsTwice() {
        assertThatThrownBy(() -> TermParser.parse("{#{1 => a, 1.0 => b, 1 => c}}"))
                .hasMessage("1:2: map: a key stands twice among 3 (expected: different keys)");
        assertThatThrownBy(() -> TermParser.parse("#m:r{a = 1, a = 2}")).hasMessageStartingWith("1:1: native record");
    }

    @Test
    void tellsTheLineAndTheColumn() {
        assertThatThrownBy(() -> TermParser.parse("{a,\n% comment\n  ?}"))
                .isInstanceOfSatisfying(TermParseException.class, e -> {
                    assertThat(e.line()).isEqualTo(3);
                    assertThat(e.column()).isEqualTo(3);
                });
    }

    @Test
    void refusesTextBeyondTheLimits() {
        assertThatThrownBy(() -> TermParser.parse("[".repeat(TermParser.MAX_DEPTH + 1)))
                .hasMessage("1:10001: found terms nested deeper than expected (expected: at most 10000)");
        assertThatThrownBy(() -> TermParser.parse("1".repeat(TermParser.MAX_DIGITS + 1)))
                .hasMessage("1:1: found a number of 20001 digits (expected: at most 20000)");
        assertThatThrownBy(() -> TermParser.parse("'" + "a".repeat(256) + "'"))
                .hasMessage("1:1: atom: 256 characters (expected: at most 255)");
        assertThatThrownBy(() -> TermParser.parse(" ".repeat(TermParser.MAX_CHARACTERS + 1)))
                .hasMessage("1:1: found 16777217 characters (expected: at most 16777216)");
        assertThat(TermParser.parse("1".repeat(TermParser.MAX_DIGITS))).isInstanceOf(BigInt.class);
    }

    @Test
    void refusesLoneSurrogates() {
        assertThatThrownBy(() -> TermParser.parse("\"a\ud800\""))
                .hasMessage("1:3: found a character numbered 55296 (expected: one of Unicode)");
    }

    @Test
    void readsOrRefusesWhateverItIsGiven() {
        long seed = 20_250_105;
        var random = new Random(seed);
        var terms = new RandomTerms(seed);
        for (int i = 0; i < 5_000; i++) {
            var text = new StringBuilder(terms.printable().toString());
            for (int j = random.nextInt(3); j >= 0; j--) {
                int at = random.nextInt(text.length());
                String replacement = "[]{}()<>#|,:=\"'\\$.% \n1aA_e-\u0000\ud800".substring(random.nextInt(28));
                text.replace(at, at + random.nextInt(Math.min(3, text.length() - at) + 1), replacement.substring(0, 1));
            }
            try {
                Term term = TermParser.parse(text.toString());
                assertThat(TermParser.parse(term.toString())).isEqualTo(term);
            } catch (TermParseException e) {
                assertThat(e).hasMessageMatching("[ -~]+");
            }
        }
    }
}
