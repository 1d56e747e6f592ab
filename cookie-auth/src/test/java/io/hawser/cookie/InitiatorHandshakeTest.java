package io.hawser.cookie;

import static io.hawser.cookie.Fixture.A;
import static io.hawser.cookie.Fixture.B;
import static io.hawser.cookie.Fixture.CHALLENGE_A;
import static io.hawser.cookie.Fixture.CHALLENGE_B;
import static io.hawser.cookie.Fixture.COOKIE;
import static io.hawser.cookie.Fixture.CREATION_B;
import static io.hawser.cookie.Fixture.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hawser.cookie.Fixture.FakeArbiter;
import io.hawser.handshake.DistFlag;
import io.hawser.handshake.Handshake;
import io.hawser.handshake.HandshakeContext;
import io.hawser.handshake.HandshakeException;
import io.hawser.handshake.HandshakeException.Reason;
import io.hawser.handshake.Peer;
import io.hawser.handshake.Step;
import io.hawser.term.NodeName;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InitiatorHandshakeTest {
    private final FakeArbiter arbiter = new FakeArbiter();
    private final Handshake handshake = Fixture.initiator(arbiter);

    @Test
    void startsWithItsName() {
        Handshake fresh = Fixture.handshakes(COOKIE, CHALLENGE_A).initiator(Fixture.contextOfA(arbiter));
        Step step = fresh.start();
        assertThat(step.send()).containsExactly(Fixture.sendName());
        assertThat(step.lastSent()).isFalse();
        assertThat(step.lastReceived()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ok", "ok_simultaneous"})
    void admitsThePeerWhenItsProofIsRight(String status) {
        assertThat(handshake.onPacket(status(status))).isEqualTo(Step.WAIT);
        Step reply = handshake.onPacket(Fixture.challenge());
        assertThat(reply.send()).containsExactly(Fixture.reply());
        assertThat(reply.lastSent())
                .as("what follows the reply has the other framing")
                .isTrue();
        assertThat(reply.lastReceived()).isFalse();
        assertThat(reply.admitted()).isEmpty();

        Step end = handshake.onPacket(Fixture.ack());
        assertThat(end.send()).isEmpty();
        assertThat(end.lastReceived()).isTrue();
        assertThat(end.admitted())
                .contains(new Peer(B, CREATION_B, DistFlag.RECOMMENDED_HIDDEN, "otp"))
                .hasValueSatisfying(peer -> assertThat(peer.isHidden()).isTrue());
    }

    @Test
    void saysThatTheOldConnectionIsStaleWhenThisOneIsStillWanted() {
        assertThat(handshake.onPacket(status("alive")).send()).containsExactly(status("true"));
        assertThat(handshake.onPacket(Fixture.challenge()).send()).containsExactly(Fixture.reply());
    }

    @Test
    void givesUpWhenThePeerIsAliveAndThisConnectionIsNotWanted() {
        arbiter.stillWanted = false;
        HandshakeException refusal = refusal(handshake, status("alive"));
        assertRefused(
                refusal, Reason.SUPERSEDED, "b@x.test: status alive (expected: ok): the connection that is up goes on");
        assertThat(Fixture.farewells(refusal)).containsExactly("sfalse");
    }

    @Test
    void saysWhatARefusingStatusMeans() {
        assertRefused(
                refusal(handshake, status("nok")),
                Reason.SUPERSEDED,
                "b@x.test: status nok (expected: ok): its own connection to us goes on");
        assertRefused(
                refusal(Fixture.initiator(arbiter), status("not_allowed")),
                Reason.NOT_ALLOWED,
                "b@x.test: status not_allowed (expected: ok): it does not allow a@x.test");
    }

    @Test
    void refusesANameItDidNotAskFor() {
        assertRefused(
                refusal(handshake, status("named:\u0000\u0003x@y1234")),
                Reason.PROTOCOL,
                "b@x.test: status named: (expected: ok): we did not ask for a name");
    }

    @Test
    void refusesAnUnknownStatusAndPrintsItEscaped() {
        assertRefused(
                refusal(handshake, status("ok\n\u001b[31m")),
                Reason.PROTOCOL,
                "b@x.test: status 'ok\\u000a\\u001b[31m' (expected: ok)");
    }

    @Test
    void refusesTheChallengeOfAnotherNode() {
        handshake.onPacket(status("ok"));
        var other = new Challenge(DistFlag.RECOMMENDED_HIDDEN, CHALLENGE_B, CREATION_B, "c@x.t\u00e9st");
        assertRefused(
                refusal(handshake, other.encode()),
                Reason.NAME_MISMATCH,
                "b@x.test: challenge of 'c@x.t\\u00e9st' (expected: the node that was dialled)");
    }

    @Test
    void refusesAPeerWithoutTheMandatoryFlags() {
        handshake.onPacket(status("ok"));
        long flags = DistFlag.RECOMMENDED_HIDDEN
                & ~DistFlag.DFLAG_V4_NC.mask()
                & ~DistFlag.DFLAG_BIG_CREATION.mask()
                & ~DistFlag.DFLAG_MANDATORY_25_DIGEST.mask();
        assertRefused(
                refusal(handshake, new Challenge(flags, CHALLENGE_B, CREATION_B, B.toString()).encode()),
                Reason.FLAGS,
                "b@x.test: lacks [DFLAG_BIG_CREATION, DFLAG_V4_NC] (expected: every mandatory flag)");
    }

    @Test
    void takesTheDigestFlagForTheFlagsItStandsFor() {
        handshake.onPacket(status("ok"));
        handshake.onPacket(new Challenge(0x406000000L, CHALLENGE_B, CREATION_B, B.toString()).encode());
        assertThat(handshake.onPacket(Fixture.ack()).admitted())
                .hasValueSatisfying(peer -> assertThat(peer.flags()).isEqualTo(0x407070F94L));
    }

    @Test
    void ignoresBytesBehindAChallenge() {
        handshake.onPacket(status("ok"));
        assertThat(handshake.onPacket(Fixture.longer(Fixture.challenge(), 9)).send())
                .containsExactly(Fixture.reply());
    }

    @Test
    void refusesAProofMadeWithAnotherCookie() {
        handshake.onPacket(status("ok"));
        handshake.onPacket(Fixture.challenge());
        var ack = new ChallengeAck(Digest.of(Fixture.cookie("other").bytes(), CHALLENGE_A));
        HandshakeException refusal = refusal(handshake, ack.encode());
        assertRefused(refusal, Reason.COOKIE, "b@x.test: challenge ack digest does not match the cookie");
        assertThat(refusal.farewell()).isEmpty();
    }

    @Test
    void refusesItsOwnDigest() {
        handshake.onPacket(status("ok"));
        handshake.onPacket(Fixture.challenge());
        var reflected = new ChallengeAck(Digest.of(COOKIE.bytes(), CHALLENGE_B));
        assertRefused(
                refusal(handshake, reflected.encode()),
                Reason.COOKIE,
                "b@x.test: challenge ack holds our own digest (expected: one of our challenge)");
    }

    @Test
    void doesNotAnswerAChallengeThatItGaveOnAnotherConnection() {
        // somebody without the cookie dials A, is given a challenge, and has A answer it when A dials them
        var handshakes = Fixture.handshakes(name -> CookieRing.of(COOKIE), new Challenges(Fixture.counter()));
        var a = new HandshakeContext(
                A, 1, DistFlag.RECOMMENDED_HIDDEN, Optional.of(B), new Fixture.FakePeer(Optional.empty()), arbiter);
        Handshake accepting = handshakes.acceptor(a);
        accepting.start();
        var name = new SendName(false, DistFlag.RECOMMENDED_HIDDEN, 1, B.toString());
        var challenge =
                Challenge.decode(accepting.onPacket(name.encode()).send().get(1));

        Handshake dialling = handshakes.initiator(a);
        dialling.start();
        dialling.onPacket(status("ok"));
        var reflected = new Challenge(DistFlag.RECOMMENDED_HIDDEN, challenge.challenge(), 1, B.toString());
        assertRefused(
                refusal(dialling, reflected.encode()),
                Reason.COOKIE,
                "b@x.test: challenge is one of our own (expected: a new one)");
    }

    @Test
    void refusesMessagesThatAreShortLongOrOutOfTurn() {
        assertRefused(
                refusal(handshake, ByteBuffer.allocate(0)),
                Reason.PROTOCOL,
                "status: tag of 1 bytes at offset 0, 0 bytes remain");
        assertRefused(
                refusal(Fixture.initiator(arbiter), Fixture.challenge()),
                Reason.PROTOCOL,
                "status: tag 78 (expected: 115)");
        Handshake awaitsAck = Fixture.initiator(arbiter);
        awaitsAck.onPacket(status("ok"));
        awaitsAck.onPacket(Fixture.challenge());
        assertRefused(
                refusal(awaitsAck, Fixture.longer(Fixture.ack(), 2)),
                Reason.PROTOCOL,
                "challenge ack: 2 bytes left over (expected: none)");
        assertRefused(
                refusal(awaitsAck, Fixture.ack()),
                Reason.PROTOCOL,
                "b@x.test: packet of 17 bytes after the handshake (expected: none)");
    }

    @Test
    void sendsNothingToAPeerWhoseCertificateMayNotCarryTheName() {
        var context = Fixture.refused(Fixture.contextOfA(arbiter), "certificate names c@x.test");
        Handshake fresh = Fixture.handshakes(COOKIE, CHALLENGE_A).initiator(context);
        var refusal = catchThrowableOfType(HandshakeException.class, fresh::start);
        assertRefused(refusal, Reason.NAME_MISMATCH, "b@x.test: certificate names c@x.test");
        assertThat(refusal.farewell()).isEmpty();
    }

    @Test
    void dialsNeitherItselfNorANameOfTheOtherForm() {
        assertRefused(
                catchThrowableOfType(HandshakeException.class, dialling(A)::start),
                Reason.NAME_MISMATCH,
                "a@x.test: dialled by itself (expected: another node)");
        assertRefused(
                catchThrowableOfType(HandshakeException.class, dialling(NodeName.parse("b@x"))::start),
                Reason.NAME_MISMATCH,
                "b@x: long-named node a@x.test dials short-named b@x"
                        + " (expected: both started with -name, or both with -sname)");
    }

    private Handshake dialling(NodeName name) {
        var context = Fixture.contextOfA(arbiter);
        return Fixture.handshakes(COOKIE, CHALLENGE_A)
                .initiator(new HandshakeContext(
                        A, context.creation(), context.flags(), Optional.of(name), context.peer(), arbiter));
    }

    @Test
    void refusesAPeerThatHasNoCookie() {
        Function<NodeName, CookieRing> none = Map.<NodeName, CookieRing>of()::get;
        Handshake fresh = Fixture.handshakes(none, Challenges.random()).initiator(Fixture.contextOfA(arbiter));
        fresh.start();
        fresh.onPacket(status("ok"));
        assertRefused(
                refusal(fresh, Fixture.challenge()),
                Reason.COOKIE,
                "b@x.test: no cookie for this node (expected: one)");
    }

    @Test
    void saysWhatACloseMeans() {
        assertRefused(
                handshake.onClosed(),
                Reason.PROTOCOL,
                "b@x.test: closed after our name (expected: a status): it cannot read the name, expects TLS, is"
                        + " replacing an older connection to us, or is no node");
        handshake.onPacket(status("ok"));
        assertRefused(
                handshake.onClosed(),
                Reason.SUPERSEDED,
                "b@x.test: closed after its status (expected: its challenge): another connection goes on, most likely");
        handshake.onPacket(Fixture.challenge());
        assertRefused(
                handshake.onClosed(),
                Reason.COOKIE,
                "b@x.test: closed after our challenge reply (expected: its ack): the cookies differ, most likely");
        handshake.onPacket(Fixture.ack());
        assertRefused(handshake.onClosed(), Reason.PROTOCOL, "b@x.test: closed after the handshake");
    }

    @Test
    void isStartedOnceAndForADialledName() {
        assertThatIllegalStateException().isThrownBy(handshake::start).withMessage("b@x.test: handshake started twice");
        Handshake fresh = Fixture.handshakes(COOKIE, CHALLENGE_A).initiator(Fixture.contextOfA(arbiter));
        assertThat(fresh.onClosed()).hasMessage("b@x.test: closed before the handshake");
        assertThatIllegalStateException()
                .isThrownBy(() -> fresh.onPacket(status("ok")))
                .withMessage("b@x.test: packet before the handshake was started");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CookieHandshakes.otp(COOKIE).initiator(Fixture.contextOfB(arbiter)))
                .withMessage("initiator: no name was dialled (expected: one)");
    }

    private static HandshakeException refusal(Handshake handshake, ByteBuffer packet) {
        return catchThrowableOfType(HandshakeException.class, () -> handshake.onPacket(packet));
    }

    private static void assertRefused(HandshakeException refusal, Reason reason, String message) {
        assertThat(refusal).hasMessage(message);
        assertThat(refusal.reason()).isEqualTo(reason);
    }
}
