package io.hawser.term;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the constructors and factories accept, and the ways to what is inside. */
class TermsTest {
    @ParameterizedTest
    @ValueSource(strings = {"\ud800", "a\udc00", "\udc00\ud800", "\ud83d\ude00\ud83d", "\ud800\ud800\udc00"})
    void anAtomHasNoLoneSurrogate(String text) {
        assertThatThrownBy(() -> Atom.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("atom: lone surrogate at index ")
                .hasMessageMatching("[ -~]+");
    }

    @Test
    void anAtomHas255CharactersAtMost() {
        assertThat(Atom.of("\ud83d\ude00".repeat(255)).text()).hasSize(510);
        assertThatThrownBy(() -> Atom.of("\ud83d\ude00".repeat(256)))
                .hasMessage("atom: 256 characters (expected: at most 255)");
    }

    @Test
    void aListOfBytesIsEqualToOneOfIntegers() {
        var compact = ListTerm.ofBytes((byte) 0, (byte) 255, (byte) 97);
        var plain = ListTerm.of(Int.of(0), Int.of(255), Int.of(97));
        assertThat(compact).isEqualTo(plain).hasSameHashCodeAs(plain).hasToString("[0,255,97]");
        assertThat(plain).isEqualTo(compact);
        assertThat(compact.asBytes()).contains(new byte[] {0, -1, 97});
        assertThat(plain.asBytes()).contains(new byte[] {0, -1, 97});
        assertThat(TermOrder.exact().compare(compact, plain)).isZero();
        assertThat(compact).isNotEqualTo(ListTerm.ofBytes((byte) 0, (byte) 255));
        assertThat(ListTerm.ofBytes(ByteBuffer.wrap(new byte[] {9, 0, -1, 97, 9}, 1, 3)))
                .isEqualTo(plain);
        assertThat(ListTerm.of(Int.of(256)).asBytes()).isEmpty();
        assertThat(ListTerm.of(Atom.OK).asBytes()).isEmpty();
    }

    @Test
    void aListSharesTheElementsOfAnotherTerm() {
        var text = ListTerm.ofString("abc");
        assertThat(new ListTerm(text.elements()).elements()).isSameAs(text.elements());
        assertThat(new Tuple(text.elements()).elements()).isSameAs(text.elements());
        var tuple = Tuple.of(Atom.OK, Atom.ERROR);
        assertThat(new ListTerm(tuple.elements()).elements()).isSameAs(tuple.elements());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 1024, 1025, 5000})
    void termsAreMadeOfElementsThatComeOneAfterTheOther(int size) {
        List<Term> integers = IntStream.range(0, size).<Term>mapToObj(Int::of).toList();
        assertThat(Tuple.generate(size, integers.iterator()::next)).isEqualTo(new Tuple(integers));
        ListTerm list = ListTerm.generate(size, integers.iterator()::next);
        assertThat(list).isEqualTo(new ListTerm(integers)).hasSameHashCodeAs(new ListTerm(integers));
        assertThat(list.elements()).isEqualTo(integers).hasSameHashCodeAs(integers);
        assertThat(new Tuple(list.elements()).elements()).isSameAs(list.elements());
        assertThat(new ArrayList<>(list.elements())).isEqualTo(integers);
        var seen = new ArrayList<Term>();
        list.elements().forEach(seen::add);
        assertThat(seen).isEqualTo(integers);
        Iterator<Term> pairs = Stream.concat(integers.stream(), integers.stream())
                .sorted(TermOrder.exact().reversed())
                .iterator();
        MapTerm map = MapTerm.generate(size, pairs::next);
        assertThat(map.size()).isEqualTo(size);
        map.entries().forEach((key, value) -> assertThat(value).isEqualTo(key));
        assertThat(map.entries().keySet()).containsExactlyElementsOf(integers);
    }

