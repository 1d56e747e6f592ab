package io.hawser.examples.attack;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.examples.attack.Mint.Coin;
import io.hawser.term.NodeName;
import io.hawser.testing.Await;
import io.hawser.tls.TlsEngine;
import io.hawser.transport.TransportException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Somebody who holds a valid certificate, knows the cookie, and wants to be another node than the one it is for. */
@ParameterizedClass
@EnumSource(names = {"BORINGSSL", "JDK"})
class BorrowedCertificateTest {
    private static final NodeName A = NodeName.parse("a@a.orga.test");
    private static final NodeName B = NodeName.parse("b@b.orga.test");
    private static final String C = "c@c.orga.test";
    private static final Mint MINT = Mint.root("Orga Root");
    private static final Coin OF_C = MINT.honest(C);

    @TempDir
    private static Path directory;

    private final TlsEngine engine;

    private Victim a;
    private Victim b;

    BorrowedCertificateTest(TlsEngine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void start() {
        a = Victim.start(MINT.identity(directory, A.toString()), engine);
        b = Victim.start(MINT.identity(directory, B.toString()), engine);
    }

    @AfterEach
    void stop() {
        a.close();
        b.close();
    }

    @Test
    void theCertificateOfOneNodeDoesNotClaimTheNameOfAnother() throws Exception {
        try (var impostor = Impostor.dial(a.address(), OF_C)) {
            impostor.say(Packets.sendName(B.toString()));
            assertThat(new String(impostor.hear().orElseThrow(), ISO_8859_1)).isEqualTo("snot_allowed");
            assertThat(impostor.hear()).isEmpty();
        }
        assertThat(a.ending())
                .isEqualTo("NAME_MISMATCH b@b.orga.test: the peer's certificate is for c@c.orga.test (expected:"
                        + " spiffe://orga.test/node/b.orga.test/b)");
        assertThat(a.node().connections()).isEmpty();
    }

    @Test
    void whoClaimsTheNameOfAConnectedNodeDoesNotThrowItOut() throws Exception {
        a.believes(B, b.address());
        assertThat(a.node().ping(B, Victim.SOON)).isTrue();
        long messages = a.node().connections().get(0).messagesOut();
        for (int i = 0; i < 5; i++) {
            try (var impostor = Impostor.dial(a.address(), OF_C)) {
                impostor.say(Packets.sendName(B.toString()));
                assertThat(new String(impostor.hear().orElseThrow(), ISO_8859_1))
                        .isEqualTo("snot_allowed");
            }
        }
        assertThat(a.node().ping(B, Victim.SOON)).isTrue();
        assertThat(a.node().connections()).singleElement().satisfies(connection -> {
            assertThat(connection.node()).isEqualTo(B);
            assertThat(connection.messagesOut()).as("of the same connection").isGreaterThan(messages);
        });
    }

    @Test
    void aNodeThatSquatsTheNameOfAnotherIsToldNothing() throws Exception {
        try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            a.believes(B, (InetSocketAddress) server.getLocalSocketAddress());
            var connecting = a.node().connect(B).toCompletableFuture();
            assertThat(Impostor.heardAsListener(server, OF_C, 1)).isEmpty();
            assertThatThrownBy(connecting::join)
                    .hasCauseInstanceOf(TransportException.class)
                    .hasMessageContaining("the peer's certificate is for c@c.orga.test");
        }
        a.believes(B, b.address());
        Await.until(Victim.SOON, "the right one is found again", () -> a.node().ping(B, Victim.SOON));
    }

    /** Even the victim's own certificate, stolen, does not connect a node to itself. */
    @Test
    void aNodeDoesNotConnectToWhoeverHasItsOwnName() throws Exception {
        Coin stolen = MINT.honest(A.toString());
        try (var impostor = Impostor.dial(a.address(), stolen)) {
            impostor.say(Packets.sendName(A.toString()));
            assertThat(impostor.hear().map(packet -> new String(packet, ISO_8859_1)))
                    .isEqualTo(Optional.of("snok"));
            assertThat(impostor.hear()).isEmpty();
        }
        assertThat(a.node().connections()).isEmpty();
    }
}
