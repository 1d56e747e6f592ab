package io.hawser.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.term.NodeName;
import io.hawser.testing.RecordingHandler;
import io.hawser.tls.TestCa.Leaf;
import io.hawser.tls.TestCa.LeafSpec;
import io.hawser.transport.AcceptLimits;
import io.hawser.transport.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Peers that are no nodes of ours: other protocols, other versions, no certificate, nothing at all. */
class TlsStrangersTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final TestCa ROOT = TestCa.root("Orga Root");
    private static final NodeName B = NodeName.parse("b@b.orga.test");

    /** A listening transport, and what it accepted. */
    private static final class Listening implements AutoCloseable {
        private final TlsTransport transport;
        private final Transport.Listener listener;
        private final BlockingQueue<RecordingHandler> accepted = new LinkedBlockingQueue<>();

        Listening(TlsEngine engine, Duration deadline, boolean tls12) {
            var builder = TlsTransport.builder(node("b@b.orga.test")).engine(engine);
            transport = (tls12 ? builder.allowTls12() : builder).build();
            listener = transport.listen(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    new AcceptLimits(deadline, 10, 10),
                    () -> {
                        var handler = new RecordingHandler();
                        accepted.add(handler);
                        return handler;
                    });
        }

        Listening(TlsEngine engine, AcceptLimits limits) {
            transport =
                    TlsTransport.builder(node("b@b.orga.test")).engine(engine).build();
            listener = transport.listen(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), limits, RecordingHandler::new);
        }

        Socket connect() throws IOException {
            return new Socket(
                    InetAddress.getLoopbackAddress(), listener.address().getPort());
        }

        SSLSocket connect(SSLContext context) throws IOException {
            return (SSLSocket) context.getSocketFactory()
                    .createSocket(
                            InetAddress.getLoopbackAddress(), listener.address().getPort());
        }

        RecordingHandler accepted() throws InterruptedException {
            RecordingHandler handler = accepted.poll(20, TimeUnit.SECONDS);
            assertThat(handler).isNotNull();
            return handler;
        }

        String refused() throws InterruptedException {
            RecordingHandler handler = accepted();
            String sentence = sentence(handler.cause());
            assertThat(handler.wasOpened()).isFalse();
            return sentence;
        }

        @Override
        public void close() {
            transport.close();
        }
    }

    private static TlsIdentity node(String name) {
        return TestCa.identity(NameBinding.FULL, ROOT.issue(LeafSpec.node(name)), List.of(ROOT), List.of());
    }

    private static String sentence(Optional<? extends Exception> cause) {
        return cause.map(e -> String.valueOf(e.getMessage()).replaceFirst("^127\\.0\\.0\\.1:\\d+: ", ""))
                .orElse("");
    }

    private static String sayTo(TlsEngine engine, byte[] bytes) throws Exception {
        try (var listening = new Listening(engine, LONG, false);
                Socket socket = listening.connect()) {
            socket.getOutputStream().write(bytes);
            return listening.refused();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void saysThatHttpIsNotTls(TlsEngine engine) throws Exception {
        assertThat(sayTo(engine, "GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII)))
                .isEqualTo("not TLS: the first bytes are \"GET / HT\"");
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void saysThatTheDistributionWithoutTlsIsNotTls(TlsEngine engine) throws Exception {
        byte[] sendName = {0, 12, 'N', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
        assertThat(sayTo(engine, sendName)).isEqualTo("not TLS: the first bytes are 00 0c 4e 00 00 00 00 00");
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void refusesRecordsThatHoldGarbage(TlsEngine engine) throws Exception {
        byte[] record = {22, 3, 3, 0, 4, (byte) 0xFF, (byte) 0xFF, 1, 2, 3, 4};
        assertThat(sayTo(engine, record)).isNotEmpty().doesNotContain("\n");
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void saysThatThePeerWentAway(TlsEngine engine) throws Exception {
        try (var listening = new Listening(engine, LONG, false)) {
            listening.connect().close();
            assertThat(listening.refused())
                    .isEqualTo("the peer closed the connection before it sent anything (expected: a TLS handshake)");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void closesASilentPeerAtItsDeadline(TlsEngine engine) throws Exception {
        try (var listening = new Listening(engine, SHORT, false);
                Socket socket = listening.connect()) {
            socket.getOutputStream().write(new byte[] {22, 3});
            assertThat(listening.refused()).isEqualTo("the TLS handshake was not done within 300 ms");
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void refusesAPeerWithoutACertificate(TlsEngine engine) throws Exception {
        try (var listening = new Listening(engine, LONG, false);
                SSLSocket socket = listening.connect(stranger(null))) {
            socket.startHandshake();
            assertThat(listening.refused()).isEqualTo("the peer sent no certificate (expected: mutual TLS)");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void refusesAPeerThatOnlySpeaksTls12(TlsEngine engine) throws Exception {
        try (var listening = new Listening(engine, LONG, false);
                SSLSocket socket = listening.connect(stranger(leaf()))) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            assertThat(failureOf(socket::startHandshake)).contains("protocol_version");
            assertThat(listening.refused()).isEqualTo("the peer speaks another version of TLS (expected: TLSv1.3)");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void takesTls12WhenAllowed(TlsEngine engine) throws Exception {
        try (var listening = new Listening(engine, LONG, true);
                SSLSocket socket = listening.connect(stranger(leaf()))) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            socket.startHandshake();
            var peer = listening.accepted().connection().peer();
            var security = peer.security().orElseThrow();
            assertThat(security.protocol()).isEqualTo("TLSv1.2");
            assertThat(security.cipherSuite()).startsWith("TLS_ECDHE_ECDSA_WITH_");
            assertThat(peer.refusal(NodeName.parse("a@a.orga.test"))).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void ignoresServerNameAndProtocolsThatAreOffered(TlsEngine engine) throws Exception {
        try (var listening = new Listening(engine, LONG, false);
                SSLSocket socket = listening.connect(stranger(leaf()))) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new javax.net.ssl.SNIHostName("somebody.else.test")));
            parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            assertThat(socket.getApplicationProtocol()).isEmpty();
            assertThat(listening.accepted().connection().peer().isVerified()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void resumesNothing(TlsEngine engine) throws Exception {
        // the JDK's client resumes wherever it got a ticket; a resumed peer shows no certificate and would be refused
        SSLContext client = stranger(leaf());
        try (var listening = new Listening(engine, LONG, false)) {
            for (int i = 0; i < 3; i++) {
                try (SSLSocket socket = listening.connect(client)) {
                    socket.startHandshake();
                    RecordingHandler handler = listening.accepted();
                    handler.connection()
                            .execute(() -> handler.connection()
                                    .sendHandshake(java.nio.ByteBuffer.wrap("hello".getBytes(US_ASCII))));
                    assertThat(socket.getInputStream().readNBytes(9)).endsWith("hello".getBytes(US_ASCII));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void renegotiatesNothing(TlsEngine engine) throws Exception {
        try (var listening = new Listening(engine, LONG, true);
                SSLSocket socket = listening.connect(stranger(leaf()))) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            socket.startHandshake();
            RecordingHandler handler = listening.accepted();
            assertThat(handler.connection().peer().isVerified()).isTrue();
            String failure = failureOf(() -> {
                socket.startHandshake();
                socket.getOutputStream().write(new byte[] {0, 0, 0, 1, 7});
                socket.getInputStream().read();
            });
            assertThat(failure).isNotEmpty();
            assertThat(handler.cause()).isPresent();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void refusesAHelloThatClaimsToBeLongBeforeItComes(TlsEngine engine) throws Exception {
        byte[] hello = {22, 3, 1, 64, 0, 1, 0, 64, 1, 3, 3};
        assertThat(sayTo(engine, hello)).isEqualTo("a ClientHello of 16385 bytes (expected: at most 16384)");
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void refusesAHandshakeThatDoesNotEnd(TlsEngine engine) throws Exception {
        try (var listening = new Listening(engine, LONG, false);
                Socket socket = listening.connect()) {
            byte[] changes = new byte[6 * 1024]; // change_cipher_spec, which TLS 1.3 passes over once and again
            for (int i = 0; i < changes.length; i += 6) {
                System.arraycopy(new byte[] {20, 3, 3, 0, 1, 1}, 0, changes, i, 6);
            }
            String broken = failureOf(() -> {
                for (int i = 0; i < 64; i++) {
                    socket.getOutputStream().write(changes);
                }
                assertThat(socket.getInputStream().readAllBytes()).hasSizeLessThan(100);
            });
            assertThat(broken).doesNotContain("AssertionError"); // a reset, or an orderly end
            assertThat(listening.refused()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void aGoodPeerJoinsWhileThousandsAreSilent(TlsEngine engine) throws Exception {
        int many = many();
        var sockets = new ArrayList<SocketChannel>(many);
        try (var listening = new Listening(engine, AcceptLimits.DEFAULT);
                var transport = TlsTransport.builder(node("a@a.orga.test"))
                        .engine(engine)
                        .build()) {
            InetSocketAddress address = listening.listener.address();
            for (int i = 0; i < many; i++) {
                SocketChannel socket = SocketChannel.open();
                sockets.add(socket);
                socket.bind(new InetSocketAddress("127.0." + (i % 40) + ".1", 0));
                socket.connect(address);
                if (i % (many / 4) == many / 8) {
                    joins(transport, address);
                }
            }
            joins(transport, address);
        } finally {
            for (SocketChannel socket : sockets) {
                socket.close();
            }
        }
    }

    private static void joins(TlsTransport transport, InetSocketAddress address) {
        var handler = new RecordingHandler();
        transport.connect(B, address, LONG, handler);
        assertThat(handler.connection().peer().isVerified()).isTrue();
        handler.connection().close(null);
    }

    /** 10 000, or what the limit of open files leaves. */
    private static int many() throws IOException {
        Path limits = Path.of("/proc/self/limits");
        int files = !Files.exists(limits)
                ? 1024
                : Files.readAllLines(limits).stream()
                        .filter(line -> line.startsWith("Max open files"))
                        .map(line -> line.split(" {2,}", -1)[1])
                        .mapToInt(limit -> limit.equals("unlimited") ? Integer.MAX_VALUE : Integer.parseInt(limit))
                        .findFirst()
                        .orElse(1024);
        return Math.min(10_000, files - 512);
    }

    // --- listeners that are no nodes

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void saysThatAListenerDoesNotSpeakTls(TlsEngine engine) throws Exception {
        try (var server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            RecordingHandler dialler = dial(engine, server.getLocalPort(), LONG, transport -> {
                try (Socket socket = server.accept()) {
                    socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII));
                    socket.getInputStream().readAllBytes();
                }
            });
            assertThat(sentence(dialler.cause())).isEqualTo("not TLS: the first bytes are \"HTTP/1.1\"");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void givesUpOnAListenerThatSaysNothing(TlsEngine engine) throws Exception {
        try (var server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            RecordingHandler dialler = dial(engine, server.getLocalPort(), SHORT, transport -> {
                try (Socket socket = server.accept()) {
                    socket.getInputStream().readAllBytes();
                }
            });
            assertThat(sentence(dialler.cause())).isEqualTo("the TLS handshake was not done within 300 ms");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void refusesAListenerThatOnlySpeaksTls12(TlsEngine engine) throws Exception {
        SSLContext context = stranger(ROOT.issue(LeafSpec.node("b@b.orga.test")));
        try (var server = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            server.setEnabledProtocols(new String[] {"TLSv1.2"});
            RecordingHandler dialler = dial(engine, server.getLocalPort(), LONG, transport -> {
                try (Socket socket = server.accept()) {
                    assertThat(failureOf(((SSLSocket) socket)::startHandshake)).isNotEmpty();
                }
            });
            assertThat(sentence(dialler.cause()))
                    .isEqualTo("peer speaks another version of TLS: alert protocol_version (expected: TLSv1.3)");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void sendsTheHostAsServerName(TlsEngine engine) throws Exception {
        SSLContext context = stranger(ROOT.issue(LeafSpec.node("b@b.orga.test")));
        BlockingQueue<List<?>> names = new LinkedBlockingQueue<>();
        try (var server = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            server.setNeedClientAuth(true);
            RecordingHandler dialler = dial(engine, server.getLocalPort(), LONG, transport -> {
                try (SSLSocket socket = (SSLSocket) server.accept()) {
                    socket.startHandshake();
                    var session = (javax.net.ssl.ExtendedSSLSession) socket.getSession();
                    names.add(session.getRequestedServerNames());
                }
            });
            assertThat(sentence(dialler.cause())).isEmpty();
            assertThat(dialler.connection().peer().description()).startsWith("b@b.orga.test at 127.0.0.1:");
            assertThat(String.valueOf(names.poll(20, TimeUnit.SECONDS))).contains("b.orga.test");
        }
    }

    // --- what the tests stand on

    @FunctionalInterface
    private interface Server {
        void serve(TlsTransport transport) throws Exception;
    }

    private static RecordingHandler dial(TlsEngine engine, int port, Duration deadline, Server server)
            throws Exception {
        var handler = new RecordingHandler();
        try (var transport =
                TlsTransport.builder(node("a@a.orga.test")).engine(engine).build()) {
            transport.connect(B, new InetSocketAddress(InetAddress.getLoopbackAddress(), port), deadline, handler);
            server.serve(transport);
            handler.cause();
        }
        return handler;
    }

    @FunctionalInterface
    private interface Call {
        void run() throws Exception;
    }

    private static String failureOf(Call call) {
        try {
            call.run();
            return "";
        } catch (Exception e) {
            return e.toString();
        }
    }

    private static Leaf leaf() {
        return ROOT.issue(LeafSpec.node("a@a.orga.test"));
    }

    /** The JDK's TLS as somebody else would use it, trusting everybody. */
    private static SSLContext stranger(@Nullable Leaf leaf) throws GeneralSecurityException, IOException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(leaf == null ? null : keyManagers(leaf), new TrustManager[] {new TrustsEverybody()}, null);
        return context;
    }

    private static KeyManager[] keyManagers(Leaf leaf) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "key", leaf.keys().getPrivate(), new char[0], leaf.chain().toArray(new X509Certificate[0]));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, new char[0]);
        return factory.getKeyManagers();
    }

    private static final class TrustsEverybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {
            assertThat(chain).isNotEmpty();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {
            assertThat(chain).isNotEmpty();
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
