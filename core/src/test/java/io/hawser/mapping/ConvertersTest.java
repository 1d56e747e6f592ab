package io.hawser.mapping;

import static io.hawser.term.TermParser.parse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.term.Atom;
import io.hawser.term.Term;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Types that have no form of their own get one. */
class ConvertersTest {
    private final TermMapper mapper = TermMapper.builder()
            .converter(Instant.class, Long.class, Instant::toEpochMilli, Instant::ofEpochMilli)
            .converter(UUID.class, String.class, UUID::toString, UUID::fromString)
            .converter(UserId.class, Long.class, UserId::value, UserId::new)
            .converter(Path.class, String.class, Path::toString, Path::of)
            .converter(new TypeRef<TreeSet<String>>() {}, new TypeRef<List<String>>() {}, List::copyOf, TreeSet::new)
            .converter(Duration.class, Term.class, ConvertersTest::write, ConvertersTest::read)
            .build();

    record UserId(long value) {
        UserId {
            if (value <= 0) {
                throw new IllegalArgumentException("user: " + value + " (expected: > 0)");
            }
        }
    }

    record Event(UserId user, Instant at, Optional<Duration> lasts, List<UUID> ids) {}

    record Names(TreeSet<String> names) {}

    private static Term write(Duration duration) {
        return duration.isNegative() ? Atom.of("infinity") : parse(Long.toString(duration.toMillis()));
    }

    private static Duration read(Term term) {
        return term.equals(Atom.of("infinity")) ? Duration.ofMillis(-1) : Duration.parse(term.toString());
    }

    @Test
    void aTypeIsMappedByWayOfAnother() {
        var id = new UUID(1, 2);
        var event = new Event(new UserId(7), Instant.ofEpochMilli(5), Optional.of(Duration.ofMillis(-1)), List.of(id));
        Term term = parse("{event,7,5,infinity,[<<\"00000000-0000-0001-0000-000000000002\">>]}");
        assertThat(mapper.toTerm(event)).isEqualTo(term);
        assertThat(mapper.fromTerm(term, Event.class)).isEqualTo(event);
        var names = new Names(new TreeSet<>(List.of("b", "a")));
        assertThat(mapper.toTerm(names)).isEqualTo(parse("{names,[<<\"a\">>,<<\"b\">>]}"));
        assertThat(mapper.fromTerm(mapper.toTerm(names), Names.class)).isEqualTo(names);
    }

    @Test
    void aHiddenImplementationIsWrittenAsItsType() {
        assertThat(mapper.toTerm(Path.of("a"))).isEqualTo(parse("<<\"a\">>"));
    }

    @Test
    void whatAConverterThrowsIsTheCause() {
        assertThatThrownBy(() -> mapper.fromTerm(parse("{event,7,5,undefined,[<<\"x\">>]}"), Event.class))
                .isInstanceOf(TermMappingException.class)
                .hasMessage("$.ids[0]: the converter of UUID threw IllegalArgumentException: Invalid UUID string: x")
                .hasCauseInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> mapper.fromTerm(parse("{event,x,5,undefined,[]}"), Event.class))
                .hasMessage("$.user: x is no long (expected: an integer -9223372036854775808..9223372036854775807)");
    }

    @Test
    void whatAConstructorThrowsIsTheCause() {
        var plain = TermMapper.of();
        assertThatThrownBy(() -> plain.fromTerm(parse("[{user_id,1},{user_id,0}]"), new TypeRef<List<UserId>>() {}))
                .isInstanceOf(TermMappingException.class)
                .hasMessage("$[1]: the constructor of UserId threw IllegalArgumentException: user: 0 (expected: > 0)")
                .hasCauseInstanceOf(IllegalArgumentException.class);
    }

    record Boom(int value) {
        @Override
        public int value() {
            throw new IllegalStateException("boom\nand\u001b[31m more");
        }
    }

    @Test
    void whatAnAccessorThrowsIsTheCauseAndPrintedSafely() {
        assertThatThrownBy(() -> mapper.toTerm(List.of(new Boom(1))))
                .hasMessage("$[0].value: the accessor threw IllegalStateException: boom\\u000aand\\u001b[31m more")
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void aConverterThatMakesNothingIsRefused() {
        var broken = TermMapper.builder()
                .converter(UserId.class, Long.class, user -> none(), value -> none())
                .build();
        assertThatThrownBy(() -> broken.toTerm(new UserId(1)))
                .hasMessage("$: the converter of UserId made null (expected: a value)");
        assertThatThrownBy(() -> broken.fromTerm(parse("1"), UserId.class))
                .hasMessage("$: the converter of UserId made null (expected: a value)");
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // what a caller without NullAway can do
    private static <T> T none() {
        return null;
    }

    @Test
    void aTypeHasOneConverter() {
        assertThatThrownBy(() -> TermMapper.builder()
                        .converter(UUID.class, String.class, UUID::toString, UUID::fromString)
                        .converter(UUID.class, String.class, UUID::toString, UUID::fromString))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("converter: UUID has one already (expected: one for a type)");
    }

    sealed interface Event2 permits Seen, Sent {}

    record Seen(int value) implements Event2 {}

    record Sent(int value) implements Event2 {}

    @Test
    void aVariantWithAConverterMustStillBeToldApart() {
        assertThatThrownBy(() -> TermMapper.builder()
                        .converter(Seen.class, Integer.class, Seen::value, Seen::new)
                        .types(Event2.class)
                        .build())
                .hasMessage("Event2(Seen): has a converter, so nothing tells its terms from those of others"
                        + " (expected: a converter for Event2)");
    }
}
