package io.hawser.cookie;

import static io.hawser.cookie.Fixture.A;
import static io.hawser.cookie.Fixture.B;
import static io.hawser.cookie.Fixture.BINDING_OF_A;
import static io.hawser.cookie.Fixture.BINDING_OF_B;
import static io.hawser.cookie.Fixture.CERTIFICATE_A;
import static io.hawser.cookie.Fixture.CERTIFICATE_B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hawser.handshake.DistFlag;
import io.hawser.handshake.Handshake;
import io.hawser.handshake.HandshakeContext;
import io.hawser.handshake.HandshakeException;
import io.hawser.handshake.HandshakeException.Reason;
import io.hawser.term.NodeName;
import io.hawser.transport.ChannelBinding;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An attacker without the cookie, who may hold a valid certificate and stand wherever he likes. */
class StrongAttackTest {
    private static final byte[] CERTIFICATE_M = Fixture.ascii("the certificate of somebody in the middle");
    private static final UnaryOperator<byte[]> UNTOUCHED = UnaryOperator.identity();

    private final CookieHandshakes ofA = CookieHandshakes.strong(Fixture.COOKIE);
    private final CookieHandshakes ofB = CookieHandshakes.strong(Fixture.COOKIE);

    private static ChannelBinding shown(byte[] own, byte[] peer) {
        return ChannelBinding.of(StrongSession.PROTOCOL, own, peer);
    }

    private Handshake initiatorA(ChannelBinding binding) {
        return ofA.initiator(Fixture.dialling(A, Fixture.bound(binding)));
    }

    private Handshake acceptorB(ChannelBinding binding) {
        return ofB.acceptor(Fixture.accepting(Fixture.bound(binding)));
    }

    private Conversation honest() {
        return new Conversation(initiatorA(BINDING_OF_A), acceptorB(BINDING_OF_B));
    }

    @Test
    void nothingIsRefusedWhenNobodyIsBetween() {
        var conversation = honest();
        assertThat(conversation.bothAdmit()).isTrue();
        assertThat(conversation.initiator.admitted.orElseThrow().proof()).isEqualTo("strong");
        assertThat(conversation.initiator.sent).hasSize(2);
        assertThat(conversation.acceptor.sent).hasSize(3);
    }

