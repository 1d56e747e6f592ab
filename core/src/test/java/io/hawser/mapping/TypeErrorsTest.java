package io.hawser.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.term.Atom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is wrong with a type is said when it is resolved, with the way to it. */
class TypeErrorsTest {
    record When(Instant at) {}

    record Deep(Map<String, List<When>> log) {}

    record Ids(UUID id) {}

    record Anything(Object value) {}

    record Some(List<?> values) {}

    @SuppressWarnings("rawtypes") // what is tested
    record Raw(List values) {}

    record Concrete(ArrayList<String> values) {}

    record Sorted(TreeSet<String> values) {}

    record Enums(EnumMap<TimeUnit, String> values) {}

    record Unboxed(OptionalInt value) {}

    record Twice(Optional<Optional<String>> value) {}

    record Bytes(Set<byte[]> values) {}

    record Open(Runnable action) {}

    record Wrong(@AsAtom int value) {}

    record TwoForms(@AsAtom @AsCharlist String value) {}

    @AsMap
    @AsTuple
    record BothForms(int value) {}

    record Named(@Name("x") int value) {}

    @AsMap
    record SameKeys(int aB, @Name("a_b") int other) {}

    @AsMap(tagKey = "kind")
    record TagKey(int kind) {}

    record Growing<T>(T value, Optional<Growing<List<T>>> more) {}

    @SuppressWarnings("UnusedTypeParameter") // what is tested
    record Phantom<T>(int value) {}

    record Box<T>(T value) {}

    enum Same {
        A_B,
        aB
    }

    sealed interface Mixed permits Fine, Plain {}

    record Fine() implements Mixed {}

    static final class Plain implements Mixed {}

    sealed interface Loose<T> permits Bound {}

    record Bound<T, U>(T value, U other) implements Loose<T> {}

