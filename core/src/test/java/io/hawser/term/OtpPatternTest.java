package io.hawser.term;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.etf.TermDecoder;
import io.hawser.etf.TermEncoder;
import io.hawser.testing.ErlShell;
import io.hawser.testing.Interop;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Matching, compared with a running Erlang: each pattern as the clause of a {@code case}, against many terms. */
@Interop
class OtpPatternTest {
    private static final List<String> PATTERNS = List.of(
            "X",
            "{A}",
            "{A,B}",
            "{A,A}",
            "{_A,_A,B}",
            "[]",
            "[A]",
            "[A|B]",
            "[A,B|C]",
            "[A|[B|C]]",
            "[A,A|_]",
            "[_|a]",
            "[A|{B}]",
            "[A|#{}]",
            "#{}",
            "#{a := A}",
            "#{ok := A, b := A}",
            "#{0 := A}",
            "{#{},A}",
            "{[A|B],#{}}",
            "[{A,B}|C]",
            "{{A},A}",
            "[[A|B]|B]",
            "1",
            "0.0",
            "a",
            "'it\\'s'",
            "\"ab\"",
            "<<>>");

    @Test
    void bindsWhatErlangBinds() {
        long seed = 20_261_125;
        List<Term> terms = terms(seed);
        byte[] encoded = TermEncoder.encode(new ListTerm(terms));
        try (ErlShell erl = ErlShell.start()) {
            for (String text : PATTERNS) {
                TermPattern pattern = TermPattern.parse(text);
                // the variables' values as a list, or none
                byte[] read = erl.evalBinary(
                        "term_to_binary([case T of " + text + " -> " + pattern.variables()
                                + "; _ -> none end || T <- binary_to_term(A1)], [{minor_version, 2}])",
                        encoded);
                List<Term> expected = ((ListTerm) TermDecoder.decode(read)).elements();
                for (int i = 0; i < terms.size(); i++) {
                    Term found = pattern.match(terms.get(i))
                            .<Term>map(b -> new ListTerm(List.copyOf(b.asMap().values())))
                            .orElse(Atom.of("none"));
                    assertThat(found)
                            .as("seed %d: %s = %s", seed, text, terms.get(i))
                            .isEqualTo(expected.get(i));
                }
            }
        }
    }

    /** Terms by chance, and such that are put together to fit a pattern now and then. */
    private static List<Term> terms(long seed) {
        var random = new Random(seed);
        var source = new RandomTerms(seed);
        var terms = new ArrayList<Term>();
        for (int i = 0; i < 1_000; i++) {
            Term a = source.printable();
            Term b = random.nextBoolean() ? a : source.printable();
            terms.add(a);
            terms.add(
                    switch (random.nextInt(8)) {
                        case 0 -> Tuple.of(a, b);
                        case 1 -> Tuple.of(a, a, b);
                        case 2 -> ListTerm.of(a, b);
                        case 3 -> ListTerm.withTail(List.of(a, b), source.printable());
                        case 4 -> ListTerm.of(ListTerm.withTail(List.of(a), b), b);
                        case 5 -> MapTerm.of(Atom.OK, a, Atom.of("b"), b);
                        case 6 -> Tuple.of(Tuple.of(a), b);
                        default -> Tuple.of(MapTerm.of(a, b), b);
                    });
        }
        return terms;
    }
}
