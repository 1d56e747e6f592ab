package io.hawser.epmd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.term.NodeName;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CombinedResolversTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final NodeName A = NodeName.parse("a@host");
    private static final NodeName B = NodeName.parse("b@host");
    private static final InetSocketAddress HERE = new InetSocketAddress(Loopback.ADDRESS, 1001);
    private static final InetSocketAddress THERE = new InetSocketAddress(Loopback.ADDRESS, 1002);

    /** Assigns a creation, or fails, and notes what it is told. */
    private record Fake(Optional<Long> creation, Optional<String> failure, List<String> calls) implements NodeResolver {
        @Override
        public Optional<InetSocketAddress> resolve(NodeName name, Duration timeout) {
            calls.add("resolve " + name);
            failure.ifPresent(message -> {
                throw new ResolverException(message, null);
            });
            return Optional.empty();
        }

        @Override
        public Optional<Long> publish(NodeName name, int port, Duration timeout) {
            calls.add("publish " + name + " " + port);
            return creation;
        }

        @Override
        public void close() {
            calls.add("close");
        }
    }

    private static Fake fake(Optional<Long> creation, Optional<String> failure) {
        return new Fake(creation, failure, new ArrayList<>());
    }

    @Test
    void knowsTheGivenNodesAndPublishesNothing() {
        try (var fixed = NodeResolver.fixed(Map.of(A, HERE))) {
            assertThat(fixed.resolve(A, LONG)).hasValue(HERE);
            assertThat(fixed.resolve(B, LONG)).isEmpty();
            assertThat(fixed.publish(A, 1, LONG)).isEmpty();
        }
    }

    @Test
    void resolvesAHostNameAtEachLookUp() {
        try (var fixed = NodeResolver.fixed("a@host", "127.0.0.1", 1001);
                var wrong = NodeResolver.fixed("a@host", "not a host", 1001)) {
            assertThat(fixed.resolve(A, LONG)).hasValue(HERE);
            assertThatThrownBy(() -> wrong.resolve(A, LONG))
                    .isInstanceOf(ResolverException.class)
                    .hasMessage("a@host: host not a host is unknown (expected: a name that resolves)");
        }
    }

    @Test
    void takesTheFirstThatKnows() {
        try (var first = NodeResolver.first(
                fake(Optional.empty(), Optional.of("down")),
                NodeResolver.fixed(Map.of(A, HERE)),
                NodeResolver.fixed(Map.of(A, THERE, B, THERE)))) {
            assertThat(first.resolve(A, LONG)).hasValue(HERE);
            assertThat(first.resolve(B, LONG)).hasValue(THERE);
        }
    }

    @Test
    void failsWhenNoneKnowsAndOneFailed() {
        try (var first = NodeResolver.first(
                NodeResolver.fixed(Map.of()),
                fake(Optional.empty(), Optional.of("down")),
                fake(Optional.empty(), Optional.of("down too")))) {
            assertThatThrownBy(() -> first.resolve(A, LONG))
                    .hasMessage("down")
                    .satisfies(e -> assertThat(e.getSuppressed())
                            .singleElement()
                            .satisfies(next -> assertThat(next).hasMessage("down too")));
        }
        try (var first = NodeResolver.first(NodeResolver.fixed(Map.of()))) {
            assertThat(first.resolve(A, LONG)).isEmpty();
        }
    }

    @Test
    void publishesInAllWithTheCreationOfTheFirstThatAssignsOne() {
        var silent = fake(Optional.empty(), Optional.empty());
        var seven = fake(Optional.of(7L), Optional.empty());
        var eight = fake(Optional.of(8L), Optional.empty());
        try (var first = NodeResolver.first(silent, seven, eight)) {
            assertThat(first.publish(A, 1001, LONG)).hasValue(7L);
        }
        for (Fake each : List.of(silent, seven, eight)) {
            assertThat(each.calls()).containsExactly("publish a@host 1001", "close");
        }
    }

    @Test
    void needsAtLeastOne() {
        assertThatThrownBy(NodeResolver::first).hasMessage("resolvers: none (expected: at least 1)");
    }
}
