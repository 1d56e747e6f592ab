package io.hawser.examples.interop;

import static io.hawser.examples.interop.Pair.OTP;
import static io.hawser.examples.interop.Pair.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.node.Node;
import io.hawser.term.NodeName;
import io.hawser.testing.Await;
import io.hawser.testing.Interop;
import io.hawser.testing.OtpNode;
import io.hawser.transport.TransportException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hidden and visible nodes, short and long names. */
@Interop
class NamesTest {
    private static final NodeName SHORT_JAVA = NodeName.parse("java@localhost");
    private static final NodeName SHORT_OTP = NodeName.parse("otp@localhost");

    @TempDir
    private Path directory;

    @Test
    void aHiddenHawserNodeIsInNoList() throws InterruptedException {
        try (var network = new Network(Carrier.TCP, directory)) {
            Node java = network.java(Pair.JAVA.toString(), config -> config.hidden(true));
            OtpNode otp = network.otp(OTP.toString());
            java.connect(OTP, SOON);
            otp.awaitEval(SOON, "{[],['" + java.name() + "']}", "{nodes(), nodes(hidden)}");
            assertThat(java.nodes()).isEmpty();
            assertThat(java.hiddenNodes()).containsExactly(OTP);
        }
    }

    @Test
    void aHiddenErlangNodeIsInNoList() throws InterruptedException {
        try (var network = new Network(Carrier.TCP, directory)) {
            Node java = network.java(Pair.JAVA.toString());
            OtpNode otp = network.otp(OTP.toString(), "-hidden");
            assertThat(otp.eval(Pair.inErlang("net_adm:ping($J)"))).isEqualTo("pong");
            assertThat(otp.eval("{nodes(), nodes(hidden)}")).isEqualTo("{[],['" + java.name() + "']}");
            Await.until(SOON, "listed as hidden", () -> java.hiddenNodes().contains(OTP));
            assertThat(java.nodes()).isEmpty();
        }
    }

    @Test
    void shortNamesTalkToEachOther() throws InterruptedException {
        try (var network = new Network(Carrier.TCP, directory)) {
            Node java = network.java(SHORT_JAVA.toString());
            OtpNode otp = network.otp(SHORT_OTP.toString());
            assertThat(java.ping(SHORT_OTP, SOON)).isTrue();
            assertThat(otp.eval("net_adm:ping('java@localhost')")).isEqualTo("pong");
        }
    }

    @Test
    void namesOfTwoKindsDoNotMeet() {
        try (var network = new Network(Carrier.TCP, directory)) {
            Node java = network.java(Pair.JAVA.toString());
            Node other = network.java("short@localhost");
            OtpNode otp = network.otp(SHORT_OTP.toString());
            assertThatThrownBy(() -> java.connect(SHORT_OTP, SOON))
                    .isInstanceOf(TransportException.class)
                    .hasMessage("otp@localhost: is a short name, this node's java@java.orga.test is long"
                            + " (expected: both -name or both -sname)");
            assertThatThrownBy(() -> other.connect(Pair.JAVA, SOON))
                    .isInstanceOf(TransportException.class)
                    .hasMessage("java@java.orga.test: is a long name, this node's short@localhost is short"
                            + " (expected: both -name or both -sname)");
            assertThat(otp.eval(Pair.inErlang("net_kernel:connect_node($J)"))).isEqualTo("false");
            Await.until(SOON, "OTP says why", () -> otp.output().contains("is illegal"));
            assertThat(java.connections()).isEmpty();
        }
    }
}
