package io.hawser.term;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.etf.TermDecoder;
import io.hawser.etf.TermEncoder;
import io.hawser.testing.ErlShell;
import io.hawser.testing.Interop;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Printing and reading, compared with a running Erlang. */
@Interop
class OtpSyntaxTest {
    private static final int TERMS = 3_000;

    private static final String PRINT = "[[io_lib:format(\"~tw\", [T]), 0] || T <- binary_to_term(A1)]";

    private static ErlShell erl;

    @BeforeAll
    static void start() {
        erl = ErlShell.start();
    }

    @AfterAll
    static void stop() {
        erl.close();
    }

    @Test
    void printsAsErlangDoes() {
        List<Term> terms = printable(20_250_101);
        byte[] encoded = TermEncoder.encode(new ListTerm(terms));
        assertPrinted(terms, lines(PRINT, encoded));
    }

    @Test
    void printsFloatsAsErlangDoes() {
        var random = new RandomTerms(20_250_102);
        var floats = new ArrayList<Term>();
        for (int i = 0; i < 20_000; i++) {
            floats.add(new FloatTerm(random.number()));
        }
        // powers of two: the interval that reads back as the float is not symmetric there
        for (int exponent = Double.MIN_EXPONENT - 52; exponent <= Double.MAX_EXPONENT; exponent++) {
            double power = Math.scalb(1.0, exponent);
            floats.add(new FloatTerm(power));
            floats.add(new FloatTerm(-Math.nextDown(power)));
        }
        byte[] encoded = TermEncoder.encode(new ListTerm(floats));
        assertPrinted(floats, lines(PRINT, encoded));
    }

    @Test
    void printsEveryCharacterOfAnAtomAsErlangDoes() {
        var atoms = new ArrayList<Term>();
        // all of the first ones, then samples of the rest
        for (int c = 0; c <= Character.MAX_CODE_POINT; c += c < 0x300 ? 1 : 251) {
            if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
                atoms.add(Atom.of(Character.toString(c)));
                atoms.add(Atom.of("a" + Character.toString(c)));
            }
        }
        byte[] encoded = TermEncoder.encode(new ListTerm(atoms));
        assertPrinted(atoms, lines(PRINT, encoded));
    }

    @Test
    void sortsAsErlangDoes() {
        List<Term> terms = printable(20_250_107);
        // both sorts are stable: terms that compare as equal stay in the order they came
        byte[] sorted = erl.evalBinary(
                "term_to_binary(lists:sort(binary_to_term(A1)), [{minor_version, 2}])",
                TermEncoder.encode(new ListTerm(terms)));
        assertThat(terms.stream().sorted(TermOrder.standard()).toList())
                .isEqualTo(((ListTerm) TermDecoder.decode(sorted)).elements());
    }

    @Test
    void printsIdentifiersOfNoNodeAsErlangDoes() {
        var node = Atom.of("nonode@nohost");
        var fun = new LocalFun(
                Atom.of("no_such_module"),
                1,
                Binary.copyOf(new byte[16]),
                7,
                Int.of(3),
                Int.of(99),
                new Pid(node, 1, 0, 0),
                List.of());
        List<Term> terms = List.of(new Pid(node, 16, 2, 0), new Port(node, 5, 0), new Reference(node, 0, 1, 2, 3), fun);
        byte[] encoded = TermEncoder.encode(new ListTerm(terms));
        assertPrinted(terms, lines(PRINT, encoded));
    }

    @Test
    void erlangReadsWhatWePrint() {
        List<Term> terms = printable(20_250_103);
        for (boolean pretty : new boolean[] {false, true}) {
            var text = new StringBuilder();
            terms.forEach(term -> text.append(pretty ? TermPrinter.pretty(term, 30) : term.toString())
                    .append(" .\n\0"));
            byte[] read = erl.evalBinary(
                    "term_to_binary([begin {ok, Ts, _} = erl_scan:string(unicode:characters_to_list(L)),"
                            + " {ok, T} = erl_parse:parse_term(Ts), T end"
                            + " || L <- binary:split(A1, <<0>>, [global, trim_all])], [{minor_version, 2}])",
                    text.toString().getBytes(StandardCharsets.UTF_8));
            assertThat(((ListTerm) TermDecoder.decode(read)).elements()).isEqualTo(terms);
        }
    }

    @Test
    void readsWhatErlangPrints() {
        List<Term> terms = printable(20_250_104);
        byte[] encoded = TermEncoder.encode(new ListTerm(terms));
        for (String format : List.of("~tw", "~tp", "~0tp", "~30tp", "~w", "~p")) {
            List<String> lines =
                    lines("[[io_lib:format(\"" + format + "\", [T]), 0] || T <- binary_to_term(A1)]", encoded);
            assertThat(lines.stream().map(TermParser::parse).toList())
                    .as(format)
                    .isEqualTo(terms);
        }
    }

    @Test
    void readsEveryFormOfLiteralAsErlangDoes() {
        List<String> texts = List.of(
                "16#ff",
                "2#1010",
                "36#zZ",
                "1_000_000",
                "16#dead_beef",
                "- 5",
                "+5",
                "-16#10",
                "$a",
                "$\\n",
                "$\\\\",
                "-$a",
                "$\\x41",
                "$\\x{1F600}",
                "$\\101",
                "$\\^A",
                "$\\^z",
                "$ ",
                "$\\s",
                "$\\e",
                "$\\q",
                "1.5e3",
                "1.5E+3",
                "1.0e-400",
                "-0.0",
                "1_0.2_5",
                "\"a\" \"b\"\n \"c\"",
                "\"a\\\"b\\\nc\\tz\"",
                "'a\\'b'",
                "[1|[2|[3|[]]]]",
                "[a|[b|c]]",
                "[1|\"ab\"]",
                "<<>>",
                "<<1,2,3>>",
                "<<-1,256,257>>",
                "<<5:3>>",
                "<<1:1,0:1,3:16>>",
                "<<-1:12>>",
                "<<\"abc\">>",
                "<<\"\u00e4\">>",
                "<<\"\u20ac\"/utf8>>",
                "<<1:4,\"ab\">>",
                "<<\"a\" \"b\">>",
                "#{}",
                "#{a => 1, \"b\" => #{}}",
                "fun lists:map/2",
                "fun 'A':'b c'/0",
                "% comment\n {a, % more\n b}",
                "{}",
                "[]",
                "''",
                "maybe");
        for (String text : texts) {
            byte[] read = erl.evalBinary(
                    "{ok, Ts, _} = erl_scan:string(unicode:characters_to_list(A1)), {ok, T} = erl_parse:parse_term(Ts),"
                            + " term_to_binary(T, [{minor_version, 2}])",
                    (text + " .").getBytes(StandardCharsets.UTF_8));
            assertThat(TermParser.parse(text)).as(text).isEqualTo(TermDecoder.decode(read));
        }
    }

    private static List<Term> printable(long seed) {
        var random = new RandomTerms(seed);
        var terms = new ArrayList<Term>();
        for (int i = 0; i < TERMS; i++) {
            terms.add(random.printable());
        }
        return terms;
    }

    private static void assertPrinted(List<Term> terms, List<String> expected) {
        assertThat(terms.stream().map(Term::toString).toList()).isEqualTo(expected);
    }

    private static List<String> lines(String expression, byte[] argument) {
        byte[] text = erl.evalBinary("unicode:characters_to_binary(" + expression + ")", argument);
        return List.of(new String(text, StandardCharsets.UTF_8).split("\0"));
    }
}
