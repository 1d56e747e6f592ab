package io.hawser.term;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrintableTest {
    @Test
    void escapesNoPartOfASentenceTwice() {
        String sentence = "peer " + Printable.of("\u001b[2J\\") + ": \n";
        assertThat(Printable.sentence(sentence, 500)).isEqualTo("peer \\u001b[2J\\\\: \\u000a");
        assertThat(Printable.sentence(Printable.sentence(sentence, 500), 500))
                .isEqualTo(Printable.sentence(sentence, 500));
        assertThat(Printable.sentence("x".repeat(9), 8)).isEqualTo("xxxxxxxx...");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '`',
            value = {
                "`plain text ~` # `plain text ~`",
                "`a\nb\r\nc` # `a\\u000ab\\u000d\\u000ac`",
                "`\u001b[31mred` # `\\u001b[31mred`",
                "`\u009b2J` # `\\u009b2J`",
                "`\u202eevil\u2066` # `\\u202eevil\\u2066`",
                "`\u2028\u2029\u0085` # `\\u2028\\u2029\\u0085`",
                "`\ud800 \udc00` # `\\ud800 \\udc00`",
                "`\ud83d\ude00` # `\\ud83d\\ude00`",
                "`\u0000\t\u007f` # `\\u0000\\u0009\\u007f`",
                "`back\\slash` # `back\\\\slash`",
            })
    void escapesAllButPrintableAscii(String text, String expected) {
        assertThat(Printable.of(text)).isEqualTo(expected);
    }

    @Test
    void tellsAnEscapeFromTheSameTextAsItCame() {
        assertThat(Printable.of("\n")).isNotEqualTo(Printable.of("\\u000a"));
    }

    @Test
    void cutsLongText() {
        assertThat(Printable.of("x".repeat(120))).isEqualTo("x".repeat(120));
        assertThat(Printable.of("x".repeat(121))).isEqualTo("x".repeat(120) + "...");
        assertThat(Printable.of("\n".repeat(1_000_000))).hasSizeLessThan(130).endsWith("...");
    }

    @Test
    void showsShortTextInTermsAsText() {
        Term term = TermParser.parse("{error,[{file,\"a.erl\"}],<<\"k\\n\">>,'x\\e',[1,2],<<1,2>>}");

        assertThat(Printable.of(term)).isEqualTo("{error,[{file,\"a.erl\"}],<<\"k\\\\n\">>,'x\\\\e',[1,2],<<1,2>>}");
    }

    @Test
    void cutsTermsWithoutPrintingWhatIsCutOff() {
        Term text = ListTerm.ofBytes(new byte[100_000_000]); // as numbers more than a String of 200 MB
        Term many = new ListTerm(Collections.nCopies(1_000_000, Tuple.of(text, Binary.utf8("x".repeat(100)))));

        assertThat(Printable.of(many)).isEqualTo("[{[" + "0,".repeat(58) + "0...");
        assertThat(Printable.of(Tuple.of(Binary.utf8("x".repeat(65))), 10)).isEqualTo("{<<120,120...");
    }

    @Test
    void saysOfALargeIntegerOnlyHowLargeItIs() {
        assertThat(Printable.of(IntegerTerm.of(BigInteger.ONE.shiftLeft(300)))).isEqualTo("an integer of 301 bits");
    }
}
