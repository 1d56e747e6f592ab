package io.hawser.epmd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.term.NodeName;
import io.hawser.testing.Hex;
import io.hawser.testing.Ports;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class EpmdClientTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final NodeName NODE = NodeName.parse("a@host");

    @Test
    void readsAnAnswerThatComesByteByByte() throws IOException {
        // recorded: PORT2_RESP about beta at port 55629
        byte[] answer = Hex.bytes("7700d94d4d00000600060004626574610000");
        try (var server = ScriptedServer.start(socket -> {
            socket.setTcpNoDelay(true);
            assertThat(Hex.of(ScriptedServer.readRequest(socket))).isEqualTo("7a62657461");
            for (byte b : answer) {
                socket.getOutputStream().write(b);
            }
        })) {
            assertThat(EpmdClient.at(server.address()).port("beta", LONG)).hasValue(0xd94d);
        }
    }

    @Test
    void readsBothKindsOfCreation() throws IOException {
        try (var server = ScriptedServer.answering("7600 fffffffe")) {
            var registration = EpmdClient.at(server.address()).register(NODE, 1, LONG);
            assertThat(registration.creation()).isEqualTo(0xFFFF_FFFEL);
            registration.channel().close();
        }
        try (var server = ScriptedServer.answering("7900 0003")) {
            var registration = EpmdClient.at(server.address()).register(NODE, 1, LONG);
            assertThat(registration.creation()).isEqualTo(3);
            registration.channel().close();
        }
    }

    @Test
    void listsNames() throws IOException {
        String text = "name a at port 1\nname b c at port 65535\n";
        try (var server = ScriptedServer.answering("00001111" + Hex.of(text.getBytes(StandardCharsets.US_ASCII)))) {
            assertThat(EpmdClient.at(server.address()).names(LONG))
                    .hasSize(2)
                    .containsEntry("a", 1)
                    .containsEntry("b c", 65535);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                   | closed after 0 bytes",
                "77                                   | closed after 1 bytes",
                "7700d94d4d0000060006                 | closed after 10 bytes",
                "474554                               | answer begins with 71 (expected: 119)",
                "7700d94d4d000006000600ff62           | answer about another name (expected: a)",
                "7700d94d4d00000600060001620000       | answer about another name (expected: a)",
            })
    void saysWhatIsWrongWithAnAnswer(String hex, String what) throws IOException {
        try (var server = ScriptedServer.answering(hex)) {
            assertThatThrownBy(() -> EpmdClient.at(server.address()).port("a", LONG))
                    .isInstanceOf(ResolverException.class)
                    .hasMessage(Loopback.print(server.address()) + ": EPMD failed, looking up a: " + what);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"7701", "7700 0000 4d000006000600016100 00", "7700 d94d 4d010006000600016100 00"})
    void knowsNoPortOfAnUnknownNodeOrAnotherProtocol(String hex) throws IOException {
        try (var server = ScriptedServer.answering(hex)) {
            assertThat(EpmdClient.at(server.address()).port("a", LONG)).isEmpty();
        }
    }

    @Test
    void refusesCreationZero() throws IOException {
        try (var server = ScriptedServer.answering("7600 00000000")) {
            assertThatThrownBy(() -> EpmdClient.at(server.address()).register(NODE, 1, LONG))
                    .hasMessageEndingWith("EPMD failed, registering a@host: creation 0 (expected: > 0)");
        }
    }

    @Test
    void saysThatANameIsTaken() throws IOException {
        try (var server = ScriptedServer.answering("7601 00000063")) {
            assertThatThrownBy(() -> EpmdClient.at(server.address()).register(NODE, 1, LONG))
                    .isInstanceOf(ResolverException.class)
                    .hasMessage("a@host: the name is taken at EPMD " + Loopback.print(server.address())
                            + " (expected: a free name; stop the other node or choose another name)");
        }
    }

    @Test
    void saysThatNobodyListens() {
        int port = Ports.free();
        assertThatThrownBy(() -> EpmdClient.at(new InetSocketAddress(Loopback.ADDRESS, port))
                        .port("a", LONG))
                .hasMessage("127.0.0.1:" + port + ": no EPMD listens there, looking up a"
                        + " (expected: EPMD; start it with 'epmd -daemon', or check host and port)");
    }

    @Test
    void givesUpOnASilentServer() throws IOException {
        try (var server = ScriptedServer.start(socket -> socket.getInputStream().readAllBytes())) {
            var client = EpmdClient.at(server.address());
            assertThatThrownBy(() -> client.port("a", SHORT))
                    .hasMessageContaining("did not answer in time, looking up a");
            assertThatThrownBy(() -> client.names(SHORT)).hasMessageContaining("did not answer in time, listing names");
            assertThatThrownBy(() -> client.register(NODE, 1, SHORT))
                    .hasMessageContaining("did not answer in time, registering a@host");
        }
    }

    @Test
    void givesUpOnAServerThatSendsSlowlyForEver() throws IOException {
        try (var server = ScriptedServer.start(socket -> {
            ScriptedServer.readRequest(socket);
            // each byte in time, the answer never complete: the reading client sets the pace
            byte[] line = new byte[1];
            while (!Thread.currentThread().isInterrupted()) {
                socket.getOutputStream().write(line);
                LockSupport.parkNanos(1_000_000);
            }
        })) {
            assertThatThrownBy(() -> EpmdClient.at(server.address()).names(Duration.ofMillis(500)))
                    .hasMessageContaining("did not answer in time");
        }
    }

    @Test
    void stopsReadingAnEndlessListOfNames() throws IOException {
        byte[] chunk = "name a at port 1\n".repeat(1000).getBytes(StandardCharsets.US_ASCII);
        try (var server = ScriptedServer.start(socket -> {
            ScriptedServer.readRequest(socket);
            while (true) {
                socket.getOutputStream().write(chunk);
            }
        })) {
            assertThatThrownBy(() -> EpmdClient.at(server.address()).names(LONG))
                    .hasMessageEndingWith("EPMD failed, listing names: more than 1048576 bytes");
        }
    }

    @Test
    void escapesAGarbledListOfNames() {
        assertThatThrownBy(() -> EpmdClient.parseNames("\u001b[2Jboo"))
                .hasMessage("'\\u001b[2Jboo' (expected: name NAME at port PORT)");
    }

    @Test
    void needsAnAliveNameAndAResolvedAddress() {
        var client = EpmdClient.at(new InetSocketAddress(Loopback.ADDRESS, 1));
        assertThatThrownBy(() -> client.port("", LONG)).hasMessage("alive name: 0 characters (expected: 1 to 255)");
        assertThatThrownBy(() -> EpmdClient.at(InetSocketAddress.createUnresolved("h", 1)))
                .hasMessage("EPMD: h (expected: a resolved address)");
    }
}
