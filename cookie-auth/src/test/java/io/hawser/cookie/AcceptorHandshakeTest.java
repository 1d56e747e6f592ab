package io.hawser.cookie;

import static io.hawser.cookie.Fixture.A;
import static io.hawser.cookie.Fixture.B;
import static io.hawser.cookie.Fixture.CHALLENGE_A;
import static io.hawser.cookie.Fixture.CHALLENGE_B;
import static io.hawser.cookie.Fixture.COOKIE;
import static io.hawser.cookie.Fixture.CREATION_A;
import static io.hawser.cookie.Fixture.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hawser.cookie.Fixture.FakeArbiter;
import io.hawser.handshake.ConnectionArbiter.Verdict;
import io.hawser.handshake.DistFlag;
import io.hawser.handshake.Handshake;
import io.hawser.handshake.HandshakeException;
import io.hawser.handshake.HandshakeException.Reason;
import io.hawser.handshake.Peer;
import io.hawser.handshake.Step;
import io.hawser.term.NodeName;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptorHandshakeTest {
    private final FakeArbiter arbiter = new FakeArbiter();
    private final Handshake handshake = Fixture.acceptor(arbiter);

    @ParameterizedTest
    @CsvSource({"OK,ok", "OK_SIMULTANEOUS,ok_simultaneous"})
    void admitsThePeerWhenItsProofIsRight(Verdict verdict, String status) {
        arbiter.verdict = verdict;
        Step named = handshake.onPacket(Fixture.sendName());
        assertThat(named.send()).containsExactly(status(status), Fixture.challenge());
        assertThat(named.lastSent()).isFalse();
        assertThat(named.lastReceived()).isFalse();
        assertThat(arbiter.claims).containsExactly(A);

        Step end = handshake.onPacket(Fixture.reply());
        assertThat(end.send()).containsExactly(Fixture.ack());
        assertThat(end.lastSent()).isTrue();
        assertThat(end.lastReceived()).isTrue();
        assertThat(end.admitted()).contains(new Peer(A, CREATION_A, DistFlag.RECOMMENDED_HIDDEN, "otp"));
    }

    @Test
    void takesTheOldFormOfAName() {
        assertThat(handshake.onPacket(Fixture.oldSendName()).send()).containsExactly(status("ok"), Fixture.challenge());
        assertThat(handshake.onPacket(Fixture.complement())).isEqualTo(Step.WAIT);
        assertThat(handshake.onPacket(Fixture.reply()).admitted())
                .contains(new Peer(A, CREATION_A, DistFlag.RECOMMENDED_HIDDEN, "otp"));
    }

    @Test
    void refusesAComplementWithoutTheMandatoryHighFlags() {
        handshake.onPacket(Fixture.oldSendName());
        HandshakeException refusal = refusal(handshake, new Complement(0, 1).encode());
        assertRefused(refusal, Reason.FLAGS, "a@x.test: lacks [DFLAG_V4_NC] (expected: every mandatory flag)");
    }

    @Test
    void refusesToGiveANameToOneThatHasOne() {
        handshake.onPacket(Fixture.oldSendName());
        assertRefused(
                refusal(handshake, new Complement(DistFlag.DFLAG_NAME_ME.mask() >>> 32, 1).encode()),
                Reason.NAME_MISMATCH,
                "a@x.test: asks for a name after it gave one (expected: flags without NAME_ME)");
    }

    @Test
    void refusesToGiveAName() {
        var dynamic = new SendName(false, 0xF07DF7FBCL, 0, "x.test");
        assertRefused(
                refusal(handshake, dynamic.encode()),
                Reason.NAME_MISMATCH,
                "127.0.0.1:40000: asks for a name (expected: a name of its own): we give none",
                "snot_allowed");
        assertThat(arbiter.claims).isEmpty();
    }

    @Test
    void refusesAPeerWithoutTheMandatoryFlags() {
        long flags = DistFlag.MANDATORY & ~DistFlag.DFLAG_HANDSHAKE_23.mask();
        assertRefused(
                refusal(handshake, new SendName(false, flags, 1, A.toString()).encode()),
                Reason.FLAGS,
                "127.0.0.1:40000: a@x.test: lacks [DFLAG_HANDSHAKE_23] (expected: every mandatory flag)",
                "snot_allowed");
        assertRefused(
                refusal(Fixture.acceptor(arbiter), new SendName(true, flags, 1, A.toString()).encode()),
                Reason.FLAGS,
                "127.0.0.1:40000: a@x.test: lacks [DFLAG_HANDSHAKE_23] (expected: every mandatory flag)",
                "snot_allowed");
        assertThat(arbiter.claims).isEmpty();
    }

    @Test
    void takesTheDigestFlagForTheFlagsItStandsFor() {
        handshake.onPacket(new SendName(false, 0x406000000L, 1, A.toString()).encode());
        assertThat(handshake.onPacket(Fixture.reply()).admitted())
                .hasValueSatisfying(peer -> assertThat(peer.flags()).isEqualTo(0x407070F94L));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "@", "a@", "@h.test", "a@b@h.test", "a\u0000b"})
    void closesOnANameThatHasNotTheForm(String name) {
        HandshakeException refusal = refusal(handshake, new SendName(false, -1L & ~(1L << 33), 1, name).encode());
        assertRefused(
                refusal,
                Reason.NAME_MISMATCH,
                "127.0.0.1:40000: name '" + name.replace("\u0000", "\\u0000") + "' of " + name.length()
                        + " characters (expected: alive@host of at most 255)");
    }

    @Test
    void takesANameOf255CharactersAndClosesOnALongerOne() {
        String name = "a@" + "x".repeat(248) + ".test";
        assertThat(handshake.onPacket(claim(name)).send()).hasSize(2);
        assertThat(arbiter.claims).containsExactly(NodeName.parse(name));
        HandshakeException refusal = refusal(Fixture.acceptor(arbiter), claim("a" + name));
        assertThat(refusal.reason()).isEqualTo(Reason.NAME_MISMATCH);
        assertThat(refusal).hasMessageContaining("of 256 characters (expected: alive@host of at most 255)");
        assertThat(refusal.farewell()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "a b@h.test | 'a b' before the @ (expected: letters, digits, _ and -)",
                "a.b@h.test | 'a.b' before the @ (expected: letters, digits, _ and -)",
                "\u00e5@h.test | '\\u00e5' before the @ (expected: letters, digits, _ and -)",
                "a@h\u00e5.test | 'h\\u00e5.test' after the @ (expected: a host name)"
            })
    void answersNokToCharactersThatNoNameHas(String name, String found) {
        assertRefused(
                refusal(handshake, claim(name)), Reason.NAME_MISMATCH, "127.0.0.1:40000: node name: " + found, "snok");
    }

    @Test
    void answersNokToItsOwnName() {
        assertRefused(
                refusal(handshake, claim(B.toString())),
                Reason.NAME_MISMATCH,
                "127.0.0.1:40000: b@x.test: has our own name (expected: another)",
                "snok");
        assertThat(arbiter.claims).isEmpty();
    }

    @Test
    void refusesANameOfTheOtherForm() {
        assertRefused(
                refusal(handshake, claim("a@x")),
                Reason.NAME_MISMATCH,
                "127.0.0.1:40000: short-named node a@x dials long-named b@x.test"
                        + " (expected: both started with -name, or both with -sname)",
                "snot_allowed");
        assertThat(arbiter.claims).isEmpty();
    }

    @Test
    void refusesANameThatTheCertificateMayNotCarryBeforeAnyStatus() {
        var context = Fixture.refused(Fixture.contextOfB(arbiter), "certificate names c@x.test");
        Handshake fresh = Fixture.handshakes(COOKIE, CHALLENGE_B).acceptor(context);
        fresh.start();
        assertRefused(
                refusal(fresh, Fixture.sendName()),
                Reason.NAME_MISMATCH,
                "a@x.test: certificate names c@x.test",
                "snot_allowed");
        assertThat(arbiter.claims).isEmpty();
    }

    @Test
    void answersWhatTheArbiterSays() {
        arbiter.verdict = Verdict.NOK;
        assertRefused(
                refusal(handshake, Fixture.sendName()),
                Reason.SUPERSEDED,
                "a@x.test: our own connection to it goes on, this one is answered nok",
                "snok");
        arbiter.verdict = Verdict.NOT_ALLOWED;
        assertRefused(
                refusal(Fixture.acceptor(arbiter), Fixture.sendName()),
                Reason.NOT_ALLOWED,
                "a@x.test: not allowed here",
                "snot_allowed");
    }

    @Test
    void goesOnWhenThePeerSaysThatTheOldConnectionIsStale() {
        arbiter.verdict = Verdict.ALIVE;
        assertThat(handshake.onPacket(Fixture.sendName()).send()).containsExactly(status("alive"));
        assertThat(handshake.onPacket(status("true")).send()).containsExactly(Fixture.challenge());
        assertThat(handshake.onPacket(Fixture.reply()).admitted()).isPresent();
    }

    @Test
    void asksThePeerOfAnOldNameForItsComplementAfterAlive() {
        arbiter.verdict = Verdict.ALIVE;
        handshake.onPacket(Fixture.oldSendName());
        handshake.onPacket(status("true"));
        handshake.onPacket(Fixture.complement());
        assertThat(handshake.onPacket(Fixture.reply()).admitted()).isPresent();
    }

    @Test
    void givesUpWhenThePeerSaysThatTheOldConnectionGoesOn() {
        arbiter.verdict = Verdict.ALIVE;
        handshake.onPacket(Fixture.sendName());
        assertRefused(
                refusal(handshake, status("false")),
                Reason.SUPERSEDED,
                "a@x.test: answers alive with false: the connection that is up goes on");
        Handshake other = Fixture.acceptor(arbiter);
        other.onPacket(Fixture.sendName());
        assertRefused(
                refusal(other, status("maybe\r")),
                Reason.PROTOCOL,
                "a@x.test: answers alive with 'maybe\\u000d' (expected: true or false)");
    }

    @Test
    void closesSilentlyOnAProofMadeWithAnotherCookie() {
        handshake.onPacket(Fixture.sendName());
        var reply = new ChallengeReply(
                CHALLENGE_A, Digest.of(Fixture.cookie("other").bytes(), CHALLENGE_B));
        assertRefused(
                refusal(handshake, reply.encode()),
                Reason.COOKIE,
                "a@x.test: challenge reply digest does not match the cookie");
    }

    @Test
    void refusesItsOwnChallenge() {
        handshake.onPacket(Fixture.sendName());
        var reply = new ChallengeReply(CHALLENGE_B, Digest.of(COOKIE.bytes(), CHALLENGE_B));
        assertRefused(
                refusal(handshake, reply.encode()),
                Reason.COOKIE,
                "a@x.test: challenge is one of our own (expected: a new one)");
    }

    @Test
    void usesTheCookieOfThePeer() {
        Function<NodeName, CookieRing> cookies = Map.of(A, CookieRing.of(COOKIE))::get;
        var handshakes = Fixture.handshakes(cookies, new Challenges(() -> (int) CHALLENGE_B));
        Handshake ofA = handshakes.acceptor(Fixture.contextOfB(arbiter));
        ofA.start();
        ofA.onPacket(Fixture.sendName());
        assertThat(ofA.onPacket(Fixture.reply()).admitted()).isPresent();

        Handshake ofAnother = handshakes.acceptor(Fixture.contextOfB(arbiter));
        ofAnother.start();
        assertRefused(
                refusal(ofAnother, claim("c@x.test")),
                Reason.COOKIE,
                "127.0.0.1:40000: c@x.test: no cookie for this node (expected: one)",
                "snot_allowed");
    }

    @Test
    void ignoresBytesBehindAName() {
        assertThat(handshake.onPacket(Fixture.longer(Fixture.sendName(), 9)).send())
                .hasSize(2);
    }

    @Test
    void refusesMessagesThatAreShortLongOrOutOfTurn() {
        assertRefused(
                refusal(handshake, Fixture.edited(Fixture.sendName(), it -> Arrays.copyOf(it, 20))),
                Reason.PROTOCOL,
                "send_name: name of 8 bytes at offset 15, 5 bytes remain");
        assertRefused(
                refusal(Fixture.acceptor(arbiter), Fixture.reply()),
                Reason.PROTOCOL,
                "send_name: tag 114 (expected: 78 or 110)");
        ByteBuffer version = Fixture.edited(Fixture.oldSendName(), it -> {
            it[2] = 6;
            return it;
        });
        assertRefused(
                refusal(Fixture.acceptor(arbiter), version), Reason.PROTOCOL, "send_name: version 6 (expected: 5)");
        Handshake awaitsReply = Fixture.acceptor(arbiter);
        awaitsReply.onPacket(Fixture.sendName());
        assertRefused(
                refusal(awaitsReply, Fixture.longer(Fixture.reply(), 1)),
                Reason.PROTOCOL,
                "challenge reply: 1 bytes left over (expected: none)");
        assertRefused(
                refusal(awaitsReply, Fixture.reply()),
                Reason.PROTOCOL,
                "a@x.test: packet of 21 bytes after the handshake (expected: none)");
    }

    @Test
    void saysWhatACloseMeans() {
        assertRefused(
                handshake.onClosed(),
                Reason.PROTOCOL,
                "127.0.0.1:40000: closed before its name (expected: send_name): it is no node, most likely");
        Handshake ofVerified =
                CookieHandshakes.otp(Fixture.COOKIE).acceptor(Fixture.accepting(new Fixture.VerifiedPeer()));
        ofVerified.start();
        assertRefused(
                ofVerified.onClosed(),
                Reason.SUPERSEDED,
                "a@x.test at 127.0.0.1:40000: closed before its name (expected: send_name): it gave up this connection"
                        + " for another one, most likely");
        handshake.onPacket(Fixture.sendName());
        assertRefused(
                handshake.onClosed(),
                Reason.SUPERSEDED,
                "a@x.test: closed after our challenge (expected: its reply): it gave up this connection for another"
                        + " one, most likely");
        handshake.onPacket(Fixture.reply());
        assertRefused(handshake.onClosed(), Reason.PROTOCOL, "a@x.test: closed after the handshake");

        arbiter.verdict = Verdict.ALIVE;
        Handshake other = Fixture.acceptor(arbiter);
        other.onPacket(Fixture.sendName());
        assertRefused(
                other.onClosed(),
                Reason.SUPERSEDED,
                "a@x.test: closed after our status alive (expected: true or false): the connection that is up goes on");
    }

    @Test
    void isStartedOnce() {
        assertThatIllegalStateException()
                .isThrownBy(handshake::start)
                .withMessage("127.0.0.1:40000: handshake started twice");
        Handshake fresh = Fixture.handshakes(COOKIE, CHALLENGE_B).acceptor(Fixture.contextOfB(arbiter));
        assertThat(fresh.onClosed()).hasMessage("127.0.0.1:40000: closed before the handshake");
        assertThatIllegalStateException()
                .isThrownBy(() -> fresh.onPacket(Fixture.sendName()))
                .withMessage("127.0.0.1:40000: packet before the handshake was started");
    }

    private static ByteBuffer claim(String name) {
        return new SendName(false, DistFlag.RECOMMENDED_HIDDEN, 1, name).encode();
    }

    private static HandshakeException refusal(Handshake handshake, ByteBuffer packet) {
        return catchThrowableOfType(HandshakeException.class, () -> handshake.onPacket(packet));
    }

    private static void assertRefused(HandshakeException refusal, Reason reason, String message, String... farewells) {
        assertThat(refusal).hasMessage(message);
        assertThat(refusal.reason()).isEqualTo(reason);
        assertThat(Fixture.farewells(refusal)).containsExactly(farewells);
    }
}
