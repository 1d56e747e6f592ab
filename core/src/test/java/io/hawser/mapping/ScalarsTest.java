package io.hawser.mapping;

import static io.hawser.term.TermParser.parse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.term.Atom;
import io.hawser.term.Binary;
import io.hawser.term.NodeName;
import io.hawser.term.Pid;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** What single values are as terms, and that nothing of them is lost. */
class ScalarsTest {
    private final TermMapper mapper = TermMapper.of();

    enum Color {
        RED,
        DARK_BLUE,
        LightGreen,
        @Name("off-white")
        WHITE {
            @Override
            public String toString() {
                return "a constant with a body";
            }
        }
    }

    record Text(@AsAtom String atom, @AsCharlist String list, String binary) {}

    private void assertMaps(Object value, String term) {
        assertThat(mapper.toTerm(value)).isEqualTo(parse(term));
        Class<?> type = value instanceof Enum<?> constant ? constant.getDeclaringClass() : value.getClass();
        assertThat((Object) mapper.fromTerm(parse(term), type)).isEqualTo(value);
    }

    private void assertRefuses(String term, Class<?> type, String message) {
        assertThatThrownBy(() -> mapper.fromTerm(parse(term), type))
                .isInstanceOf(TermMappingException.class)
                .hasMessage(message);
    }

    private void assertRefuses(Object value, String message) {
        assertThatThrownBy(() -> mapper.toTerm(value))
                .isInstanceOf(TermMappingException.class)
                .hasMessage(message);
    }

    @Test
    void integersKeepTheirRange() {
        assertMaps((byte) -128, "-128");
        assertMaps(Short.MAX_VALUE, "32767");
        assertMaps(Integer.MIN_VALUE, "-2147483648");
        assertMaps(Long.MAX_VALUE, "9223372036854775807");
        assertMaps(BigInteger.ONE.shiftLeft(63), "9223372036854775808");
        assertMaps(BigInteger.TEN, "10");
        assertThat(mapper.fromTerm(parse("7"), int.class)).isEqualTo(7);
        assertRefuses("300", byte.class, "$: 300 is outside byte (expected: -128..127)");
        assertRefuses("-32769", short.class, "$: -32769 is outside short (expected: -32768..32767)");
        assertRefuses(
                "9223372036854775808",
                Long.class,
                "$: 9223372036854775808 is outside long (expected: -9223372036854775808..9223372036854775807)");
        assertRefuses("1.0", int.class, "$: 1.0 is no int (expected: an integer -2147483648..2147483647)");
    }

    @Test
    void floatsAreNeverRounded() {
        assertMaps(1.5, "1.5");
        assertMaps(-0.0, "-0.0");
        assertMaps(0.5f, "0.5");
        assertMaps(Double.MIN_VALUE, "5.0e-324");
        assertThat(mapper.fromTerm(parse("3"), double.class)).isEqualTo(3.0);
        assertThat(mapper.fromTerm(parse("9007199254740992"), double.class)).isEqualTo(0x1p53);
        assertThat(mapper.fromTerm(parse("9223372036854775808"), double.class)).isEqualTo(0x1p63);
        assertRefuses(
                "9007199254740993",
                double.class,
                "$: 9007199254740993 is outside double (expected: a number that a double holds exactly)");
        assertRefuses(
                "9223372036854775807",
                double.class,
                "$: 9223372036854775807 is outside double (expected: a number that a double holds exactly)");
        assertRefuses(
                "1" + "0".repeat(400),
                double.class,
                "$: an integer of 1329 bits is outside double (expected: a number that a double holds exactly)");
        assertRefuses("0.1", float.class, "$: 0.1 is outside float (expected: a number that a float holds exactly)");
        assertRefuses("x", float.class, "$: x is no float (expected: a number)");
        assertRefuses(Double.NaN, "$: NaN is no float of Erlang (expected: a finite number)");
        assertRefuses(Float.NEGATIVE_INFINITY, "$: -Infinity is no float of Erlang (expected: a finite number)");
    }

    @Test
    void aBooleanIsOneOfTwoAtoms() {
        assertMaps(true, "true");
        assertMaps(false, "false");
        assertRefuses("1", boolean.class, "$: 1 is no boolean (expected: true | false)");
        assertRefuses("undefined", boolean.class, "$: undefined is no boolean (expected: true | false)");
    }

    @Test
    void aCharIsItsCode() {
        assertMaps('a', "$a");
        assertMaps('\u20ac', "8364");
        assertRefuses(
                "16#D800", char.class, "$: 55296 is no char (expected: an integer that is a character up to 65535)");
        assertRefuses(
                "16#1F600", char.class, "$: 128512 is no char (expected: an integer that is a character up to 65535)");
        assertRefuses('\ud800', "$: half of a surrogate pair is no character (expected: String for text beyond 65535)");
        assertThat(mapper.toTerm(new char[] {'h', 'i'})).isEqualTo(parse("\"hi\""));
    }

