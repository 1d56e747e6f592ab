package io.hawser.mapping;

import static io.hawser.term.TermParser.parse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.term.Atom;
import io.hawser.term.Term;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What records are as terms. */
class RecordsTest {
    private final TermMapper mapper = TermMapper.of();

    record Put(String key, long value) {}

    record Stop() {}

    record PutAll(List<Put> puts) {}

    @Tag("$gen_cast")
    record Cast(Term request) {}

    @AsTuple(tagged = false)
    record Point(int x, int y) {}

    @AsTuple(tagged = false)
    record Nothing() {}

    @AsMap
    record User(String name, int loginCount, @Name("e-mail") Optional<String> email) {}

    @AsMap(tagKey = "type", keys = TextForm.BINARY)
    record Login(String user) {}

    @AsMap(ignoreExtraKeys = true)
    record Loose(int a) {}

    @AsStruct("MyApp.Account")
    record Account(int id, Optional<String> owner) {}

    record Box<T>(T value) {}

    @SuppressWarnings("ArrayRecordComponent") // what is tested
    record Many<T>(T[] values) {}

    record Pair<A, B>(A first, List<B> second) {}

    record Query(
            @AsAtom String table,
            List<@AsAtom String> columns,
            @AsCharlist String where) {}

    record Sparse(Optional<Integer> a, Optional<List<String>> b) {}

    private <T> void assertMaps(Object value, String term, TypeRef<T> type) {
        assertThat(mapper.toTerm(value)).isEqualTo(parse(term));
        assertThat((Object) mapper.fromTerm(parse(term), type)).isEqualTo(value);
    }

    private void assertMaps(Object value, String term) {
        assertThat(mapper.toTerm(value)).isEqualTo(parse(term));
        assertThat((Object) mapper.fromTerm(parse(term), value.getClass())).isEqualTo(value);
    }

    private void assertRefuses(String term, Class<?> type, String message) {
        assertThatThrownBy(() -> mapper.fromTerm(parse(term), type))
                .isInstanceOf(TermMappingException.class)
                .hasMessage(message);
    }

    @Test
    void aRecordIsATupleTaggedWithItsNameInSnakeCase() {
        assertMaps(new Put("k", 1), "{put,<<\"k\">>,1}");
        assertMaps(new PutAll(List.of(new Put("k", 1))), "{put_all,[{put,<<\"k\">>,1}]}");
        assertMaps(new Cast(Atom.of("x")), "{'$gen_cast',x}");
    }

    @Test
    void aRecordWithoutComponentsIsItsTag() {
        assertMaps(new Stop(), "stop");
        assertRefuses("{stop}", Stop.class, "$: {stop} is no Stop (expected: stop)");
    }

    @Test
    void anUntaggedRecordIsATupleOfItsComponents() {
        assertMaps(new Point(1, -2), "{1,-2}");
        assertMaps(new Nothing(), "{}");
        assertRefuses("{1,2,3}", Point.class, "$: {1,2,3} is no Point (expected: {x, y})");
    }

    @Test
    void aMapHasAKeyForEachComponentThatIsThere() {
        assertMaps(
                new User("ann", 3, Optional.of("a@b")),
                "#{name => <<\"ann\">>, login_count => 3, 'e-mail' => <<\"a@b\">>}");
        assertMaps(new User("ann", 3, Optional.empty()), "#{name => <<\"ann\">>, login_count => 3}");
        assertThat(mapper.fromTerm(
                        parse("#{name => <<\"ann\">>, login_count => 3, 'e-mail' => undefined}"), User.class))
                .isEqualTo(new User("ann", 3, Optional.empty()));
    }

