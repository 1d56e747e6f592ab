package io.hawser.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@Interop
class ErlShellTest {
    private static ErlShell erl;

    @BeforeAll
    static void start() {
        erl = ErlShell.start();
    }

    @AfterAll
    static void stop() {
        erl.close();
        assertThat(erl.isAlive()).isFalse();
    }

    @Test
    void evaluatesSeveralExpressions() {
        assertThat(erl.eval("X = 20, Y = 22, {answer, X + Y}")).isEqualTo("{answer,42}");
        assertThat(erl.eval("X = 1")).as("variables of the last call are gone").isEqualTo("1");
    }

    @Test
    void keepsUnicode() {
        assertThat(erl.eval("{'\u00e4\u20ac', <<\"\u20ac\"/utf8>>}")).isEqualTo("{'\u00e4\u20ac',<<\"\u20ac\"/utf8>>}");
    }

    @Test
    void passesBinariesInAndOut() {
        byte[] big = new byte[300_000];
        for (int i = 0; i < big.length; i++) {
            big[i] = (byte) i;
        }
        byte[] joined = erl.evalBinary("[A2, A1]", big, new byte[] {7});
        assertThat(joined[0]).isEqualTo((byte) 7);
        assertThat(Arrays.equals(joined, 1, joined.length, big, 0, big.length)).isTrue();
        assertThat(erl.eval("binary_to_term(A1)", Hex.bytes("8361 2a"))).isEqualTo("42");
    }

    @Test
    void saysWhatWasRaised() {
        assertThatThrownBy(() -> erl.eval("atom_to_list(1)")).isInstanceOfSatisfying(ErlangException.class, e -> {
            assertThat(e.errorClass()).isEqualTo("error");
            assertThat(e.reason()).isEqualTo("badarg");
        });
        assertThatThrownBy(() -> erl.eval("throw({no, way})")).hasMessageContaining("throw: {no,way}");
        assertThatThrownBy(() -> erl.eval("foo(")).hasMessageContaining("syntax error");
        assertThatThrownBy(() -> erl.evalBinary("not_iodata")).isInstanceOf(ErlangException.class);
    }

    @Test
    void goesOnAfterTheEvaluatingProcessWasKilled() {
        assertThatThrownBy(() -> erl.eval("exit(self(), kill)")).hasMessageContaining("exit: killed");
        assertThat(erl.eval("still_here")).isEqualTo("still_here");
    }

    @Test
    void keepsMessagesFromOneCallToTheNext() {
        erl.eval("self() ! {hello, 1}");
        assertThat(erl.eval("receive {hello, N} -> N end")).isEqualTo("1");
    }

    @Test
    void failsAfterTheDeadlineWithTheOutput() {
        try (var slow = ErlShell.start()) {
            slow.eval("io:put_chars(\"was here\")");
            assertThatThrownBy(() -> slow.eval(Duration.ofMillis(100), "receive never -> ok end"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("no answer within 100 ms: receive never -> ok end")
                    .hasMessageContaining("was here");
        }
    }

    @Test
    void failsAtOnceWhenTheProcessEnds() {
        try (var doomed = ErlShell.start()) {
            assertThatThrownBy(() -> doomed.eval("halt(3)"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("erl ended: halt(3)");
        }
    }
}
