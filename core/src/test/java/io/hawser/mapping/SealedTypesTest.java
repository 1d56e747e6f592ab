package io.hawser.mapping;

import static io.hawser.term.TermParser.parse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Sealed interfaces are dispatched by what their records and enums look like. */
class SealedTypesTest {
    private final TermMapper mapper = TermMapper.of();

    sealed interface Request permits Write, Get, Control {}

    sealed interface Write extends Request permits Put, Delete {}

    record Put(String key, long value) implements Write {}

    record Delete(String key) implements Write {}

    record Get(String key) implements Request {}

    enum Control implements Request {
        STOP,
        DUMP
    }

    sealed interface Reply<T> permits Ok, Failed {}

    @Tag("ok")
    record Ok<V>(V value) implements Reply<V> {}

    @Tag("error")
    record Failed<V>(@AsAtom String reason) implements Reply<V> {}

    sealed interface Tree permits Leaf, Fork {}

    record Leaf() implements Tree {}

    record Fork(Tree left, int value, Tree right) implements Tree {}

    sealed interface Shape permits Circle, Square, Named {}

    @AsMap
    record Circle(double radius) implements Shape {}

    @AsMap
    record Square(double side, Optional<String> label) implements Shape {}

    @AsMap(tagKey = "type")
    record Named(String name) implements Shape {}

    sealed interface Figure<T> permits IntFigure, TextFigure {}

    record IntFigure(int value) implements Figure<Integer> {}

    record TextFigure(String value) implements Figure<String> {}

    sealed interface Arity permits One, Two {}

    @Tag("a")
    record One(int x) implements Arity {}

    @Tag("a")
    record Two(int x, int y) implements Arity {}

    private <T> void assertMaps(T value, String term, Class<T> type) {
        assertThat(mapper.toTerm(value)).isEqualTo(parse(term));
        assertThat(mapper.fromTerm(parse(term), type)).isEqualTo(value);
    }

    private void assertRefuses(String term, Class<?> type, String message) {
        assertThatThrownBy(() -> mapper.fromTerm(parse(term), type))
                .isInstanceOf(TermMappingException.class)
                .hasMessage(message);
    }