    @Test
    void aMapWithAMissingOrAnExtraKeyIsRefused() {
        assertRefuses(
                "#{name => <<\"ann\">>}",
                User.class,
                "$: key login_count of User is missing (expected: #{name, login_count, 'e-mail'?})");
        assertRefuses(
                "#{name => <<\"ann\">>, login_count => 3, admin => true}",
                User.class,
                "$: key admin is none of User (expected: #{name, login_count, 'e-mail'?})");
        assertThat(mapper.fromTerm(parse("#{a => 1, b => 2}"), Loose.class)).isEqualTo(new Loose(1));
        assertThat(TermMapper.builder()
                        .ignoreExtraKeys()
                        .build()
                        .fromTerm(parse("#{name => <<\"ann\">>, login_count => 3, admin => true}"), User.class))
                .isEqualTo(new User("ann", 3, Optional.empty()));
    }

    @Test
    void aMapCanCarryItsTagAndHaveBinariesForKeys() {
        assertMaps(new Login("ann"), "#{<<\"type\">> => login, <<\"user\">> => <<\"ann\">>}");
        assertRefuses(
                "#{<<\"type\">> => logout, <<\"user\">> => <<\"ann\">>}",
                Login.class,
                "$: #{<<\"type\">> => logout,<<\"user\">> => <<\"ann\">>} is no Login"
                        + " (expected: #{<<\"type\">> => login, <<\"user\">>})");
    }

    @Test
    void aStructOfElixirHasAllItsKeys() {
        var elixir = TermMapper.builder().emptyAs(Atom.of("nil")).build();
        Term term = parse("#{'__struct__' => 'Elixir.MyApp.Account', id => 7, owner => nil}");
        assertThat(elixir.toTerm(new Account(7, Optional.empty()))).isEqualTo(term);
        assertThat(elixir.fromTerm(term, Account.class)).isEqualTo(new Account(7, Optional.empty()));
        assertRefuses(
                "#{'__struct__' => 'Elixir.MyApp.Account', id => 7}",
                Account.class,
                "$: key owner of Account is missing (expected: #{'__struct__' => 'Elixir.MyApp.Account', id, owner})");
    }

    @Test
    void recordsCanBeMapsThroughout() {
        var maps = TermMapper.builder().records(RecordForm.MAP).build();
        assertThat(maps.toTerm(new PutAll(List.of(new Put("k", 1)))))
                .isEqualTo(parse("#{puts => [#{key => <<\"k\">>, value => 1}]}"));
        assertThat(maps.toTerm(new Point(1, 2))).as("annotated").isEqualTo(parse("{1,2}"));
        assertThat(maps.toTerm(new Cast(Atom.of("x")))).as("with a tag").isEqualTo(parse("{'$gen_cast',x}"));
    }

    @Test
    void anArrayOfATypeVariableGoesByItsTypeArgument() {
        var type = new TypeRef<Many<Put>>() {};
        Term term = parse("{many,[{put,<<\"k\">>,1}]}");
        assertThat(mapper.toTerm(new Many<>(new Put[] {new Put("k", 1)}))).isEqualTo(term);
        assertThat(mapper.fromTerm(term, type).values()).containsExactly(new Put("k", 1));
        assertThat(mapper.toTerm(mapper.fromTerm(term, type), type)).isEqualTo(term);
    }

    @Test
    void genericRecordsGoByTheirTypeArguments() {
        assertMaps(new Box<>(new Put("k", 1)), "{box,{put,<<\"k\">>,1}}", new TypeRef<Box<Put>>() {});
        assertMaps(new Pair<>("a", List.of(1, 2)), "{pair,<<\"a\">>,[1,2]}", new TypeRef<Pair<String, Integer>>() {});
        assertThat(mapper.toTerm(new Box<>("a"), new TypeRef<Box<@AsAtom String>>() {}))
                .isEqualTo(parse("{box,a}"));
        assertThat(mapper.fromTerm(parse("{box,[{box,1}]}"), new TypeRef<Box<List<Box<Long>>>>() {}))
                .isEqualTo(new Box<>(List.of(new Box<>(1L))));
    }

