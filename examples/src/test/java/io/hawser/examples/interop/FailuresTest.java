package io.hawser.examples.interop;

import static io.hawser.examples.interop.Pair.SOON;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.cookie.Cookie;
import io.hawser.cookie.CookieHandshakes;
import io.hawser.cookie.CookieWeakness;
import io.hawser.epmd.EpmdOptions;
import io.hawser.epmd.NodeResolver;
import io.hawser.epmd.ResolverException;
import io.hawser.node.Mailbox;
import io.hawser.node.Node;
import io.hawser.node.NodeConfig;
import io.hawser.term.Atom;
import io.hawser.term.NodeName;
import io.hawser.testing.Ports;
import io.hawser.tls.TcpTransport;
import io.hawser.tls.TlsConfigurationException;
import io.hawser.tls.TlsEngine;
import io.hawser.tls.TlsIdentity;
import io.hawser.tls.TlsTransport;
import io.hawser.transport.Transport;
import io.hawser.transport.TransportException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What goes wrong when nodes are joined, and the one sentence each side says: the dialler's caller gets an exception, the
 * listener writes a warning. The listener and its other connection go on.
 */
class FailuresTest {
    private static final String A = "a@a.orga.test";
    private static final String B = "b@b.orga.test";
    private static final String C = "c@c.orga.test";

    @TempDir
    private static Path directory;

    private static Organisation organisation;
    private static Organisation strangers;
    private static Organisation past;

    private final List<Node> nodes = new ArrayList<>();
    private final CapturedLog log = CapturedLog.start();

    @BeforeAll
    static void issue() {
        organisation = new Organisation(directory.resolve("ours"), Clock.systemUTC()).issue(A, B, C);
        strangers = new Organisation(directory.resolve("theirs"), Clock.systemUTC()).issue(A, B);
        Instant then = Instant.now().minus(Duration.ofDays(100));
        past = new Organisation(directory.resolve("past"), Clock.fixed(then, ZoneOffset.UTC)).issue(A);
    }

    @AfterEach
    void close() {
        nodes.forEach(Node::close);
        log.close();
    }

    private Node node(String name, Transport transport, String cookie, NodeResolver resolver) {
        Node node = Node.start(NodeConfig.builder(name)
                .transport(transport)
                .handshake(CookieHandshakes.auto(Cookie.of(cookie, CookieWeakness.values())))
                .resolver(resolver)
                .build());
        nodes.add(node);
        return node;
    }

    private Node listener(Transport transport) {
        return node(B, transport, "secret", NodeResolver.fixed(Map.of()));
    }

    private Node dialler(String name, Transport transport, String cookie, Node to) {
        return node(
                name, transport, cookie, at(to.name().toString(), to.address().getPort()));
    }

    private static NodeResolver at(String name, int port) {
        return NodeResolver.fixed(name, "127.0.0.1", port);
    }

    private static TlsIdentity ours(String node) {
        return organisation.identity(Carrier.TLS_EXPORTED, node);
    }

    private static TlsTransport tls(TlsIdentity identity, TlsEngine engine) {
        return TlsTransport.builder(identity).engine(engine).build();
    }

    /** One that runs under a name its certificate is not for. */
    private static TlsTransport lying(TlsIdentity identity, TlsEngine engine) {
        return TlsTransport.builder(identity)
                .engine(engine)
                .insecureAnyOwnName()
                .build();
    }

    /** Dials B in vain: the caller's sentence is the first, the listener's the second; then B still serves another. */
    private void failsToConnect(Node dialler, String diallerSays, Node listener, String listenerSays)
            throws InterruptedException {
        int port = listener.address().getPort();
        assertThatThrownBy(() -> dialler.connect(listener.name(), SOON))
                .isInstanceOf(TransportException.class)
                .hasMessage(diallerSays.replace("PORT", Integer.toString(port)));
        assertThat(log.await(listenerSays))
                .startsWith("WARN RejectionLog - node=" + listener.name() + " ")
                .doesNotContain("...")
                .endsWith(" Connection refused or broken off");
        assertThat(log.warnings())
                .as("one line at each end for one failure")
                .filteredOn(line -> line.contains(" node=" + listener.name() + " ") || line.contains(" code="))
                .hasSameSizeAs(log.warnings())
                .extracting(line -> line.substring(0, line.indexOf(" remote=")))
                .doesNotHaveDuplicates();
    }