    @Test
    void nothingIsMadeOfElementsThatAreMissing() {
        assertThatThrownBy(() -> Tuple.generate(-1, () -> Atom.OK))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("elements: -1 (expected: at least 0)");
        assertThatThrownBy(() -> ListTerm.generate(-1, () -> Atom.OK)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MapTerm.generate(-1, () -> Atom.OK)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MapTerm.generate(2, () -> Atom.OK))
                .hasMessage("map: a key stands twice among 2 (expected: different keys)");
        List<Term> none = Collections.<Term>emptyList();
        assertThatThrownBy(() -> Tuple.generate(Integer.MAX_VALUE, none.iterator()::next))
                .isInstanceOf(NoSuchElementException.class);
        Term[] missing = new Term[4];
        assertThatThrownBy(() -> Tuple.of(missing)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> ListTerm.generate(4, Arrays.asList(missing).iterator()::next))
                .isInstanceOf(NullPointerException.class);
    }

    @Test
    void aTupleKeepsACopyOfTheArray() {
        Term[] elements = {Atom.OK, Atom.OK, Atom.OK};
        Tuple tuple = Tuple.of(elements);
        tuple.elements().toArray()[0] = Atom.ERROR;
        elements[0] = Atom.ERROR;
        assertThat(tuple).isEqualTo(Tuple.of(Atom.OK, Atom.OK, Atom.OK));
    }