    private static void assertAmbiguous(Class<?> type, String message) {
        assertThatThrownBy(() -> TermMapper.of(type))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void dispatchesByTagThroughNestedInterfacesAndEnums() {
        assertMaps(new Put("k", 1), "{put,<<\"k\">>,1}", Request.class);
        assertMaps(new Delete("k"), "{delete,<<\"k\">>}", Request.class);
        assertMaps(new Get("k"), "{get,<<\"k\">>}", Request.class);
        assertMaps(Control.STOP, "stop", Request.class);
        assertMaps(new Delete("k"), "{delete,<<\"k\">>}", Write.class);
    }

    @Test
    void saysWhichTermsThereAre() {
        String all = "(expected: {put, key, value} | {delete, key} | {get, key} | stop | dump)";
        assertRefuses("{drop,1}", Request.class, "$: {drop,1} is no Request " + all);
        assertRefuses("now", Request.class, "$: now is no Request " + all);
        assertRefuses("{put,1}", Request.class, "$: {put,1} is no Put (expected: {put, key, value})");
        assertRefuses("{get,1}", Request.class, "$.key: 1 is no String (expected: a binary of UTF-8)");
    }

    @Test
    void typeArgumentsReachTheVariants() {
        var longs = new TypeRef<Reply<Long>>() {};
        assertThat(mapper.fromTerm(parse("{ok,1}"), longs)).isEqualTo(new Ok<>(1L));
        assertThat(mapper.fromTerm(parse("{error,enoent}"), longs)).isEqualTo(new Failed<Long>("enoent"));
        assertThat(mapper.toTerm(new Ok<>(List.of(1)), new TypeRef<Reply<List<Integer>>>() {}))
                .isEqualTo(parse("{ok,[1]}"));
        assertThatThrownBy(() -> mapper.fromTerm(parse("{ok,x}"), longs))
                .hasMessageStartingWith("$.value: x is no long");
    }

    @Test
    void aVariantOfOtherTypeArgumentsIsNone() {
        var integers = new TypeRef<Figure<Integer>>() {};
        assertThat(mapper.fromTerm(parse("{int_figure,1}"), integers)).isEqualTo(new IntFigure(1));
        assertThatThrownBy(() -> mapper.fromTerm(parse("{text_figure,<<\"a\">>}"), integers))
                .hasMessage("$: {text_figure,<<\"a\">>} is no Figure (expected: {int_figure, value})");
    }

    @Test
    void aTreeHoldsTrees() {
        var tree = new Fork(new Leaf(), 1, new Fork(new Leaf(), 2, new Leaf()));
        assertMaps(tree, "{fork,leaf,1,{fork,leaf,2,leaf}}", Tree.class);
        assertRefuses(
                "{fork,leaf,1,{fork,leaf,x,leaf}}",
                Tree.class,
                "$.right.value: x is no int (expected: an integer -2147483648..2147483647)");
        assertMaps(tree, "{fork,leaf,1,{fork,leaf,2,leaf}}", Fork.class);
    }

    @Test
    void mapsAreToldApartByTheirKeys() {
        assertMaps(new Circle(1.5), "#{radius => 1.5}", Shape.class);
        assertMaps(new Square(2.5, Optional.of("s")), "#{side => 2.5, label => <<\"s\">>}", Shape.class);
        assertMaps(new Square(2.5, Optional.empty()), "#{side => 2.5}", Shape.class);
        assertMaps(new Named("n"), "#{type => named, name => <<\"n\">>}", Shape.class);
        assertRefuses(
                "#{type => named}", Shape.class, "$: key name of Named is missing (expected: #{type => named, name})");
    }

    @Test
    void oneTagCanHaveSeveralArities() {
        assertMaps(new One(1), "{a,1}", Arity.class);
        assertMaps(new Two(1, 2), "{a,1,2}", Arity.class);
    }

    sealed interface Twins permits Twin, OtherTwin {}

    @Tag("twin")
    record OtherTwin(String name) implements Twins {}

    record Twin(int age) implements Twins {}

    sealed interface Vague permits Tagged, Untagged {}

    record Tagged(int x) implements Vague {}

    @AsTuple(tagged = false)
    record Untagged(int x, int y) implements Vague {}

    sealed interface Fuzzy permits Small, Large {}

    @AsMap
    record Small(int a) implements Fuzzy {}

    @AsMap
    record Large(int a, Optional<Integer> b) implements Fuzzy {}

    sealed interface Atoms permits Red, Colors {}

    record Red() implements Atoms {}

    enum Colors implements Atoms {
        RED,
        BLUE
    }

    record Holder(List<Set<Twins>> twins) {}

    @Test
    void whatCannotBeToldApartIsFoundWhenTheMapperIsMade() {
        assertAmbiguous(
                Twins.class,
                "Twins: Twin and OtherTwin cannot be told apart, being {twin, age} and {twin, name}"
                        + " (expected: different tags, see @Tag, or different forms)");
        assertAmbiguous(
                Vague.class,
                "Vague: Tagged and Untagged cannot be told apart, being {tagged, x} and {x, y}"
                        + " (expected: different tags, see @Tag, or different forms)");
        assertAmbiguous(
                Fuzzy.class,
                "Fuzzy: Small and Large cannot be told apart, being #{a} and #{a, b?}"
                        + " (expected: different tags, see @Tag, or different forms)");
        assertAmbiguous(
                Atoms.class,
                "Atoms: Red and Colors cannot be told apart, being red and red | blue"
                        + " (expected: different tags, see @Tag, or different forms)");
        assertAmbiguous(
                Holder.class,
                "Holder.twins[][]: Twin and OtherTwin cannot be told apart, being {twin, age} and {twin, name}"
                        + " (expected: different tags, see @Tag, or different forms)");
    }

    sealed interface Maybe permits Undefined, Something {}

    record Undefined() implements Maybe {}

    record Something(Optional<Maybe> inner) implements Maybe {}

    @Test
    void anOptionalThatCouldMeanTwoThingsIsFoundToo() {
        assertAmbiguous(
                Maybe.class,
                "Maybe(Something).inner: undefined of Maybe means an empty Optional, too"
                        + " (expected: another atom, see @Name, @Tag and emptyAs)");
    }
}
