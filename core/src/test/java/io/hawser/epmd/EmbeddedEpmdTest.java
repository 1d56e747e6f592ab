package io.hawser.epmd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.term.NodeName;
import io.hawser.testing.Await;
import io.hawser.testing.Hex;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EmbeddedEpmdTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final List<AutoCloseable> opened = new ArrayList<>();
    private EmbeddedEpmd epmd = EmbeddedEpmd.start(0);

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable closeable : opened) {
            closeable.close();
        }
        epmd.close();
    }

    private EpmdClient client() {
        return EpmdClient.at(epmd.address());
    }

    private EpmdClient.Registration register(String alive, int port) {
        var registration = client().register(new NodeName(alive, "host"), port, LONG);
        opened.add(registration.channel());
        return registration;
    }

    private Socket connect() throws IOException {
        var socket = new Socket(epmd.address().getAddress(), epmd.address().getPort());
        socket.setSoTimeout(20_000);
        opened.add(socket);
        return socket;
    }

    /** Reads to the end; a reset counts as an end. */
    private static byte[] readAll(Socket socket) throws IOException {
        try {
            return socket.getInputStream().readAllBytes();
        } catch (SocketException e) {
            return new byte[0];
        }
    }

    @Test
    void registersFindsAndLists() {
        long first = register("a", 1001).creation();
        long second = register("b", 1002).creation();
        assertThat(second).isGreaterThan(first);
        assertThat(client().port("a", LONG)).hasValue(1001);
        assertThat(client().port("c", LONG)).isEmpty();
        assertThat(client().names(LONG)).containsExactly(Map.entry("a", 1001), Map.entry("b", 1002));
    }

    @Test
    void forgetsANodeWhoseConnectionCloses() throws IOException {
        var registration = register("a", 1001);
        registration.channel().close();
        Await.until(LONG, "a is forgotten", () -> client().port("a", LONG).isEmpty());
        assertThat(register("a", 1002).creation()).isGreaterThan(registration.creation());
        assertThat(client().port("a", LONG)).hasValue(1002);
    }

    @Test
    void refusesATakenName() {
        register("a", 1001);
        assertThatThrownBy(() -> register("a", 1002))
                .hasMessageContaining("a@host: the name is taken at EPMD 127.0.0.1:");
        assertThat(client().port("a", LONG)).hasValue(1001);
    }

    @Test
    void endsARegistrationThatSendsMore() throws IOException {
        var registration = register("a", 1001);
        registration.channel().write(ByteBuffer.allocate(10));
        Await.until(LONG, "a is forgotten", () -> client().port("a", LONG).isEmpty());
    }

    @Test
    void answersARequestThatComesByteByByte() throws IOException {
        register("a", 1001);
        var socket = connect();
        socket.setTcpNoDelay(true);
        for (byte b : Hex.bytes("0002 7a 61")) {
            socket.getOutputStream().write(b);
        }
        assertThat(Hex.of(readAll(socket))).startsWith("770003e9");
    }

    @Test
    void answersAClientThatEndsItsSideFirst() throws IOException {
        var socket = connect();
        socket.getOutputStream().write(Hex.bytes("0001 6e"));
        socket.shutdownOutput();
        assertThat(readAll(socket)).hasSize(4);
    }

    @Test
    void listsMoreNamesThanFitIntoASocketBuffer() {
        for (int i = 0; i < 300; i++) {
            register("x".repeat(200) + i, 1000 + i);
        }
        assertThat(client().names(LONG)).hasSize(300).containsEntry("x".repeat(200) + 299, 1299);
    }

    @Test
    void closesSilentAndSlowClientsAtTheDeadlineAndServesOthers() throws IOException {
        try (var hasty = EmbeddedEpmd.start(new InetSocketAddress(Loopback.ADDRESS, 0), Duration.ofMillis(300))) {
            var silent =
                    new Socket(hasty.address().getAddress(), hasty.address().getPort());
            var slow = new Socket(hasty.address().getAddress(), hasty.address().getPort());
            opened.add(silent);
            opened.add(slow);
            slow.getOutputStream().write(Hex.bytes("00ff 78"));
            assertThat(EpmdClient.at(hasty.address()).names(LONG)).isEmpty();
            assertThat(readAll(silent)).isEmpty();
            assertThat(readAll(slow)).isEmpty();
            assertThat(EpmdClient.at(hasty.address()).names(LONG)).isEmpty();
        }
    }

    @Test
    void closesAnOversizedRequestAtItsLength() throws IOException {
        var socket = connect();
        socket.getOutputStream().write(Hex.bytes("0401"));
        assertThat(readAll(socket)).isEmpty();
    }

    @Test
    void doesNotObeyKillStopOrDump() throws IOException {
        register("a", 1001);
        for (String request : List.of("0001 6b", "0002 73 61", "0001 64")) {
            var socket = connect();
            socket.getOutputStream().write(Hex.bytes(request));
            assertThat(readAll(socket)).isEmpty();
        }
        assertThat(client().port("a", LONG)).hasValue(1001);
    }

    @Test
    void survivesGarbage() throws IOException {
        long seed = new Random().nextLong();
        System.out.println("EmbeddedEpmdTest.survivesGarbage: seed " + seed);
        var random = new Random(seed);
        register("a", 1001);
        for (int i = 0; i < 200; i++) {
            byte[] garbage = new byte[2 + random.nextInt(64)];
            random.nextBytes(garbage);
            garbage[0] = 0;
            garbage[1] = (byte) (garbage.length - 2);
            try (var socket = connect()) {
                socket.getOutputStream().write(garbage);
            }
        }
        assertThat(client().port("a", LONG)).hasValue(1001);
    }

    @Test
    void closesConnectionsBeyondItsLimitAndRecovers() throws IOException {
        register("a", 1001);
        var idle = new ArrayList<Socket>();
        for (int i = 0; i < EmbeddedEpmd.MAX_REQUESTS; i++) {
            idle.add(connect());
        }
        assertThat(readAll(connect())).as("no room").isEmpty();
        for (Socket socket : idle) {
            socket.close();
        }
        Await.until(LONG, "room again", () -> {
            try {
                return client().port("a", LONG).isPresent();
            } catch (ResolverException e) {
                return false; // no room yet
            }
        });
    }

    @Test
    void freesThePortWhenClosed() throws IOException {
        int port = epmd.address().getPort();
        var registered = connect();
        registered.getOutputStream().write(Hex.bytes("000e 78 1092 4d 00 0006 0006 0001 61 0000"));
        assertThat(registered.getInputStream().readNBytes(6)).hasSize(6);
        assertThatThrownBy(() -> EmbeddedEpmd.start(port))
                .isInstanceOf(ResolverException.class)
                .hasMessageStartingWith("127.0.0.1:" + port + ": an EPMD cannot listen there: ");
        epmd.close();
        epmd.close();
        assertThat(readAll(registered)).isEmpty();
        epmd = EmbeddedEpmd.start(port);
        assertThat(client().names(LONG)).isEmpty();
    }

    @Test
    void listensOnLoopbackOnly() throws IOException {
        assertThat(epmd.address().getAddress()).isEqualTo(Loopback.ADDRESS);
        var everywhere = new InetSocketAddress("0.0.0.0", 0);
        assertThatThrownBy(() -> EmbeddedEpmd.start(everywhere))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("(expected: a loopback address)");
    }
}