    private void stillServes(Node listener, Transport good) throws InterruptedException {
        Node other = dialler(C, good, "secret", listener);
        assertThat(other.ping(listener.name(), SOON)).isTrue();
    }

    @Test
    void aWrongCookie() throws InterruptedException {
        Node listener = listener(TcpTransport.plain());
        Node good = dialler(C, TcpTransport.plain(), "secret", listener);
        assertThat(good.ping(listener.name(), SOON)).isTrue();
        failsToConnect(
                dialler(A, TcpTransport.plain(), "wrong", listener),
                B + ": closed after our challenge reply (expected: its ack): the cookies differ, most likely",
                listener,
                "reason=" + A + ": challenge reply digest does not match the cookie ");
        assertThat(listener.nodes()).containsExactly(NodeName.parse(C)); // the connection of before lives on
        assertThat(good.ping(listener.name(), SOON)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void aCertificateOfAnotherOrganisation(TlsEngine engine) throws InterruptedException {
        Node listener = listener(tls(ours(B), engine));
        failsToConnect(
                dialler(A, tls(strangers.identity(Carrier.TLS_EXPORTED, A), engine), "secret", listener),
                B + ": 127.0.0.1:PORT: the peer's certificate has no valid path to a CA we trust: unable to find valid"
                        + " certification path to requested target",
                listener,
                ": peer refused our certificate: alert ");
        stillServes(listener, tls(ours(C), engine));
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void aDiallerWithTheCertificateOfAnotherNode(TlsEngine engine) throws InterruptedException {
        Node listener = listener(tls(ours(B), engine));
        failsToConnect(
                dialler(A, lying(ours(C), engine), "secret", listener),
                B + ": status not_allowed (expected: ok): it does not allow " + A,
                listener,
                "reason=" + A + ": the peer's certificate is for " + C
                        + " (expected: spiffe://orga.test/node/a.orga.test/a) ");
        stillServes(listener, tls(ours(C), engine));
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void aListenerWithTheCertificateOfAnotherNode(TlsEngine engine) throws InterruptedException {
        Node listener = listener(lying(ours(C), engine));
        failsToConnect(
                dialler(A, tls(ours(A), engine), "secret", listener),
                B + ": 127.0.0.1:PORT: the peer's certificate is for " + C
                        + " (expected: spiffe://orga.test/node/b.orga.test/b)",
                listener,
                ": peer refused our certificate: alert ");
    }

    @Test
    void aNodeWithTheCertificateOfAnotherDoesNotStart() {
        assertThatThrownBy(() -> node(A, tls(ours(C), TlsEngine.AUTO), "secret", NodeResolver.fixed(Map.of())))
                .isInstanceOf(TlsConfigurationException.class)
                .hasMessage(A + ": our certificate is for " + C
                        + " (expected: spiffe://orga.test/node/a.orga.test/a), every peer would refuse it");
    }

    @Test
    void anExpiredCertificateOfOurOwn() {
        assertThatThrownBy(() -> past.identity(Carrier.TLS_EXPORTED, A))
                .isInstanceOf(TlsConfigurationException.class)
                .hasMessageMatching(".*/keystore\\.p12: our certificate expired at [-0-9T:]+Z,"
                        + " renew it \\(certs-tool node renew\\)");
    }

    @Test
    void aKeyThatOthersCanRead() throws IOException {
        Path key = organisation.exportPem(A).resolve("key.pem");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> TlsIdentity.load(key.resolveSibling(".").normalize()))
                .isInstanceOf(TlsConfigurationException.class)
                .hasMessageStartingWith(key.toString())
                .hasMessageEndingWith("run chmod 600 " + key);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void aTcpNodeDiallingATlsPort(TlsEngine engine) throws InterruptedException {
        Node listener = listener(tls(ours(B), engine));
        failsToConnect(
                dialler(A, TcpTransport.plain(), "secret", listener),
                B
                        + ": closed after our name (expected: a status): it cannot read the name, expects TLS, is replacing an"
                        + " older connection to us, or is no node",
                listener,
                ": not TLS: the first bytes are 00 1c 4e 00 00 00 0d 07 ");
        stillServes(listener, tls(ours(C), engine));
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void aTlsNodeDiallingATcpPort(TlsEngine engine) throws InterruptedException {
        Node listener = listener(TcpTransport.plain());
        failsToConnect(
                dialler(A, tls(ours(A), engine), "secret", listener),
                B
                        + ": 127.0.0.1:PORT: the peer closed the connection before it sent anything (expected: a TLS handshake)",
                listener,
                ": packet of 5635 bytes (expected: at most 1024): the peer speaks TLS, most likely ");
        stillServes(listener, TcpTransport.plain());
    }

    @Test
    void garbageOnATcpPort() throws Exception {
        Node listener = listener(TcpTransport.plain());
        shout(listener);
        log.await(": packet of 18245 bytes (expected: at most 1024) ");
        stillServes(listener, TcpTransport.plain());
    }

    @Test
    void garbageOnATlsPort() throws Exception {
        Node listener = listener(TlsTransport.mutual(ours(B)));
        shout(listener);
        log.await(": not TLS: the first bytes are \"GET / HT\" ");
        stillServes(listener, TlsTransport.mutual(ours(C)));
    }

    private static void shout(Node listener) throws IOException {
        try (var socket =
                new Socket(InetAddress.getLoopbackAddress(), listener.address().getPort())) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
            socket.shutdownOutput();
        }
    }

    @Test
    void aPortInUse() {
        InetSocketAddress taken = listener(TcpTransport.plain()).address();
        var config = NodeConfig.builder(A)
                .transport(TcpTransport.plain())
                .handshake(CookieHandshakes.auto(Cookie.generate()))
                .resolver(at(B, taken.getPort()))
                .listen(taken)
                .build();
        assertThatThrownBy(() -> Node.start(config))
                .isInstanceOf(TransportException.class)
                .hasMessage("127.0.0.1:" + taken.getPort() + ": cannot listen: address in use");
    }

    @Test
    void aNameThatEpmdHasAlready() {
        int port = Ports.free();
        node(A, TcpTransport.plain(), "secret", epmd(port));
        assertThatThrownBy(() -> node(A, TcpTransport.plain(), "secret", epmd(port)))
                .isInstanceOf(ResolverException.class)
                .hasMessage(A + ": the name is taken at EPMD 127.0.0.1:" + port
                        + " (expected: a free name; stop the other node or choose another name)");
    }

    private static NodeResolver epmd(int port) {
        return NodeResolver.epmd(EpmdOptions.builder().port(port).build());
    }

    @Test
    void nothingThatListens() {
        int port = Ports.free();
        Node node = node(A, TcpTransport.plain(), "secret", at(B, port));
        assertThatThrownBy(() -> node.connect(NodeName.parse(B), SOON))
                .hasMessage(B + ": 127.0.0.1:" + port + ": connection refused");
        assertThatThrownBy(() -> node.connect(NodeName.parse(C), SOON))
                .hasMessage(C + ": no node of that name is known (expected: that it runs and is registered)");
        assertThat(log.warnings()).isEmpty(); // the caller has been told
    }

    @Test
    void aHostThatIsUnknown() {
        Node node = node(A, TcpTransport.plain(), "secret", epmd(Ports.free()));
        assertThatThrownBy(() -> node.connect(NodeName.parse("x@no-such-host.invalid"), SOON))
                .hasMessage(
                        "x@no-such-host.invalid: host no-such-host.invalid is unknown (expected: a name that resolves)");
    }

    @Test
    void aSendThatReachesNobodyIsLogged() {
        int port = Ports.free();
        Node node = node(A, TcpTransport.plain(), "secret", at(B, port));
        try (Mailbox me = node.mailbox()) {
            me.send("shell", NodeName.parse(B), Atom.OK);
            assertThat(log.await("connection refused"))
                    .contains("remote=" + B + " reason=" + B + ": 127.0.0.1:" + port + ": connection refused ");
        }
    }
}
