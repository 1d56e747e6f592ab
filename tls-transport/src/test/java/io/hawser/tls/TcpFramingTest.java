package io.hawser.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.testing.RecordingHandler;
import io.hawser.transport.AcceptLimits;
import io.hawser.transport.Transport;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is on the wire of plain TCP, seen from a bare socket. */
class TcpFramingTest {
    private final TcpTransport transport = TcpTransport.plain();
    private final RecordingHandler acceptor = new RecordingHandler();
    private final Transport.Listener listener = transport.listen(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            new AcceptLimits(Duration.ofSeconds(30), 10, 10),
            () -> acceptor);

    @AfterEach
    void close() {
        transport.close();
    }

    private Socket connect() throws Exception {
        var socket =
                new Socket(InetAddress.getLoopbackAddress(), listener.address().getPort());
        socket.setTcpNoDelay(true);
        return socket;
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    @Test
    void doesNotReadBehindTheSwitchWithTwoByteLengths() throws Exception {
        acceptor.atPacket((connection, packet) -> {
            if (packet.length == 1) {
                connection.inboundConnected(1 << 20);
            }
        });
        try (Socket socket = connect()) {
            socket.getOutputStream().write(hex("0001 72  00000000  00000002 7001"));
            assertThat(acceptor.packet()).containsExactly('r');
            assertThat(acceptor.packet()).isEmpty();
            assertThat(acceptor.packet()).containsExactly('p', 1);
        }
    }

    @Test
    void readsByteByByte() throws Exception {
        acceptor.atPacket((connection, packet) -> {
            if (packet.length == 1) {
                connection.inboundConnected(1 << 20);
            }
        });
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            for (byte b : hex("0001 72 00000002 7001")) {
                out.write(b);
                out.flush();
            }
            assertThat(acceptor.packet()).containsExactly('r');
            assertThat(acceptor.packet()).containsExactly('p', 1);
        }
    }

    @Test
    void writesTwoByteLengthsThenFour() throws Exception {
        try (Socket socket = connect()) {
            var connection = acceptor.connection();
            connection.execute(() -> {
                connection.sendHandshake(ByteBuffer.wrap(hex("61")));
                connection.outboundConnected();
                connection.write(ByteBuffer.wrap(hex("00000000 00000002 7001")), () -> {});
                connection.flush();
            });
            assertThat(socket.getInputStream().readNBytes(13)).isEqualTo(hex("0001 61 00000000 00000002 7001"));
        }
    }

    @Test
    void closesWhoeverAnnouncesALongHandshakePacket() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(hex("0401"));
            assertThat(acceptor.cause().orElseThrow())
                    .hasMessageEndingWith(": packet of 1025 bytes (expected: at most 1024)");
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void saysThatAConnectionWasReset() throws Exception {
        Socket socket = connect();
        acceptor.connection();
        socket.setSoLinger(true, 0);
        socket.close();
        assertThat(acceptor.cause().orElseThrow()).hasMessageEndingWith(": connection reset by peer");
    }
}
