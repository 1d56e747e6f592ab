package io.hawser.term;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A peer chooses its pids and references; what it chooses must not decide into which bucket of a table they fall. */
class SecretHashTest {
    private static final Atom NODE = Atom.of("evil@host");
    private static final int COUNT = 4096;
    private static final int FEW_COLLIDE = COUNT - 16;

    @Test
    void spreadsPidsThatAPolynomialWouldNot() {
        assertThat(IntStream.range(0, COUNT)
                        .map(k -> new Pid(NODE, k, 31L * (COUNT - k), 1).hashCode())
                        .distinct()
                        .count())
                .isGreaterThan(FEW_COLLIDE);
    }

    @Test
    void spreadsReferencesThatAPolynomialWouldNot() {
        assertThat(IntStream.range(0, COUNT)
                        .map(k -> new Reference(NODE, 1, k, 31 * (COUNT - k), 1).hashCode())
                        .distinct()
                        .count())
                .isGreaterThan(FEW_COLLIDE);
    }

    @Test
    void isTheSameForReferencesThatAreEqual() {
        assertThat(new Reference(NODE, 1, 1, 2)).hasSameHashCodeAs(new Reference(NODE, 1, 1, 2, 0));
    }
}
