package io.hawser.examples.interop;

import static io.hawser.examples.interop.Pair.OTP;
import static io.hawser.examples.interop.Pair.SOON;
import static io.hawser.examples.interop.Pair.next;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.node.Mailbox;
import io.hawser.node.Node;
import io.hawser.testing.Await;
import io.hawser.testing.Interop;
import io.hawser.testing.OtpNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A silent connection, and a peer that fell silent. */
@Interop
class TicksTest {
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final String[] SAME = {"-kernel", "net_ticktime", "1"};

    @TempDir
    private Path directory;

    @Test
    void anIdleConnectionOutlivesThreeTickTimes() throws InterruptedException {
        try (var network = new Network(Carrier.TCP, directory)) {
            Node java = network.java(Pair.JAVA.toString(), config -> config.tickTime(TICK));
            OtpNode otp = network.otp(OTP.toString(), SAME);
            Mailbox me = java.register("me");
            me.monitorNodes(true);
            java.connect(OTP, SOON);
            assertThat(next(me)).isEqualTo("{nodeup,'" + OTP + "'}");
            otp.eval("net_kernel:monitor_nodes(true)");
            // nothing is waited for but that nothing happens: the ticks, and no nodedown
            assertThat(me.receive(TICK.multipliedBy(4))).isEmpty();
            assertThat(otp.eval("receive M -> M after 0 -> nothing end")).isEqualTo("nothing");
            assertThat(java.nodes()).containsExactly(OTP);
        }
    }

    @Test
    void anErlangNodeThatStoppedAnsweringIsSuspectedAndThenGivenUp() throws Exception {
        try (var network = new Network(Carrier.TCP, directory)) {
            Node java = network.java(Pair.JAVA.toString(), config -> config.tickTime(TICK));
            List<String> events = new CopyOnWriteArrayList<>();
            java.watch(event -> events.add(event.getClass().getSimpleName()));
            OtpNode otp = network.otp(OTP.toString(), SAME);
            Mailbox me = java.register("me");
            me.monitorNodes(true);
            java.connect(OTP, SOON);
            assertThat(next(me)).isEqualTo("{nodeup,'" + OTP + "'}");
            signal("-STOP", otp);
            try (var log = CapturedLog.start()) {
                assertThat(next(me)).isEqualTo("{nodedown,'" + OTP + "'}");
                log.await("net_tick_timeout");
                Await.until(SOON, "the listener is told", () -> events.contains("NodeDown"));
                assertThat(events).containsSubsequence("NodeUp", "Suspected", "NodeDown");
            } finally {
                signal("-CONT", otp);
            }
        }
    }

    @Test
    void anErlangNodeThatWasKilledIsMissedAtOnce() throws InterruptedException {
        try (var network = new Network(Carrier.TCP, directory)) {
            Node java = network.java(Pair.JAVA.toString(), config -> config.tickTime(TICK));
            OtpNode otp = network.otp(OTP.toString(), SAME);
            java.connect(OTP, SOON);
            otp.kill();
            Await.until(SOON, "the connection is gone", () -> java.connections().isEmpty());
            assertThat(java.ping(OTP, SOON)).isFalse();
        }
    }

    private static void signal(String signal, OtpNode node) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", signal, Long.toString(node.pid())).start();
        assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(kill.exitValue()).isZero();
    }
}
