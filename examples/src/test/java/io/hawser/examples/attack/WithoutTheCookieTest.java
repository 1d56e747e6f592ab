package io.hawser.examples.attack;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.cookie.Cookie;
import io.hawser.cookie.CookieHandshakes;
import io.hawser.examples.attack.Mint.Coin;
import io.hawser.term.NodeName;
import io.hawser.tls.TlsEngine;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Somebody with a valid certificate for {@code c}, and its name, who does not know the cookie: has nodes prove it to each
 * other, or to themselves.
 */
@ParameterizedClass
@EnumSource(names = {"BORINGSSL", "JDK"})
class WithoutTheCookieTest {
    private static final String STRONG = "hawser-strong-1";
    private static final NodeName A = NodeName.parse("a@a.orga.test");
    private static final NodeName B = NodeName.parse("b@b.orga.test");
    private static final NodeName C = NodeName.parse("c@c.orga.test");
    private static final Mint MINT = Mint.root("Orga Root");
    private static final Coin OF_C = MINT.honest(C.toString());

    @TempDir
    private static Path directory;

    private final TlsEngine engine;

    private Victim a;

    WithoutTheCookieTest(TlsEngine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void start() {
        a = Victim.start(MINT.identity(directory, A.toString()), engine);
    }

    @AfterEach
    void stop() {
        a.close();
    }

    private static byte[] hear(Impostor impostor) {
        return impostor.hear().orElseThrow(() -> new AssertionError("closed"));
    }

    private static void expectOk(Impostor impostor) {
        assertThat(new String(hear(impostor), ISO_8859_1)).isEqualTo("sok");
    }

    @Test
    void aNodeDoesNotAnswerItsOwnChallenge() throws Exception {
        try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                var dialling = Impostor.dial(a.address(), OF_C)) {
            dialling.say(Packets.sendName(C.toString()));
            expectOk(dialling);
            int challenge = Packets.numberIn(hear(dialling));

            a.believes(C, (InetSocketAddress) server.getLocalSocketAddress());
            var connecting = a.node().connect(C).toCompletableFuture();
            try (var listening = Impostor.over(server.accept(), Impostor.context(OF_C), false)) {
                assertThat(hear(listening)).startsWith('N');
                listening.say(Packets.status("ok"));
                listening.say(Packets.challenge(C.toString(), challenge));
                assertThat(listening.hear()).as("an answer to give back").isEmpty();
            }
            assertThatThrownBy(connecting::join).hasMessageContaining("challenge is one of our own");
        }
        assertThat(a.node().connections()).isEmpty();
    }

