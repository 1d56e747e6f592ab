package io.hawser.examples.attack;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.cookie.Cookie;
import io.hawser.cookie.CookieHandshakes;
import io.hawser.epmd.EpmdOptions;
import io.hawser.epmd.NodeResolver;
import io.hawser.examples.attack.Mint.Coin;
import io.hawser.node.Node;
import io.hawser.node.NodeConfig;
import io.hawser.term.NodeName;
import io.hawser.testing.Await;
import io.hawser.tls.TlsEngine;
import io.hawser.tls.TlsTransport;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** An EPMD in an attacker's hands: it can keep nodes apart, and nothing else. */
@ParameterizedClass
@EnumSource(names = {"BORINGSSL", "JDK"})
class HostileEpmdTest {
    private static final NodeName B = NodeName.parse("b@b.orga.test");
    private static final Mint MINT = Mint.root("Orga Root");
    private static final Coin OF_C = MINT.honest("c@c.orga.test");

    @TempDir
    private static Path directory;

    private final TlsEngine engine;

    HostileEpmdTest(TlsEngine engine) {
        this.engine = engine;
    }

    /** Answers registrations as it should, and look-ups with what it is told. */
    private static final class Epmd implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private volatile byte[] answer = new byte[0];

        Epmd() throws IOException {
            var thread = new Thread(this::serve, "hostile-epmd");
            thread.setDaemon(true);
            thread.start();
        }

        int port() {
            return server.getLocalPort();
        }

        private void serve() {
            var kept = new ArrayList<Socket>(); // a registration lasts as long as its connection
            try {
                while (true) {
                    Socket socket = server.accept();
                    kept.add(socket);
                    var in = new DataInputStream(socket.getInputStream());
                    byte[] request = in.readNBytes(in.readShort());
                    if (request[0] == 'x') {
                        socket.getOutputStream().write(new byte[] {118, 0, 0, 0, 0, 9});
                    } else {
                        socket.getOutputStream().write(answer);
                        socket.close();
                    }
                }
            } catch (IOException e) {
                kept.forEach(Epmd::close);
            }
        }

        private static void close(Socket socket) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }

    // 119, result, port u16, kind, protocol, highest u16, lowest u16, name length u16, name, extra length u16
    private static byte[] found(int port) {
        return ByteBuffer.allocate(15)
                .put((byte) 119)
                .put((byte) 0)
                .putShort((short) port)
                .put((byte) 77)
                .put((byte) 0)
                .putShort((short) 6)
                .putShort((short) 6)
                .putShort((short) 1)
                .put((byte) 'b')
                .putShort((short) 0)
                .array();
    }

    private Node node(Epmd epmd) {
        return Node.start(NodeConfig.builder("a@a.orga.test")
                .transport(TlsTransport.builder(MINT.identity(directory, "a@a.orga.test"))
                        .engine(engine)
                        .build())
                .handshake(CookieHandshakes.auto(Cookie.of(Victim.COOKIE)))
                .resolver(NodeResolver.epmd(EpmdOptions.builder()
                        .port(epmd.port())
                        .embedded(false)
                        .hosts(name -> InetAddress.getLoopbackAddress())
                        .build()))
                .build());
    }

    @Test
    void whoeverEpmdLeadsANodeToIsToldNothingUnlessItIsTheRightOne() throws Exception {
        try (var epmd = new Epmd();
                var a = node(epmd);
                var b = Victim.start(MINT.identity(directory, B.toString()), engine);
                var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            epmd.answer = found(server.getLocalPort());
            var connecting = a.connect(B).toCompletableFuture();
            assertThat(Impostor.heardAsListener(server, OF_C, 1)).isEmpty();
            assertThatThrownBy(connecting::join).hasMessageContaining("the peer's certificate is for c@c.orga.test");

            epmd.answer = found(epmd.port()); // to itself, which speaks no TLS
            assertThat(a.ping(B, Duration.ofSeconds(5))).isFalse();

            epmd.answer = found(b.address().getPort());
            Await.until(Victim.SOON, "the right one is found", () -> a.ping(B, Victim.SOON));
        }
    }

    @Test
    void noAnswerOfEpmdDoesMoreThanKeepNodesApart() throws Exception {
        try (var epmd = new Epmd();
                var a = node(epmd);
                var b = Victim.start(MINT.identity(directory, B.toString()), engine)) {
            byte[] right = found(b.address().getPort());
            byte[] longName = right.clone();
            longName[10] = (byte) 0xFF;
            for (byte[] answer : List.of(
                    new byte[0],
                    new byte[] {119},
                    new byte[] {119, 0},
                    new byte[] {119, 1},
                    new byte[] {118, 0, 0, 0, 0, 1},
                    new byte[100_000],
                    "HTTP/1.1 200 OK\r\n\r\n".getBytes(US_ASCII),
                    Arrays.copyOf(right, 9),
                    longName,
                    found(0))) {
                epmd.answer = answer;
                assertThat(a.connect(B)
                                .toCompletableFuture()
                                .handle((up, failure) -> String.valueOf(failure))
                                .join())
                        .matches("[ -~]{20,400}");
            }
            epmd.answer = right;
            Await.until(Victim.SOON, "the right one is found", () -> a.ping(B, Victim.SOON));
        }
    }
}