    @Test
    void aRelayWithACertificateOfItsOwnIsRefusedByTheAcceptor() {
        var relayed = new Conversation(
                initiatorA(shown(CERTIFICATE_A, CERTIFICATE_M)), acceptorB(shown(CERTIFICATE_B, CERTIFICATE_M)));
        assertRefused(
                relayed.acceptor.refusal.orElseThrow(),
                "a@x.test: strong reply proves none of our cookies on this connection");
        assertThat(relayed.initiator.admitted).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void oneCertificateThatIsNotTheOneShownIsEnough(boolean initiators) {
        var relayed = initiators
                ? new Conversation(initiatorA(shown(CERTIFICATE_M, CERTIFICATE_B)), acceptorB(BINDING_OF_B))
                : new Conversation(initiatorA(BINDING_OF_A), acceptorB(shown(CERTIFICATE_M, CERTIFICATE_A)));
        assertThat(relayed.acceptor.refusal).isPresent();
        assertThat(relayed.initiator.admitted).isEmpty();
    }

    @Test
    void aRecordedInitiatorIsRefused() {
        Iterator<byte[]> recorded = honest().initiator.sent.iterator();
        Handshake again = acceptorB(BINDING_OF_B);
        again.start();
        again.onPacket(ByteBuffer.wrap(recorded.next()));
        assertRefused(
                refusal(again, recorded.next()),
                "a@x.test: strong reply proves none of our cookies on this connection");
    }

    @Test
    void aRecordedAcceptorIsRefused() {
        List<byte[]> recorded = honest().acceptor.sent;
        Handshake again = initiatorA(BINDING_OF_A);
        again.start();
        again.onPacket(ByteBuffer.wrap(recorded.get(0)));
        again.onPacket(ByteBuffer.wrap(recorded.get(1)));
        assertRefused(
                refusal(again, recorded.get(2)), "b@x.test: strong ack does not prove the cookie on this connection");
    }

    @Test
    void theInitiatorsOwnProofIsNoAck() {
        Handshake initiator = initiatorA(BINDING_OF_A);
        initiator.start();
        initiator.onPacket(Fixture.status("ok"));
        ByteBuffer reply = initiator.onPacket(Fixture.strongChallenge()).send().get(0);
        byte[] proof = StrongReply.decode(reply).proof();
        assertRefused(
                refusal(initiator, Fixture.bytes(new StrongAck(proof).encode())),
                "b@x.test: strong ack does not prove the cookie on this connection");
    }

    @Test
    void theAcceptorsOwnNonceIsRefused() {
        Handshake acceptor = acceptorB(BINDING_OF_B);
        acceptor.start();
        ByteBuffer challenge = acceptor.onPacket(Fixture.sendName()).send().get(1);
        byte[] nonce = StrongChallenge.decode(challenge).nonce();
        assertRefused(
                refusal(acceptor, Fixture.bytes(new StrongReply(nonce, new byte[32]).encode())),
                "a@x.test: nonce is our own (expected: a new one)");
    }

    /** Somebody who shows A's certificate and is dialled by B has B prove, to pass it to B as A's proof. */
    @Test
    void aProofGivenInOneRoleIsNoneInTheOther() {
        Handshake dialled = acceptorB(BINDING_OF_B);
        dialled.start();
        ByteBuffer challenge = dialled.onPacket(Fixture.sendName()).send().get(1);
        byte[] nonce = StrongChallenge.decode(challenge).nonce();

        Handshake dialling = ofB.initiator(dialledByB());
        dialling.start();
        dialling.onPacket(Fixture.status("ok"));
        var pretended = new Introduction(A.toString(), Fixture.CREATION_A, DistFlag.RECOMMENDED_VISIBLE);
        ByteBuffer reply = dialling.onPacket(new StrongChallenge(pretended, nonce).encode())
                .send()
                .get(0);
        assertRefused(
                refusal(dialled, Fixture.bytes(reply)),
                "a@x.test: strong reply proves none of our cookies on this connection");
    }

    private static HandshakeContext dialledByB() {
        var context = Fixture.accepting(Fixture.bound(BINDING_OF_B));
        return new HandshakeContext(
                B, context.creation(), context.flags(), Optional.of(A), context.peer(), context.arbiter());
    }

    /** What the initiator says of itself, what it drew, and what the acceptor says. */
    @ParameterizedTest
    @ValueSource(strings = {"flags", "creation", "name", "nonce", "proof"})
    void whatTheInitiatorSaysCannotBeChanged(String field) {
        UnaryOperator<byte[]> change = packet -> {
            boolean name = packet[0] == 'N';
            int at = switch (field) {
                case "flags" -> name ? 8 : -1; // the lowest byte of 1..8: DFLAG_PUBLISHED is no mandatory one
                case "creation" -> name ? 12 : -1;
                case "name" -> name ? 15 : -1;
                case "nonce" -> name ? -1 : 1;
                default -> name ? -1 : packet.length - 1;
            };
            if (at >= 0) {
                packet[at] ^= 2;
            }
            return packet;
        };
        var tampered = new Conversation(initiatorA(BINDING_OF_A), acceptorB(BINDING_OF_B), change, UNTOUCHED);
        assertThat(tampered.acceptor.refusalText()).contains("@x.test: strong reply proves none of our cookies");
        assertThat(tampered.initiator.admitted).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"flags", "creation", "nonce", "name", "proof"})
    void whatTheAcceptorSaysCannotBeChanged(String field) {
        UnaryOperator<byte[]> change = packet -> {
            int at = switch (field) {
                case "flags" -> packet[0] == 'C' ? 8 : -1;
                case "creation" -> packet[0] == 'C' ? 12 : -1;
                case "nonce" -> packet[0] == 'C' ? 13 : -1;
                case "name" -> packet[0] == 'C' ? packet.length - 1 : -1;
                default -> packet[0] == 'A' ? 32 : -1;
            };
            if (at >= 0) {
                packet[at] ^= 2;
            }
            return packet;
        };
        var tampered = new Conversation(initiatorA(BINDING_OF_A), acceptorB(BINDING_OF_B), UNTOUCHED, change);
        assertThat(tampered.initiator.admitted).isEmpty();
        switch (field) {
            case "name" ->
                assertThat(tampered.initiator.refusalText()).contains("(expected: the node that was dialled)");
            case "proof" -> assertThat(tampered.initiator.refusalText()).contains("strong ack does not prove");
            default -> assertThat(tampered.acceptor.refusalText()).contains("strong reply proves none of our cookies");
        }
    }

    @Test
    void otpsProofIsNotTakenForTheStrongOne() {
        Handshake acceptor = acceptorB(BINDING_OF_B);
        acceptor.start();
        acceptor.onPacket(Fixture.sendName());
        assertThat(refusal(acceptor, Fixture.bytes(Fixture.reply())))
                .hasMessage("strong reply: tag 114 (expected: 82)");
        Handshake initiator = initiatorA(BINDING_OF_A);
        initiator.start();
        initiator.onPacket(Fixture.status("ok"));
        assertThat(refusal(initiator, Fixture.bytes(Fixture.challenge())))
                .hasMessage("strong challenge: tag 78 (expected: 67)");
        Handshake old = acceptorB(BINDING_OF_B);
        old.start();
        assertThat(refusal(old, Fixture.bytes(Fixture.oldSendName())))
                .hasMessage("127.0.0.1:40000: old send_name (expected: the new form, with the proof agreed on)");
    }

    @Test
    void theLongestNamesFitIntoAPacket() {
        String longest = "b@" + "x".repeat(248) + ".test";
        assertThat(NodeName.parse(longest)).hasToString(longest);
        var challenge = new StrongChallenge(new Introduction(longest, 1, 1), new byte[32]).encode();
        assertThat(challenge.remaining()).isEqualTo(302);
    }

    private static HandshakeException refusal(Handshake handshake, byte[] packet) {
        return catchThrowableOfType(HandshakeException.class, () -> handshake.onPacket(ByteBuffer.wrap(packet)));
    }

    private static void assertRefused(HandshakeException refusal, String message) {
        assertThat(refusal).hasMessage(message);
        assertThat(refusal.reason()).isEqualTo(Reason.COOKIE);
        assertThat(refusal.farewell()).isEmpty();
    }
}
