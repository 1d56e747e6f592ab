package io.hawser.cookie;

import static io.hawser.cookie.Fixture.A;
import static io.hawser.cookie.Fixture.B;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChallengesTest {
    @Test
    void drawsUnsignedNumbers() {
        assertThat(new Challenges(() -> -1).draw(A)).isEqualTo(0xFFFF_FFFFL);
    }

    @Test
    void remembersTheChallengesOfEachNode() {
        var challenges = new Challenges(Fixture.counter());
        long drawn = challenges.draw(A);
        assertThat(challenges.isOurs(A, drawn)).isTrue();
        assertThat(challenges.isOurs(A, drawn + 1)).isFalse();
        assertThat(challenges.isOurs(B, drawn)).isFalse();
    }

    @Test
    void forgetsWhatItIsToldTo() {
        var challenges = new Challenges(Fixture.counter());
        long first = challenges.draw(A);
        long second = challenges.draw(A);
        challenges.forget(A, first);
        assertThat(challenges.isOurs(A, first)).isFalse();
        assertThat(challenges.isOurs(A, second)).isTrue();
    }

    @Test
    void knowsAChallengeHoweverManyAreDrawnMeanwhile() {
        var challenges = new Challenges(Fixture.counter());
        long first = challenges.draw(A);
        for (int i = 0; i < 100_000; i++) {
            challenges.draw(A);
        }
        assertThat(challenges.isOurs(A, first)).isTrue();
    }

    @Test
    void drawsNoneTwiceWhileItIsOpenOrAmongTheLast4096() {
        var numbers = new ArrayDeque<>(List.of(1, 1, 2, 1, 2, 3));
        var challenges = new Challenges(numbers::remove);
        assertThat(challenges.draw(A)).isEqualTo(1);
        assertThat(challenges.draw(A)).isEqualTo(2);
        challenges.forget(A, 1);
        challenges.forget(A, 2);
        assertThat(challenges.draw(A)).isEqualTo(3);
        for (int i = 4; i < 4100; i++) {
            numbers.add(i);
            challenges.draw(A);
        }
        numbers.add(1);
        assertThat(challenges.draw(A)).as("drawn 4098 challenges ago").isEqualTo(1);
    }

    @Test
    void drawsAnewForEachHandshake() {
        var challenges = Challenges.random();
        assertThat(challenges.draw(A)).isNotEqualTo(challenges.draw(A)); // equal once in 2^32 runs
    }
}