    @Test
    void aNodesOwnDigestIsNoAck() throws Exception {
        try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            a.believes(C, (InetSocketAddress) server.getLocalSocketAddress());
            var connecting = a.node().connect(C).toCompletableFuture();
            try (var listening = Impostor.over(server.accept(), Impostor.context(OF_C), false)) {
                hear(listening);
                listening.say(Packets.status("ok"));
                listening.say(Packets.challenge(C.toString(), 1));
                listening.say(Packets.ack(Packets.digestIn(hear(listening))));
                assertThat(listening.hear()).isEmpty();
            }
            assertThatThrownBy(connecting::join).hasMessageContaining("our own digest");
        }
    }

    @Test
    void aNodesOwnStrongProofIsNoAck() throws Exception {
        try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            a.believes(C, (InetSocketAddress) server.getLocalSocketAddress());
            var connecting = a.node().connect(C).toCompletableFuture();
            try (var listening = Impostor.over(server.accept(), Impostor.context(OF_C), false, STRONG)) {
                hear(listening);
                listening.say(Packets.status("ok"));
                listening.say(strongChallenge(C.toString()));
                byte[] reply = hear(listening); // 'R', nonce 32, proof 32
                byte[] ack = Arrays.copyOfRange(reply, 32, 65);
                ack[0] = 'A';
                listening.say(ack);
                assertThat(listening.hear()).isEmpty();
            }
            assertThatThrownBy(connecting::join).hasMessageContaining("strong ack does not prove the cookie");
        }
    }

    // 'C', flags u64, creation u32, nonce 32, name length u16, name: as OTP's challenge, with a longer number elsewhere
    private static byte[] strongChallenge(String name) {
        byte[] otp = Packets.challenge(name, 0);
        return ByteBuffer.allocate(otp.length + 28)
                .put((byte) 'C')
                .put(otp, 1, 8)
                .put(otp, 13, 4)
                .put(new byte[32])
                .put(otp, 17, otp.length - 17)
                .array();
    }

    /** The attacker is dialled by one node, as it may be, and hands the questions of another to it. */
    @Test
    void aStrongProofGivenToWhoWasDialledOpensNoOtherNode() throws Exception {
        try (var b = Victim.start(MINT.identity(directory, B.toString()), engine);
                var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                var toB = Impostor.dial(b.address(), OF_C, STRONG)) {
            toB.say(Packets.sendName(C.toString()));
            expectOk(toB);
            byte[] challengeOfB = hear(toB);
            // B's flags, creation and nonce, with the name that A wants to hear; both names are equally long
            byte[] asC = challengeOfB.clone();
            System.arraycopy(C.toString().getBytes(ISO_8859_1), 0, asC, asC.length - 13, 13);

            a.believes(C, (InetSocketAddress) server.getLocalSocketAddress());
            var connecting = a.node().connect(C).toCompletableFuture();
            try (var fromA = Impostor.over(server.accept(), Impostor.context(OF_C), false, STRONG)) {
                hear(fromA);
                fromA.say(Packets.status("ok"));
                fromA.say(asC);
                toB.say(hear(fromA));
                assertThat(toB.hear()).isEmpty();
            }
            assertThatThrownBy(connecting::join).isNotNull();
            assertThat(b.ending()).contains("c@c.orga.test: strong reply proves none of our cookies");
            assertThat(b.node().connections()).isEmpty();
        }
    }

    /** What is not promised: OTP's digest says neither who gave it nor to whom. */
    @Test
    void otpsDigestGivenToWhoWasDialledOpensANodeThatTakesOtpsProof() throws Exception {
        try (var b = Victim.start(MINT.identity(directory, B.toString()), engine);
                var strict = Victim.start(
                        MINT.identity(directory, "s@s.orga.test"), engine, CookieHandshakes.strong(cookie()));
                var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                var toB = Impostor.dial(b.address(), OF_C)) {
            toB.say(Packets.sendName(C.toString()));
            expectOk(toB);
            int challenge = Packets.numberIn(hear(toB));

            a.believes(C, (InetSocketAddress) server.getLocalSocketAddress());
            var connecting = a.node().connect(C).toCompletableFuture();
            try (var fromA = Impostor.over(server.accept(), Impostor.context(OF_C), false)) {
                hear(fromA);
                fromA.say(Packets.status("ok"));
                fromA.say(Packets.challenge(C.toString(), challenge));
                toB.say(Packets.reply(9, Packets.digestIn(hear(fromA))));
                assertThat(hear(toB)).startsWith('a');
            }
            assertThatThrownBy(connecting::join).isNotNull();
            try (var toStrict = Impostor.dial(strict.address(), OF_C)) {
                toStrict.say(Packets.sendName(C.toString()));
                assertThat(new String(hear(toStrict), ISO_8859_1)).isEqualTo("snot_allowed");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aConversationThatWasRecordedAdmitsNobody(boolean strong) throws Exception {
        String[] protocols = strong ? new String[] {STRONG} : new String[0];
        var handshakes = CookieHandshakes.auto(cookie());
        List<byte[]> recorded;
        try (var honest = Impostor.dial(a.address(), OF_C, protocols)) {
            Proving proving = Proving.initiator(honest, handshakes, C.toString(), A.toString());
            assertThat(proving.isAdmitted()).isTrue();
            recorded = proving.said();
        }
        a.ending();
        try (var again = Impostor.dial(a.address(), OF_C, protocols)) {
            recorded.forEach(again::trySay);
            expectOk(again);
            assertThat(hear(again)).startsWith(strong ? 'C' : 'N');
            assertThat(again.hear()).isEmpty();
        }
        assertThat(a.ending())
                .contains(strong ? "strong reply proves none of our cookies" : "digest does not match the cookie");
        assertThat(a.node().connections()).isEmpty();
    }

    private static Cookie cookie() {
        return Cookie.of(Victim.COOKIE);
    }
}