    @Test
    void typeReferencesNameCollections() {
        assertMaps(
                List.of(new Put("a", 1), new Put("b", 2)),
                "[{put,<<\"a\">>,1},{put,<<\"b\">>,2}]",
                new TypeRef<List<Put>>() {});
        assertMaps(Map.of("a", 1L), "#{<<\"a\">> => 1}", new TypeRef<Map<String, Long>>() {});
        assertMaps(Set.of('a'), "\"a\"", new TypeRef<Set<Character>>() {});
        assertMaps(Optional.of(1), "1", new TypeRef<Optional<Integer>>() {});
        assertMaps(Optional.empty(), "undefined", new TypeRef<Optional<Integer>>() {});
        assertThat(mapper.fromTerm(parse("#{a => [b]}"), new TypeRef<Map<@AsAtom String, List<@AsAtom String>>>() {}))
                .isEqualTo(Map.of("a", List.of("b")));
    }

    @Test
    void eachUseOfAStringHasItsForm() {
        assertMaps(new Query("t", List.of("a", "B c"), "x > 1"), "{query,t,[a,'B c'],\"x > 1\"}");
        var charlists = TermMapper.builder().text(TextForm.CHARLIST).build();
        assertThat(charlists.toTerm(new Put("k", 1))).isEqualTo(parse("{put,\"k\",1}"));
    }

    @Test
    void whatIsReadCannotBeModified() {
        var puts = mapper.fromTerm(parse("{put_all,[]}"), PutAll.class).puts();
        assertThatThrownBy(() -> puts.add(new Put("k", 1))).isInstanceOf(UnsupportedOperationException.class);
        var map = mapper.fromTerm(parse("#{}"), new TypeRef<Map<String, Long>>() {});
        assertThatThrownBy(() -> map.put("k", 1L)).isInstanceOf(UnsupportedOperationException.class);
        var set = mapper.fromTerm(parse("[]"), new TypeRef<Set<String>>() {});
        assertThatThrownBy(() -> set.add("k")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void errorsNameTheWayToThePlace() {
        assertRefuses(
                "{put_all,[{put,<<\"a\">>,1},{put,<<\"b\">>,x}]}",
                PutAll.class,
                "$.puts[1].value: x is no long (expected: an integer -9223372036854775808..9223372036854775807)");
        assertThatThrownBy(
                        () -> mapper.fromTerm(parse("#{a => [1,300]}"), new TypeRef<Map<@AsAtom String, byte[]>>() {}))
                .hasMessage("$[a]: [1,300] is no byte[] (expected: a binary)")
                .isInstanceOfSatisfying(
                        TermMappingException.class, e -> assertThat(e.path()).isEqualTo("$[a]"));
        assertThatThrownBy(() ->
                        mapper.fromTerm(parse("#{a => 1, 2 => 1}"), new TypeRef<Map<@AsAtom String, Integer>>() {}))
                .hasMessage("$.key(2): 2 is no String (expected: an atom)");
    }

    @Test
    void nullIsRefusedWithItsPlace() {
        assertThatThrownBy(() -> mapper.toTerm(new PutAll(List.of(new Put(nullString(), 1)))))
                .isInstanceOf(TermMappingException.class)
                .hasMessage("$.puts[0].key: null is no String (expected: a value; Optional for what may be missing)");
        assertThatThrownBy(() -> mapper.toTerm(nullString()))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("value");
    }

    @SuppressWarnings("NullAway") // what a caller without NullAway can do
    private static String nullString() {
        return null;
    }

    @Test
    void anAtomThatMeansEmptyIsNoValue() {
        assertThatThrownBy(() -> mapper.toTerm(new Box<>(Optional.of(Atom.UNDEFINED))))
                .hasMessage("$.value: the value is undefined, which means that there is none"
                        + " (expected: another value, or another atom by emptyAs)");
        assertMaps(new Sparse(Optional.empty(), Optional.of(List.of())), "{sparse,undefined,[]}");
        assertRefuses(
                "{sparse,nil,[]}", Sparse.class, "$.a: nil is no int (expected: an integer -2147483648..2147483647)");
    }
}
