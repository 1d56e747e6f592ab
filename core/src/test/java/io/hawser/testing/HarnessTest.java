package io.hawser.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HarnessTest {
    @Test
    void awaitReturnsWhenTheConditionHolds() {
        var calls = new AtomicInteger();
        Await.until(Duration.ofSeconds(10), () -> calls.incrementAndGet() == 3);
        assertThat(calls).hasValue(3);
    }

    @Test
    void awaitSaysWhatDidNotHappen() {
        assertThatThrownBy(() -> Await.until(Duration.ofMillis(20), "pigs fly", () -> false))
                .isInstanceOf(AssertionError.class)
                .hasMessage("not within 20 ms: pigs fly");
    }

    @Test
    void portsAreFreeAndDiffer() throws IOException {
        int port = Ports.free();
        assertThat(Ports.free()).isNotEqualTo(port);
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(socket.getLocalPort()).isEqualTo(port);
        }
    }

    @Test
    void hexGoesBothWays() {
        assertThat(Hex.bytes("00 ff\n7A")).containsExactly(0, 255, 0x7A);
        assertThat(Hex.of(new byte[] {0, -1, 0x7A})).isEqualTo("00ff7a");
        var buffer = ByteBuffer.wrap(new byte[] {1, 2, 3}).position(1);
        assertThat(Hex.of(buffer)).isEqualTo("0203");
        assertThat(buffer.position()).isEqualTo(1);
    }

    @Test
    void vectorsAreReadLineByLine() {
        var lines = Vectors.lines("/epmd.jsonl");
        assertThat(lines)
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line.get("phase").textValue()).isEqualTo("epmd"));
        assertThatThrownBy(() -> Vectors.lines("/none.jsonl"))
                .hasMessage("no test resource /none.jsonl on the class path");
    }

    @Test
    void interopIsSkippedOrFailsWithoutErl() {
        assertThat(InteropCondition.decide("auto", "/nowhere").isDisabled()).isTrue();
        assertThatThrownBy(() -> InteropCondition.decide("required", "/nowhere"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("apt-get install erlang-base");
        assertThatThrownBy(() -> InteropCondition.decide("maybe", "/nowhere"))
                .hasMessage("hawser.interop: 'maybe' (expected: auto or required)");
    }
}