    private static void assertRefused(Class<?> type, String message) {
        assertThatThrownBy(() -> TermMapper.of(type))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    private static String converter(String type) {
        return "a converter: TermMapper.builder().converter(" + type + ".class, ...))";
    }

    @Test
    void aTypeWithoutAFormIsNamedWithTheWayToIt() {
        assertRefused(
                Deep.class, "Deep.log[][].at: Instant has several forms in Erlang (expected: " + converter("Instant"));
        assertRefused(Ids.class, "Ids.id: UUID has several forms in Erlang (expected: " + converter("UUID"));
        assertRefused(
                Open.class,
                "Open.action: Runnable is no record, enum or sealed interface (expected: one of these, or "
                        + converter("Runnable"));
        assertRefused(
                Mixed.class,
                "Mixed(Plain): Plain is no record, enum or sealed interface (expected: one of these, or "
                        + converter("Plain"));
        assertRefused(
                Thread.class,
                "Thread: Thread is no record, enum or sealed interface (expected: one of these, or "
                        + converter("Thread"));
    }

    @Test
    void aTypeThatSaysTooLittleIsRefused() {
        String object = "Object has no form as a term (expected: a type that says what it holds, or Term for any term)";
        assertRefused(Anything.class, "Anything.value: " + object);
        assertRefused(Some.class, "Some.values[]: " + object);
        assertRefused(
                Raw.class,
                "Raw.values: List without its type arguments (expected: List<...>, or new TypeRef<List<...>>() {})");
        assertRefused(
                Map.class,
                "Map: Map without its type arguments (expected: Map<..., ...>, or new TypeRef<Map<..., ...>>() {})");
        assertThatThrownBy(() -> TermMapper.of().fromTerm(Atom.OK, Box.class))
                .hasMessage("Box: Box without its type arguments (expected: Box<...>, or new TypeRef<Box<...>>() {})");
    }

    @Test
    void aSpecialTypeIsRefusedWithTheGeneralOne() {
        assertRefused(
                Concrete.class,
                "Concrete.values: ArrayList is a special collection (expected: List, or " + converter("ArrayList"));
        assertRefused(
                Sorted.class,
                "Sorted.values: TreeSet is a special collection (expected: Set, or " + converter("TreeSet"));
        assertRefused(Enums.class, "Enums.values: EnumMap is a special map (expected: Map, or " + converter("EnumMap"));
        assertRefused(Unboxed.class, "Unboxed.value: OptionalInt has no form as a term (expected: Optional<Integer>)");
        assertRefused(
                Bytes.class, "Bytes.values[]: byte[] is equal to itself alone (expected: List, or Binary for bytes)");
    }

    @Test
    void anAnnotationThatContradictsIsRefused() {
        assertRefused(Wrong.class, "Wrong.value: ATOM is asked of Integer (expected: of a String)");
        assertRefused(
                TwoForms.class, "TwoForms.value: has two forms (expected: one of @AsAtom, @AsBinary, @AsCharlist)");
        assertRefused(BothForms.class, "BothForms: BothForms has @AsTuple and @AsMap (expected: one of them)");
        assertRefused(
                Named.class, "Named.value: has @Name, but lies in a tuple (expected: no @Name, or @AsMap on Named)");
        assertRefused(
                SameKeys.class, "SameKeys.other: its key a_b is there already (expected: a key of its own, see @Name)");
        assertRefused(
                TagKey.class, "TagKey.kind: its key kind is there already (expected: a key of its own, see @Name)");
        assertRefused(Same.class, "Same: A_B and aB of Same are both a_b (expected: an atom for each, see @Name)");
    }

    @Tag("x")
    @AsMap
    record NoTag(int value) {}

    @Tag("x")
    sealed interface Interface permits Fine2 {}

    record Fine2() implements Interface {}

    @AsMap
    enum Mapped {
        ONE
    }

    @Test
    void anAnnotationWithoutEffectIsRefused() {
        assertRefused(
                NoTag.class,
                "NoTag: NoTag has @Tag, but @AsMap without a tag (expected: no @Tag, or a form that has one)");
        assertRefused(
                Interface.class,
                "Interface: Interface has @Tag, but is no record (expected: it on the records themselves)");
        assertRefused(
                Mapped.class, "Mapped: Mapped has @AsMap, but is no record (expected: it on the records themselves)");
    }

    @Test
    void anOptionalOfAnOptionalIsRefused() {
        assertRefused(
                Twice.class,
                "Twice.value: Optional<Optional<String>> has one atom for two ways to be empty (expected: one Optional)");
    }

    @Test
    void aTypeThatGrowsWithEachStepEnds() {
        assertThatThrownBy(() -> TermMapper.builder()
                        .type(new TypeRef<Growing<String>>() {})
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Growing<String>.more.more.more")
                .hasMessageEndingWith("...: types nest without end (expected: at most 64 levels)");
    }

    @Test
    void aVariantMustFollowFromTheInterface() {
        assertThatThrownBy(() -> TermMapper.builder()
                        .type(new TypeRef<Loose<String>>() {})
                        .build())
                .hasMessage("Loose<String>(Bound): nothing says what U is (expected: a type parameter of Loose)");
    }

    @Test
    void anUnusedTypeParameterDoesNoHarm() {
        var mapper = TermMapper.of();
        assertThat(mapper.fromTerm(mapper.toTerm(new Phantom<String>(1)), new TypeRef<Phantom<String>>() {}))
                .isEqualTo(new Phantom<String>(1));
    }

    @Test
    void aValueWhoseClassHasNoFormIsNoMismatch() {
        assertThatThrownBy(() -> TermMapper.of().toTerm(List.of(Instant.EPOCH)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Instant: Instant has several forms in Erlang (expected: " + converter("Instant"));
    }

    @Test
    void anErrorIsTheSameEachTime() {
        var mapper = TermMapper.of();
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> mapper.fromTerm(Atom.OK, Ids.class))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("Ids.id: UUID");
        }
    }
}
