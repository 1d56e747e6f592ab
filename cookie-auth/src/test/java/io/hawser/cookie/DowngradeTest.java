package io.hawser.cookie;

import static io.hawser.cookie.Fixture.A;
import static io.hawser.cookie.Fixture.B;
import static io.hawser.cookie.Fixture.BINDING_OF_A;
import static io.hawser.cookie.Fixture.BINDING_OF_B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hawser.handshake.Handshake;
import io.hawser.handshake.HandshakeException;
import io.hawser.handshake.HandshakeException.Reason;
import io.hawser.handshake.Peer;
import io.hawser.term.NodeName;
import io.hawser.transport.ChannelBinding;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which proof a connection gets, and that nobody can have a weaker one than before. */
class DowngradeTest {
    private static final String GONE =
            " no longer speaks hawser-strong-1, by which it was admitted before (expected: it"
                    + " still does): another node shows its name, or it was replaced, which CookieHandshakes.forgetStrong allows";

    private final CookieHandshakes ofA = CookieHandshakes.auto(Fixture.COOKIE);
    private final CookieHandshakes ofB = CookieHandshakes.auto(Fixture.COOKIE);

    private static Handshake dial(CookieHandshakes by, NodeName self, @Nullable ChannelBinding binding) {
        return by.initiator(Fixture.dialling(self, Fixture.bound(binding)));
    }

    private static Handshake accept(CookieHandshakes by, @Nullable ChannelBinding binding) {
        return by.acceptor(Fixture.accepting(Fixture.bound(binding)));
    }

    private Conversation strong() {
        return new Conversation(dial(ofA, A, BINDING_OF_A), accept(ofB, BINDING_OF_B));
    }

    private Conversation withoutProtocol() {
        return new Conversation(dial(ofA, A, null), accept(ofB, null));
    }

    private static Optional<String> proof(Conversation conversation) {
        assertThat(conversation.initiator.admitted.map(Peer::proof))
                .isEqualTo(conversation.acceptor.admitted.map(Peer::proof));
        return conversation.initiator.admitted.map(Peer::proof);
    }

    @Test
    void usesTheStrongProofWhereItWasAgreedOnAndOtpsOtherwise() {
        assertThat(proof(withoutProtocol())).contains("otp");
        assertThat(proof(strong())).contains("strong");
        assertThat(ofA.protocols()).containsExactly("hawser-strong-1");
        assertThat(ofA.requiresProtocol()).isFalse();
    }

    @Test
    void usesOtpsProofWhenAProtocolOfSomebodyElseWasAgreedOn() {
        var other = ChannelBinding.of("hawser-strong-9", Fixture.CERTIFICATE_A, Fixture.CERTIFICATE_B);
        assertThat(proof(new Conversation(dial(ofA, A, other), accept(ofB, other))))
                .contains("otp");
    }

    @Test
    void aDiallerSaysNothingToAPeerThatWasStrongBefore() {
        strong();
        var refused = dial(ofA, A, null);
        var refusal = catchThrowableOfType(HandshakeException.class, refused::start);
        assertThat(refusal).hasMessage("b@x.test:" + GONE);
        assertThat(refusal.reason()).isEqualTo(Reason.NOT_ALLOWED);
        assertThat(refusal.farewell()).isEmpty();
    }

    @Test
    void anAcceptorRefusesAPeerThatWasStrongBefore() {
        strong();
        var impostor = new Conversation(dial(CookieHandshakes.otp(Fixture.COOKIE), A, null), accept(ofB, null));
        assertThat(impostor.acceptor.refusalText()).isEqualTo("127.0.0.1:40000: a@x.test:" + GONE);
        assertThat(Fixture.farewells(impostor.acceptor.refusal.orElseThrow())).containsExactly("snot_allowed");
    }

    @Test
    void othersAreNotAffected() {
        strong();
        var other = NodeName.parse("c@x.test");
        var conversation = new Conversation(dial(CookieHandshakes.otp(Fixture.COOKIE), other, null), accept(ofB, null));
        assertThat(proof(conversation)).contains("otp");
    }

    @Test
    void aPeerThatFailedIsNotRememberedAsStrong() {
        var stranger = CookieHandshakes.auto(Fixture.cookie("stranger"));
        assertThat(new Conversation(dial(stranger, A, BINDING_OF_A), accept(ofB, BINDING_OF_B)).bothAdmit())
                .isFalse();
        assertThat(ofB.strongPeers()).isEmpty();
        assertThat(stranger.strongPeers()).isEmpty();
    }

    @Test
    void anOperatorCanForgetAPeer() {
        strong();
        assertThat(ofB.strongPeers()).containsExactly(A);
        assertThat(ofA.strongPeers()).containsExactly(B);
        assertThat(ofB.forgetStrong(A)).isTrue();
        assertThat(ofB.forgetStrong(A)).isFalse();
        assertThat(ofA.forgetStrong(B)).isTrue();
        assertThat(proof(withoutProtocol())).contains("otp");
    }

    @Test
    void strongAloneRefusesPeersThatDoNotSpeakIt() {
        var strict = CookieHandshakes.strong(Fixture.COOKIE);
        assertThat(strict.requiresProtocol()).isTrue();
        String sentence =
                " does not speak hawser-strong-1 (expected: it does): it is an Erlang node, or set to OTP's proof"
                        + " alone";
        var accepted = new Conversation(dial(ofA, A, null), accept(strict, null));
        assertThat(accepted.acceptor.refusalText()).isEqualTo("127.0.0.1:40000: a@x.test:" + sentence);
        assertThat(accepted.initiator.admitted).isEmpty();
        var dialled = catchThrowableOfType(HandshakeException.class, dial(strict, A, null)::start);
        assertThat(dialled).hasMessage("b@x.test:" + sentence);
    }

    @Test
    void otpAloneSpeaksNothingElse() {
        var plain = CookieHandshakes.otp(Fixture.COOKIE);
        assertThat(plain.protocols()).isEmpty();
        assertThat(proof(new Conversation(dial(plain, A, null), accept(ofB, null))))
                .contains("otp");
    }

    @Test
    void forgetsTheOneAdmittedLongestAgoWhenThereAreTooMany() {
        var peers = new StrongPeers(2);
        var c = NodeName.parse("c@x.test");
        peers.add(A, B);
        peers.add(A, c);
        peers.add(A, B);
        peers.add(B, c);
        assertThat(peers.contains(A, B)).isTrue();
        assertThat(peers.contains(B, c)).isTrue();
        assertThat(peers.contains(A, c)).isFalse();
        assertThat(peers.names()).isEqualTo(List.of(B, c));
    }
}
