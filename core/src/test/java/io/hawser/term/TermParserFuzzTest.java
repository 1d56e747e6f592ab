package io.hawser.term;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.testing.FuzzInputs;
import java.nio.charset.StandardCharsets;

/** Whatever the text is: it is refused with a position, or is a term that prints as one that is equal. */
class TermParserFuzzTest {
    /** What Jazzer calls. */
    public static void fuzzerTestOneInput(byte[] input) {
        new TermParserFuzzTest().parses(input);
    }

    @FuzzInputs
    void parses(byte[] input) {
        Term term;
        try {
            term = TermParser.parse(new String(input, StandardCharsets.UTF_8));
        } catch (TermParseException refused) {
            assertThat(refused.getMessage()).matches("\\d+:\\d+: .+");
            return;
        }
        String text = TermPrinter.print(term);
        Term again = TermParser.parse(text);
        assertThat(again).isEqualTo(term).hasSameHashCodeAs(term);
        assertThat(TermPrinter.print(again)).isEqualTo(text);
        assertThat(TermParser.parse(TermPrinter.pretty(term, 20))).isEqualTo(term);
        assertThat(TermOrder.exact().compare(term, again)).isZero();
    }
}
