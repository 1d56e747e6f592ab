package io.hawser.term;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TermPrinterTest {
    private static final Atom NODE = Atom.of("a@host");

    @Test
    void printsOneLineAsErlangDoes() {
        Term term = Tuple.of(
                Atom.of("it's"),
                ListTerm.ofString("ab"),
                new ImproperList(List.of(Int.of(1)), new FloatTerm(1e10)),
                MapTerm.of(new FloatTerm(1), Atom.of("b"), Int.of(2), Atom.of("a")),
                Binary.utf8("hi"),
                new Bitstring(new byte[] {1, (byte) 0xA0}, 3),
                Tuple.EMPTY,
                ListTerm.EMPTY,
                MapTerm.EMPTY,
                Binary.EMPTY);
        assertThat(term)
                .hasToString("{'it\\'s',[97,98],[1|1.0e10],#{2 => a,1.0 => b},<<104,105>>,<<1,5:3>>,{},[],#{},<<>>}");
    }

    @Test
    void showsTheNodeOfAnIdentifierByName() {
        assertThat(new Pid(NODE, 1, 2, 3)).hasToString("<a@host.1.2>");
        assertThat(new Pid(Atom.of("a@b.c"), 1, 2, 3)).hasToString("<'a@b.c'.1.2>");
        assertThat(new Port(NODE, -1, 3)).hasToString("#Port<a@host.18446744073709551615>");
        assertThat(new Reference(NODE, 5, 1, 2, -1)).hasToString("#Ref<a@host.4294967295.2.1>");
        assertThat(new Pid(Atom.of("nonode@nohost"), 1, 2, 0)).hasToString("<0.1.2>");
    }

    @Test
    void printsNativeRecords() {
        var fields = List.of(Atom.of("x"), Atom.of("Y"));
        assertThat(new NativeRecord(Atom.of("nr2"), Atom.of("pt"), true, fields, List.of(Int.of(10), Atom.of("foo"))))
                .hasToString("#nr2:pt{x = 10,'Y' = foo}");
    }

    @Test
    void abbreviates() {
        Term term = Tuple.of(Atom.of("abc"), Binary.copyOf(new byte[1_000_000]));
        assertThat(TermPrinter.abbreviate(term, 8)).isEqualTo("{abc,<<0...");
        assertThat(TermPrinter.abbreviate(Atom.of("abc"), 3)).isEqualTo("abc");
        assertThat(TermPrinter.abbreviate(Atom.of("abcd"), 3)).isEqualTo("abc...");
        assertThat(TermPrinter.abbreviate(Atom.of("\ud83d\ude00"), 2)).isEqualTo("'...");
        assertThatThrownBy(() -> TermPrinter.abbreviate(term, 0)).hasMessage("maxCharacters: 0 (expected: > 0)");
    }

    @Test
    void prettyShowsText() {
        assertThat(TermPrinter.pretty(Tuple.of(
                        ListTerm.ofString("a\"\u20ac\n"),
                        Binary.utf8("hi"),
                        Binary.utf8("\u20ac"),
                        Binary.copyOf(new byte[] {1, 2}),
                        ListTerm.of(Int.of(1)),
                        ListTerm.EMPTY)))
                .isEqualTo("{\"a\\\"\u20ac\\n\",<<\"hi\">>,<<\"\u20ac\"/utf8>>,<<1,2>>,[1],[]}");
    }

    @Test
    void prettyIndentsWhatDoesNotFit() {
        Term term = TermParser.parse("""
                {first, #{alpha => {one, "a text that is long"}, beta => [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]},
                 <<"last">>, [x, y | z]}""");
        assertThat(TermPrinter.pretty(term, 34)).isEqualTo("""
                {first,
                 #{alpha => {one,
                             "a text that is long"},
                   beta => [1,2,3,4,5,6,7,8,9,10,
                            11,12,13]},
                 <<"last">>,
                 [x,y|z]}""");
        assertThat(TermPrinter.pretty(term, 1_000)).doesNotContain("\n");
        assertThatThrownBy(() -> TermPrinter.pretty(term, 0)).hasMessage("width: 0 (expected: > 0)");
    }

    @Test
    void prettyReadsBackAtEveryWidth() {
        var terms = new RandomTerms(20_250_106);
        for (int i = 0; i < 300; i++) {
            Term term = terms.printable();
            for (int width : new int[] {1, 2, 10, 40, Integer.MAX_VALUE}) {
                assertThat(TermParser.parse(TermPrinter.pretty(term, width))).isEqualTo(term);
            }
        }
    }

    @Test
    void prettyCutsTheIndentationAtHalfTheWidth() {
        Term term = Atom.of("innermost_of_all");
        for (int i = 0; i < 100; i++) {
            term = Tuple.of(term, Atom.OK);
        }
        assertThat(TermPrinter.pretty(term, 40).lines())
                .allSatisfy(line -> assertThat(line.indexOf(line.strip())).isLessThanOrEqualTo(20));
    }
}
