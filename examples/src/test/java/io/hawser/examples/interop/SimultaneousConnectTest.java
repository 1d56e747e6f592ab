package io.hawser.examples.interop;

import static io.hawser.examples.interop.Pair.JAVA;
import static io.hawser.examples.interop.Pair.OTP;
import static io.hawser.examples.interop.Pair.SOON;
import static io.hawser.examples.interop.Pair.next;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.node.Mailbox;
import io.hawser.testing.Interop;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Both sides dial at the same moment, again and again. */
@Interop
class SimultaneousConnectTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"TCP, 40", "TLS_EXPORTED, 20"})
    void oneConnectionRemainsAndNoMessageIsLost(Carrier carrier, int rounds) throws InterruptedException {
        try (var pair = new Pair(carrier, directory)) {
            Mailbox me = pair.java.register("me");
            // dials when told to by a timer of its own, so that nothing but the connection itself is waited for
            pair.erl(
                    "register(counter, spawn(fun Loop() -> receive {round, N, At} ->"
                            + " timer:sleep(max(0, At - erlang:system_time(millisecond))),"
                            + " {me, $J} ! {from_erlang, N}, receive {from_java, N} -> {me, $J} ! {both, N} end, Loop() end end))");
            for (int round = 0; round < rounds; round++) {
                long at = System.currentTimeMillis() + 30;
                pair.erl("counter ! {round, " + round + ", " + at + "}");
                while (System.currentTimeMillis() < at) {
                    Thread.onSpinWait();
                }
                me.send("counter", OTP, Pair.term("{from_java, " + round + "}"));
                assertThat(next(me)).as("round %d", round).isEqualTo("{from_erlang," + round + "}");
                assertThat(next(me)).as("round %d", round).isEqualTo("{both," + round + "}");
                assertThat(pair.java.nodes()).containsExactly(OTP);
                assertThat(pair.erl("nodes()")).isEqualTo("['" + JAVA + "']");
                assertThat(pair.java.connections()).hasSize(1);
                if (round % 2 == 0) {
                    pair.java.disconnect(OTP);
                } else {
                    pair.erl("erlang:disconnect_node($J)");
                }
                pair.awaitDisconnected();
            }
            assertThat(pair.java.ping(OTP, SOON)).isTrue();
        }
    }
}
