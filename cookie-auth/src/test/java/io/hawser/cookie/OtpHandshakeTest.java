package io.hawser.cookie;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hawser.cookie.Fixture.FakeArbiter;
import io.hawser.cookie.Fixture.FakePeer;
import io.hawser.handshake.DistFlag;
import io.hawser.handshake.Handshake;
import io.hawser.handshake.HandshakeContext;
import io.hawser.handshake.HandshakeException;
import io.hawser.handshake.HandshakeException.Reason;
import io.hawser.handshake.Peer;
import io.hawser.term.NodeName;
import io.hawser.testing.Interop;
import io.hawser.testing.OtpNode;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The handshake with a real Erlang node, over plain TCP, dialled from either side. */
@Interop
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OtpHandshakeTest {
    private static final NodeName OTP = NodeName.parse("otp@127.0.0.1");
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final String COOKIE = "the cookie's text";

    private final FakeArbiter arbiter = new FakeArbiter();
    private OtpNode otp;
    private int otpPort;

    @BeforeAll
    void startNode() {
        otp = OtpNode.named(OTP.toString()).cookie(COOKIE).start();
        otpPort = Integer.parseInt(otp.eval("{port, P, _} = erl_epmd:port_please(\"otp\", {127,0,0,1}), P"));
    }

    @AfterAll
    void stopNode() {
        if (otp != null) {
            otp.close();
        }
    }

    @Test
    void dialsAsAHiddenNode() throws IOException {
        try (var connection = dial("hidden@127.0.0.1", COOKIE, DistFlag.RECOMMENDED_HIDDEN)) {
            Peer peer = connection.admit();
            assertThat(peer.name()).isEqualTo(OTP);
            assertThat(peer.creation()).isEqualTo(otpCreation());
            assertThat(peer.flags()).isEqualTo(DistFlag.RECOMMENDED_HIDDEN);
            otp.awaitEval(DEADLINE, "true", "lists:member('hidden@127.0.0.1', nodes(hidden))");
            assertCarriesSignals(connection, "hidden@127.0.0.1");
        }
        otp.awaitEval(DEADLINE, "false", "lists:member('hidden@127.0.0.1', nodes(connected))");
    }

    @Test
    void dialsAsAVisibleNode() throws IOException {
        try (var connection = dial("visible@127.0.0.1", COOKIE, DistFlag.RECOMMENDED_VISIBLE)) {
            assertThat(connection.admit().isHidden()).isFalse();
            otp.awaitEval(DEADLINE, "true", "lists:member('visible@127.0.0.1', nodes())");
        }
    }

    @Test
    void isDialled() throws IOException {
        try (var listener = new Listener("listener", COOKIE)) {
            assertThat(otp.eval("net_kernel:hidden_connect_node('listener@127.0.0.1')"))
                    .isEqualTo("true");
            try (var connection = listener.admitted()) {
                Peer peer = listener.peer();
                assertThat(peer.name()).isEqualTo(OTP);
                assertThat(peer.creation()).isEqualTo(otpCreation());
                assertCarriesSignals(connection, "listener@127.0.0.1");
            }
        }
    }

    @Test
    void saysThatTheCookiesDifferWhenItsProofIsRefused() throws IOException {
        try (var connection = dial("liar@127.0.0.1", "another", DistFlag.RECOMMENDED_HIDDEN)) {
            var refusal = catchThrowableOfType(HandshakeException.class, connection::admit);
            assertThat(refusal)
                    .hasMessage("otp@127.0.0.1: closed after our challenge reply (expected: its ack):"
                            + " the cookies differ, most likely");
            assertThat(refusal.reason()).isEqualTo(Reason.COOKIE);
        }
    }

    @Test
    void refusesANodeWithAnotherCookie() throws IOException {
        try (var listener = new Listener("strict", "another")) {
            assertThat(otp.eval("net_kernel:connect_node('strict@127.0.0.1')")).isEqualTo("false");
            HandshakeException refusal = listener.refusal();
            assertThat(refusal).hasMessage("otp@127.0.0.1: challenge reply digest does not match the cookie");
            assertThat(refusal.reason()).isEqualTo(Reason.COOKIE);
        }
    }

    @Test
    void usesTheCookieThatTheNodeHasForUs() throws IOException {
        otp.eval("erlang:set_cookie('friend@127.0.0.1', 'for friends')");
        try (var connection = dial("friend@127.0.0.1", "for friends", DistFlag.RECOMMENDED_HIDDEN)) {
            assertThat(connection.admit().name()).isEqualTo(OTP);
        }
    }

    @Test
    void replacesAConnectionThatTheNodeHoldsForAlive() throws IOException {
        try (var old = dial("twice@127.0.0.1", COOKIE, DistFlag.RECOMMENDED_HIDDEN)) {
            old.admit();
            awaitUp("twice@127.0.0.1");
            arbiter.stillWanted = false;
            try (var unwanted = dial("twice@127.0.0.1", COOKIE, DistFlag.RECOMMENDED_HIDDEN)) {
                var refusal = catchThrowableOfType(HandshakeException.class, unwanted::admit);
                assertThat(refusal)
                        .hasMessage("otp@127.0.0.1: status alive (expected: ok): the connection that is up goes on");
            }
            assertCarriesSignals(old, "twice@127.0.0.1");
            awaitUp("twice@127.0.0.1");
            arbiter.stillWanted = true;
            try (var replacement = dial("twice@127.0.0.1", COOKIE, DistFlag.RECOMMENDED_HIDDEN)) {
                replacement.admit();
                old.awaitClose();
                assertCarriesSignals(replacement, "twice@127.0.0.1");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"aaa", "zzz"})
    void theConnectionOfTheGreaterNameGoesOn(String alive) throws IOException {
        String self = alive + "@127.0.0.1";
        try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                var registration = new Registration(alive, server.getLocalPort(), otp.epmdPort())) {
            assertThat(registration).isNotNull();
            otp.eval("spawn(fun() -> net_kernel:connect_node('" + self + "') end)");
            try (Socket attempt = server.accept();
                    var ours = dial(self, COOKIE, DistFlag.RECOMMENDED_HIDDEN)) {
                var theirs = new SocketDriver(attempt, handshake(self, COOKIE, Optional.empty()));
                if (alive.equals("zzz")) {
                    assertThat(ours.admit().name()).isEqualTo(OTP);
                    theirs.awaitClose();
                    return;
                }
                var refusal = catchThrowableOfType(HandshakeException.class, ours::admit);
                assertThat(refusal)
                        .hasMessage("otp@127.0.0.1: status nok (expected: ok): its own connection to us goes on");
                assertThat(refusal.reason()).isEqualTo(Reason.SUPERSEDED);
                assertThat(theirs.admit().name()).isEqualTo(OTP);
            }
        }
    }

    @Test
    void saysThatItIsNotAllowed() throws IOException {
        try (var strict = OtpNode.named("strict@127.0.0.1")
                .cookie(COOKIE)
                .epmdPort(otp.epmdPort())
                .start()) {
            strict.eval("net_kernel:allow(['friend@127.0.0.1'])");
            int port = Integer.parseInt(strict.eval("{port, P, _} = erl_epmd:port_please(\"strict\", {127,0,0,1}), P"));
            var handshake = handshake("enemy@127.0.0.1", COOKIE, Optional.of(NodeName.parse("strict@127.0.0.1")));
            try (var connection = SocketDriver.connect(port, handshake)) {
                var refusal = catchThrowableOfType(HandshakeException.class, connection::admit);
                assertThat(refusal)
                        .hasMessage("strict@127.0.0.1: status not_allowed (expected: ok):"
                                + " it does not allow enemy@127.0.0.1");
                assertThat(refusal.reason()).isEqualTo(Reason.NOT_ALLOWED);
            }
        }
    }

    private SocketDriver dial(String self, String cookie, long flags) throws IOException {
        return SocketDriver.connect(otpPort, handshake(self, cookie, Optional.of(OTP), flags));
    }

    private Handshake handshake(String self, String cookie, Optional<NodeName> dialled) {
        return handshake(self, cookie, dialled, DistFlag.RECOMMENDED_HIDDEN);
    }

    private Handshake handshake(String self, String cookie, Optional<NodeName> dialled, long flags) {
        var peer = new FakePeer(Optional.empty());
        var context = new HandshakeContext(NodeName.parse(self), 77, flags, dialled, peer, arbiter);
        var handshakes = CookieHandshakes.otp(Fixture.cookie(cookie));
        return dialled.isPresent() ? handshakes.initiator(context) : handshakes.acceptor(context);
    }

    private long otpCreation() {
        return Long.parseLong(otp.eval("erts_internal:get_creation()"));
    }

    /** Waits until the node has one connection to us and no other under way: until then it answers otherwise. */
    private void awaitUp(String self) {
        otp.awaitEval(
                DEADLINE,
                "true",
                "case ets:lookup(sys_dist, '" + self + "') of"
                        + " [Connection] -> lists:member(up, tuple_to_list(Connection)); [] -> false end");
    }

    /** Sends a tick, and has the node send a message: both have 4 bytes of length by now. */
    private void assertCarriesSignals(SocketDriver connection, String self) throws IOException {
        awaitUp(self);
        connection.write(ByteBuffer.allocate(0));
        otp.eval("{somebody, '" + self + "'} ! hello");
        byte[] signal = connection.readSignal();
        assertThat(signal).startsWith(131, 68, 0); // a distribution header without atoms
        assertThat(new String(signal, StandardCharsets.ISO_8859_1)).contains("somebody", "hello");
    }

    /** Accepts one connection under a name that the node's EPMD knows. */
    private final class Listener implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        private final Registration registration;
        private final CompletableFuture<Peer> peer;
        private final CompletableFuture<SocketDriver> driver = new CompletableFuture<>();

        Listener(String alive, String cookie) throws IOException {
            registration = new Registration(alive, server.getLocalPort(), otp.epmdPort());
            Handshake handshake = handshake(alive + "@127.0.0.1", cookie, Optional.empty());
            peer = CompletableFuture.supplyAsync(() -> {
                try {
                    var connection = new SocketDriver(server.accept(), handshake);
                    driver.complete(connection);
                    return connection.admit();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }

        Peer peer() {
            return peer.orTimeout(DEADLINE.toSeconds(), TimeUnit.SECONDS).join();
        }

        SocketDriver admitted() {
            assertThat(peer()).isNotNull();
            return driver.join();
        }

        HandshakeException refusal() {
            try {
                throw new AssertionError("admitted " + peer());
            } catch (CompletionException e) {
                if (e.getCause() instanceof HandshakeException refusal) {
                    return refusal;
                }
                throw e;
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
            registration.close();
        }
    }

    /** A name in an EPMD, for as long as its socket is open. */
    private static final class Registration implements AutoCloseable {
        private final Socket socket;

        Registration(String alive, int port, int epmdPort) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), epmdPort);
            // ALIVE2_REQ: port, type 'M', protocol 0, versions 6 to 6, name, no extra
            byte[] name = alive.getBytes(StandardCharsets.US_ASCII);
            var out = new DataOutputStream(socket.getOutputStream());
            out.write(ByteBuffer.allocate(15 + name.length)
                    .putShort((short) (13 + name.length))
                    .put((byte) 120)
                    .putShort((short) port)
                    .put((byte) 'M')
                    .put((byte) 0)
                    .putShort((short) 6)
                    .putShort((short) 6)
                    .putShort((short) name.length)
                    .put(name)
                    .putShort((short) 0)
                    .array());
            var in = new DataInputStream(socket.getInputStream());
            assertThat(in.readUnsignedShort()).as("ALIVE2_X_RESP, result 0").isEqualTo(118 << 8);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
