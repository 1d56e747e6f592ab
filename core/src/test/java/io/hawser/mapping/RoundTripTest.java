package io.hawser.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.etf.TermDecoder;
import io.hawser.etf.TermEncoder;
import io.hawser.mapping.RandomZoo.Zoo;
import io.hawser.term.Term;
import io.hawser.testing.RandomTerms;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RoundTripTest {
    private final TermMapper mapper = TermMapper.of(Zoo.class);
    private final Random random = random();

    private static Random random() {
        long seed = System.nanoTime();
        System.out.println("mapping.RoundTripTest seed " + seed);
        return new Random(seed);
    }

    @Test
    void readsWhatItWrites() {
        var zoos = new RandomZoo(random, false);
        for (int i = 0; i < 1_000; i++) {
            Zoo zoo = zoos.zoo();
            Term term = mapper.toTerm(zoo);
            assertThat(mapper.fromTerm(TermDecoder.decode(TermEncoder.encode(term)), Zoo.class))
                    .isEqualTo(zoo);
            assertThat(mapper.toTerm(zoo, new TypeRef<Zoo>() {})).isEqualTo(term);
        }
    }

    @Test
    void readsAnyTermOrSaysWhyNot() {
        var terms = new RandomTerms(random, false);
        for (int i = 0; i < 2_000; i++) {
            Term term = terms.term(3);
            assertThatThrownBy(() -> mapper.fromTerm(term, Zoo.class))
                    .isInstanceOf(TermMappingException.class)
                    .message()
                    .matches("\\$: [ -~]{1,100} is no Zoo \\(expected: \\{zoo, [a-z, ]+}\\)");
        }
    }

    @Test
    void canBeUsedByManyThreadsFromTheStart() {
        List<Zoo> zoos = IntStream.range(0, 200)
                .mapToObj(i -> new RandomZoo(new Random(i), false).zoo())
                .toList();
        var fresh = TermMapper.of();
        assertThat(zoos.parallelStream()
                        .map(zoo -> fresh.fromTerm(fresh.toTerm(zoo), Zoo.class))
                        .toList())
                .isEqualTo(zoos);
    }
}