    @Test
    void aBinaryIsMadeOfAPartOfAnArray() {
        byte[] bytes = {1, 2, 3, 4};
        Binary part = Binary.copyOf(bytes, 1, 2);
        bytes[1] = 9;
        assertThat(part).isEqualTo(Binary.copyOf(new byte[] {2, 3}));
        assertThat(Binary.copyOf(bytes, 4, 0)).isSameAs(Binary.EMPTY);
        assertThat(Binary.copyOf(new byte[3_000_000], 1, 2_000_000).size()).isEqualTo(2_000_000);
        assertThatThrownBy(() -> Binary.copyOf(bytes, 2, 3)).isInstanceOf(IndexOutOfBoundsException.class);
        for (int[] wrong : new int[][] {{-1, 0, 1}, {0, -1, 1}, {0, 0, -1}, {0, 0, 3}, {1, 0, 2}, {0, 3, 2}}) {
            assertThatThrownBy(() -> part.copyTo(wrong[0], new byte[4], wrong[1], wrong[2]))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void theElementsOfAListCannotBeChanged() {
        for (var list :
                List.of(ListTerm.ofString("abc"), ListTerm.of(Atom.OK), ListTerm.of(Atom.OK, Atom.OK, Atom.ERROR))) {
            assertThatThrownBy(() -> list.elements().set(0, Atom.OK)).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> list.elements().add(Atom.OK)).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> list.elements().remove(0)).isInstanceOf(UnsupportedOperationException.class);
        }
        byte[] bytes = {1, 2};
        var list = ListTerm.ofBytes(bytes);
        bytes[0] = 9;
        assertThat(list.element(0)).isEqualTo(Int.of(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "\u00e4\u00ff", "\u20ac", "\ud83d\ude00", "a\u0000\n"})
    void aStringIsTheListOfItsCodePoints(String text) {
        var list = ListTerm.ofString(text);
        assertThat(list.size()).isEqualTo((int) text.codePoints().count());
        assertThat(list.asString()).contains(text);
        assertThat(new ListTerm(new ArrayList<>(list.elements())).asString()).contains(text);
    }

    @Test
    void aListOfOtherThanCharactersIsNoText() {
        for (Term element : List.of(Atom.OK, Int.of(-1), Int.of(0xD800), Int.of(0x110000), new FloatTerm(97))) {
            assertThat(ListTerm.of(Int.of(97), element).asString()).isEmpty();
        }
    }

    @Test
    void aTailThatIsAListIsJoined() {
        var one = List.<Term>of(Int.of(1));
        assertThat(ListTerm.withTail(one, ListTerm.of(Int.of(2)))).hasToString("[1,2]");
        assertThat(ListTerm.withTail(one, new ImproperList(one, Atom.OK))).hasToString("[1,1|ok]");
        assertThat(ListTerm.withTail(one, Atom.OK)).hasToString("[1|ok]");
        assertThat(ListTerm.withTail(List.of(), Atom.OK)).isEqualTo(Atom.OK);
    }

    @Test
    void aMapFindsEveryKeyAndIteratesInKeyOrder() {
        var random = new Random(5);
        var expected = new HashMap<Term, Term>();
        var generated = new RandomTerms(6).many(2_000);
        for (Term key : generated) {
            expected.put(key, Int.of(random.nextInt()));
        }
        var map = new MapTerm(expected);
        assertThat(map.entries()).isEqualTo(expected).hasSameHashCodeAs(expected);
        expected.forEach((key, value) -> assertThat(map.get(key)).contains(value));
        var keys = new ArrayList<>(map.entries().keySet());
        assertThat(keys).isSortedAccordingTo(TermOrder.exact());
        assertThat(map.get(Atom.of("no such key"))).isEmpty();
        Collections.shuffle(keys, random);
        var values = keys.stream().map(expected::get).toArray(Term[]::new);
        assertThat(MapTerm.ofEntries(keys.toArray(new Term[0]), values))
                .isEqualTo(map)
                .hasSameHashCodeAs(map);
    }

    @Test
    void aMapCannotBeChanged() {
        Term[] keys = {Int.of(1), Int.of(2)};
        Term[] values = {Atom.OK, Atom.ERROR};
        var map = MapTerm.ofEntries(keys, values);
        keys[0] = Int.of(9);
        values[0] = Int.of(9);
        assertThat(map).isEqualTo(MapTerm.of(Int.of(1), Atom.OK, Int.of(2), Atom.ERROR));
        assertThatThrownBy(() -> map.entries().put(Int.of(1), Int.of(1)))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> map.entries().remove(Int.of(1))).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> map.entries().clear()).isInstanceOf(UnsupportedOperationException.class);
        for (Map.Entry<Term, Term> entry : map.entries().entrySet()) {
            assertThatThrownBy(() -> entry.setValue(Atom.OK)).isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @Test
    void aMapHasNoKeyTwice() {
        assertThatThrownBy(() -> MapTerm.of(Int.of(1), Atom.OK, Atom.OK, Atom.OK, Int.of(1), Atom.OK))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("map: a key stands twice among 3 (expected: different keys)");
        assertThat(MapTerm.of(Int.of(1), Atom.OK, new FloatTerm(1), Atom.OK).size())
                .isEqualTo(2);
        assertThatThrownBy(() -> MapTerm.of(Int.of(1))).hasMessage("map: 1 keys and values (expected: an even number)");
        assertThatThrownBy(() -> MapTerm.ofEntries(new Term[] {Int.of(1)}, new Term[0]))
                .hasMessage("map: 1 keys and 0 values (expected: as many)");
        assertThat(MapTerm.of()).isSameAs(MapTerm.EMPTY);
    }

    @Test
    void aNativeRecordHasNoFieldTwice() {
        var field = Atom.of("x");
        assertThatThrownBy(() -> new NativeRecord(
                        Atom.OK, Atom.OK, true, List.of(field, Atom.OK, field), List.of(field, field, field)))
                .hasMessage("native record: 3 fields, 3 values (expected: as many, and no field twice)");
    }

    @Test
    void aBinaryOfTextIsInUtf8() {
        assertThat(Binary.utf8("\u20ac").toByteArray()).isEqualTo("\u20ac".getBytes(StandardCharsets.UTF_8));
        assertThat(Binary.utf8("\u20ac").utf8()).isEqualTo("\u20ac");
    }

    @Test
    void aBitstringHidesItsUnusedBits() {
        assertThat(new Bitstring(new byte[] {(byte) 0xBF}, 3))
                .isEqualTo(new Bitstring(new byte[] {(byte) 0xA0}, 3))
                .hasToString("<<5:3>>");
    }
}