    @Test
    void anEnumIsAnAtomInSnakeCase() {
        assertMaps(Color.RED, "red");
        assertMaps(Color.DARK_BLUE, "dark_blue");
        assertMaps(Color.LightGreen, "light_green");
        assertMaps(Color.WHITE, "'off-white'");
        assertRefuses(
                "blue", Color.class, "$: blue is no Color (expected: red | dark_blue | light_green | 'off-white')");
        assertRefuses(
                "<<\"red\">>",
                Color.class,
                "$: <<\"red\">> is no Color (expected: red | dark_blue | light_green | 'off-white')");
    }

    @Test
    void aStringIsReadInItsOwnFormAlone() {
        assertMaps("gr\u00fc\u00df \ud83d\ude00", "<<\"gr\u00fc\u00df \ud83d\ude00\"/utf8>>");
        assertMaps("", "<<>>");
        assertMaps(new Text("a b", "\u20ac", "x"), "{text,'a b',\"\u20ac\",<<\"x\">>}");
        assertMaps(new Text("", "", ""), "{text,'',[],<<>>}");
        assertRefuses("abc", String.class, "$: abc is no String (expected: a binary of UTF-8)");
        assertRefuses(
                "\"abc\"",
                String.class,
                "$: \"abc\" is a charlist (expected: a binary of UTF-8, or that the type is @AsCharlist String)");
        assertRefuses("[]", String.class, "$: [] is no String (expected: a binary of UTF-8)");
        assertRefuses("<<255>>", String.class, "$: <<255>> is no String (expected: a binary of UTF-8)");
        assertRefuses("<<1:3>>", String.class, "$: <<1:3>> is no String (expected: a binary of UTF-8)");
        assertRefuses("{text,<<\"a\">>,\"\",<<>>}", Text.class, "$.atom: <<\"a\">> is no String (expected: an atom)");
        assertRefuses(
                "{text,a,<<\"b\">>,<<>>}",
                Text.class,
                "$.list: <<\"b\">> is no String (expected: a list of characters)");
        assertRefuses(
                "{text,a,[$a|b],<<>>}", Text.class, "$.list: [97|b] is no String (expected: a list of characters)");
        assertRefuses(
                "{text,a,[16#D800],<<>>}", Text.class, "$.list: [55296] is no String (expected: a list of characters)");
    }

    @Test
    void textThatIsNoneIsRefused() {
        assertRefuses("a\ud800", "$: a lone surrogate at index 1 is no character (expected: Unicode text)");
        assertRefuses("\udc00a", "$: a lone surrogate at index 0 is no character (expected: Unicode text)");
        assertRefuses(new Text("a".repeat(256), "", ""), "$.atom: atom: 256 characters (expected: at most 255)");
    }

    @Test
    void bytesAreABinary() {
        assertThat(mapper.toTerm(new byte[] {1, 2})).isEqualTo(parse("<<1,2>>"));
        assertThat(mapper.fromTerm(parse("<<1,2>>"), byte[].class)).containsExactly(1, 2);
        var buffer = ByteBuffer.wrap(new byte[] {1, 2, 3}).position(1);
        assertThat(mapper.toTerm(buffer)).isEqualTo(parse("<<2,3>>"));
        assertThat(buffer.position()).as("not consumed").isEqualTo(1);
        var view = mapper.fromTerm(parse("<<2,3>>"), ByteBuffer.class);
        assertThat(view).isEqualTo(buffer);
        assertThat(view.isReadOnly()).isTrue();
    }

    @Test
    void arraysAreLists() {
        assertThat(mapper.toTerm(new long[] {1, 2})).isEqualTo(parse("[1,2]"));
        assertThat(mapper.fromTerm(parse("[1,2]"), long[].class)).containsExactly(1, 2);
        assertThat(mapper.fromTerm(parse("[[red],[]]"), Color[][].class))
                .isDeepEqualTo(new Color[][] {{Color.RED}, {}});
        assertThat(mapper.toTerm(new Object[] {"a", 1, Color.RED})).isEqualTo(parse("[<<\"a\">>,1,red]"));
        assertRefuses("[1,x]", int[].class, "$[1]: x is no int (expected: an integer -2147483648..2147483647)");
        assertRefuses("[1|2]", int[].class, "$: [1|2] is no int[] (expected: a proper list)");
    }

    @Test
    void termsAreThemselves() {
        var pid = new Pid(Atom.of("a@b"), 1, 2, 3);
        assertThat(mapper.toTerm(pid)).isSameAs(pid);
        assertThat(mapper.fromTerm(pid, Pid.class)).isSameAs(pid);
        assertThat(mapper.fromTerm(pid, Term.class)).isSameAs(pid);
        assertThat(mapper.fromTerm(parse("{a,1}"), Tuple.class)).isEqualTo(parse("{a,1}"));
        assertThat(mapper.fromTerm(parse("<<1>>"), Binary.class)).isEqualTo(parse("<<1>>"));
        assertRefuses("a", Pid.class, "$: a is of kind Atom (expected: kind Pid)");
    }

    @Test
    void aNodeNameIsAnAtom() {
        assertMaps(NodeName.parse("a@b"), "a@b");
        assertRefuses("nowhere", NodeName.class, "$: nowhere is no NodeName (expected: an atom alive@host)");
    }
}
