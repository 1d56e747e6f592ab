package io.hawser.examples.interop;

import static io.hawser.examples.interop.Pair.JAVA;
import static io.hawser.examples.interop.Pair.OTP;
import static io.hawser.examples.interop.Pair.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.cookie.Cookie;
import io.hawser.cookie.CookieHandshakes;
import io.hawser.node.Node;
import io.hawser.term.NodeName;
import io.hawser.testing.Await;
import io.hawser.testing.Interop;
import java.nio.file.Path;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which cookie proof a connection gets over TLS, between nodes of both runtimes. */
@Interop
class ProofTest {
    private static final NodeName OTHER = NodeName.parse("other@other.orga.test");

    @TempDir
    private Path directory;

    private Network network;

    @BeforeEach
    void open() {
        network = new Network(Carrier.TLS_EXPORTED, directory);
    }

    @AfterEach
    void close() {
        network.close();
    }

    private Node node(NodeName name, Function<Cookie, CookieHandshakes> handshakes) {
        return network.java(name.toString(), config -> config.handshake(handshakes.apply(Cookie.of(Network.COOKIE))));
    }

    /** Closes a node, and waits until its name is free and the other one has noticed. */
    private void leave(Node node, Node other) {
        node.close();
        Await.until(
                SOON,
                "EPMD forgot the name",
                () -> network.resolver().resolve(node.name(), SOON).isEmpty());
        Await.until(SOON, "the connection is gone", () -> other.connections().isEmpty());
    }

    private static void assertProof(Node node, NodeName peer, String proof) {
        assertThat(node.connections()).singleElement().satisfies(connection -> {
            assertThat(connection.node()).isEqualTo(peer);
            assertThat(connection.proof()).isEqualTo(proof);
        });
    }

    @Test
    void hawserNodesUseTheStrongOne() throws InterruptedException {
        Node java = node(JAVA, CookieHandshakes::auto);
        Node other = node(OTHER, CookieHandshakes::strong);
        assertThat(java.ping(OTHER, SOON)).isTrue();
        assertProof(java, OTHER, "strong");
        assertProof(other, JAVA, "strong");
    }

    @Test
    void anErlangNodeSeesNoDifference() throws InterruptedException {
        Node java = node(JAVA, CookieHandshakes::auto);
        var otp = network.otp(OTP.toString());
        assertThat(java.ping(OTP, SOON)).isTrue();
        assertProof(java, OTP, "otp");
        java.disconnect(OTP);
        otp.awaitEval(SOON, "[]", "nodes(connected)");
        assertThat(otp.eval(Pair.inErlang("net_adm:ping($J)"))).isEqualTo("pong");
        assertProof(java, OTP, "otp");
    }

    @Test
    void aStrictNodeAndAnErlangNodeDoNotConnect() throws InterruptedException {
        Node java = node(JAVA, CookieHandshakes::strong);
        var otp = network.otp(OTP.toString());
        assertThatThrownBy(() -> java.connect(OTP, SOON))
                .hasMessage(
                        OTP + ": does not speak hawser-strong-1 (expected: it does): it is an Erlang node, or set to"
                                + " OTP's proof alone");
        assertThat(otp.eval(Pair.inErlang("net_adm:ping($J)"))).isEqualTo("pang");
        assertThat(java.connections()).isEmpty();
    }

    @Test
    void aNodeSetToOtpsProofGetsItUnlessItWasStrongBefore() throws InterruptedException {
        var remembering = CookieHandshakes.auto(Cookie.of(Network.COOKIE));
        Node java = node(JAVA, cookie -> remembering);
        Node other = node(OTHER, CookieHandshakes::otp);
        assertThat(other.ping(JAVA, SOON)).isTrue();
        assertProof(java, OTHER, "otp");
        leave(other, java);

        Node strong = node(OTHER, CookieHandshakes::auto);
        assertThat(strong.ping(JAVA, SOON)).isTrue();
        assertProof(strong, JAVA, "strong");
        leave(strong, java);

        Node weaker = node(OTHER, CookieHandshakes::otp);
        assertThatThrownBy(() -> weaker.connect(JAVA, SOON)).hasMessageContaining("not_allowed");
        assertThat(remembering.forgetStrong(OTHER)).isTrue();
        weaker.connect(JAVA, SOON);
        assertProof(weaker, JAVA, "otp");
    }

    @Test
    void theWrongCookieIsRefused() {
        node(JAVA, CookieHandshakes::auto);
        Node other = node(OTHER, cookie -> CookieHandshakes.auto(Cookie.generate()));
        assertThatThrownBy(() -> other.connect(JAVA, SOON))
                .hasMessage(JAVA
                        + ": closed after our challenge reply (expected: its ack): the cookies differ, most likely");
        assertThat(other.connections()).isEmpty();
    }

    @Test
    void aStrictNodeDoesNotStartWithoutTls() {
        try (var tcp = new Network(Carrier.TCP, directory)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> tcp.java(
                            JAVA.toString(), config -> config.handshake(CookieHandshakes.strong(Cookie.generate()))))
                    .withMessage(
                            "handshake: requires one of [hawser-strong-1], on which transport tcp cannot agree with a"
                                    + " peer (expected: a TLS transport, or a handshake that also admits peers by OTP's proof)");
        }
    }
}
