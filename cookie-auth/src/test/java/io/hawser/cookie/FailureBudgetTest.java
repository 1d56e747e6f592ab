package io.hawser.cookie;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hawser.cookie.Failures.Source;
import io.hawser.handshake.Handshake;
import io.hawser.handshake.HandshakeException;
import io.hawser.handshake.HandshakeException.Reason;
import io.hawser.transport.PeerIdentity;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Guessing at the cookie becomes slow, for whoever guesses and for nobody else. */
class FailureBudgetTest {
    private static final Duration FIRST = Duration.ofMillis(250);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private long now = 1_000_000_000L;
    private final CookieHandshakes ofB = CookieHandshakes.builder(CookieRing.of(Fixture.COOKIE))
            .failureBudget(new FailureBudget(3, FIRST, LONGEST))
            .nanoTime(() -> now)
            .build();

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private Conversation dial(String cookie, String address) {
        Handshake a = CookieHandshakes.otp(Fixture.cookie(cookie))
                .initiator(Fixture.dialling(Fixture.A, Fixture.bound(null)));
        return new Conversation(a, ofB.acceptor(Fixture.accepting(from(address))));
    }

    private static PeerIdentity from(String address) {
        return PeerIdentity.unverified(new InetSocketAddress(address, 40000));
    }

    private void fail(int times, String address) {
        for (int i = 0; i < times; i++) {
            assertThat(dial("guess", address).acceptor.refusalText()).contains("does not match the cookie");
        }
    }

    @Test
    void aPeerThatFailedTooOftenIsNotAnsweredForAWhile() {
        fail(3, "127.0.0.9");
        Conversation refused = dial("monster", "127.0.0.9");
        assertThat(refused.acceptor.refusalText())
                .isEqualTo(
                        "unverified peer at 127.0.0.9:40000: too many wrong cookie proofs from there (expected: a right"
                                + " one): not answered for another 251 ms");
        assertThat(refused.acceptor.refusal.orElseThrow().reason()).isEqualTo(Reason.NOT_ALLOWED);
        assertThat(refused.acceptor.sent).isEmpty();
        pass(FIRST);
        assertThat(dial("monster", "127.0.0.9").bothAdmit()).isTrue();
    }

    @Test
    void peersFromElsewhereAreNotAffected() {
        fail(3, "127.0.0.9");
        assertThat(dial("monster", "127.0.0.8").bothAdmit()).isTrue();
    }

    @Test
    void aRightProofClearsTheCount() {
        fail(2, "127.0.0.9");
        assertThat(dial("monster", "127.0.0.9").bothAdmit()).isTrue();
        fail(2, "127.0.0.9");
        assertThat(dial("monster", "127.0.0.9").bothAdmit()).isTrue();
    }

    @Test
    void eachFurtherFailureDoublesThePause() {
        fail(3, "127.0.0.9");
        pass(FIRST);
        fail(1, "127.0.0.9");
        pass(FIRST);
        assertThat(dial("monster", "127.0.0.9").bothAdmit()).isFalse();
        pass(FIRST);
        assertThat(dial("monster", "127.0.0.9").bothAdmit()).isTrue();
    }

    @Test
    void guessesOnManyConnectionsAtOnceAreNotAllJudged() {
        var waiting = new Handshake[10];
        for (int i = 0; i < waiting.length; i++) {
            waiting[i] = ofB.acceptor(Fixture.accepting(from("127.0.0.9")));
            waiting[i].start();
            waiting[i].onPacket(Fixture.sendName());
        }
        int judged = 0;
        for (Handshake handshake : waiting) {
            var refusal = catchThrowableOfType(HandshakeException.class, () -> handshake.onPacket(Fixture.reply()));
            judged += refusal.reason() == Reason.COOKIE ? 1 : 0;
        }
        assertThat(judged).isEqualTo(3);
    }

    @Test
    void whatFailsForAnotherReasonIsNotCounted() {
        for (int i = 0; i < 5; i++) {
            Handshake handshake = ofB.acceptor(Fixture.accepting(from("127.0.0.9")));
            handshake.start();
            assertThatThrownBy(() -> handshake.onPacket(Fixture.status("nonsense")))
                    .isInstanceOf(HandshakeException.class);
        }
        assertThat(dial("monster", "127.0.0.9").bothAdmit()).isTrue();
    }

    @Test
    void aPeerThatIsDialledIsLeftAloneTooAndApartFromThoseWhoDial() {
        for (int i = 0; i < 3; i++) {
            Handshake handshake = ofB.initiator(Fixture.dialling(Fixture.A, from("127.0.0.9")));
            handshake.start();
            handshake.onPacket(Fixture.status("ok"));
            handshake.onPacket(Fixture.challenge());
            assertThatThrownBy(() -> handshake.onPacket(Fixture.ack())).isInstanceOf(HandshakeException.class);
        }
        Handshake refused = ofB.initiator(Fixture.dialling(Fixture.A, from("127.0.0.9")));
        assertThat(catchThrowableOfType(HandshakeException.class, refused::start))
                .hasMessageContaining("too many wrong cookie proofs");
        assertThat(dial("monster", "127.0.0.9").bothAdmit()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"2,0", "3,250", "4,500", "5,1000", "8,8000", "9,10000", "2000000000,10000"})
    void pausesGrowUpToTheLongest(int failed, long millis) {
        long pause = new FailureBudget(3, FIRST, LONGEST).pauseNanos(failed);
        assertThat(TimeUnit.NANOSECONDS.toMillis(pause)).isEqualTo(millis);
    }

    @Test
    void holdsABoundedNumberOfPeersAndForgetsThoseThatFailedLongAgo() {
        var failures = new Failures(new FailureBudget(1, FIRST, LONGEST), () -> now, 3);
        for (int i = 1; i <= 5; i++) {
            failures.failed(Source.of(from("127.0.0." + i), false));
        }
        assertThat(failures.size()).isEqualTo(3);
        assertThat(failures.waitNanos(Source.of(from("127.0.0.2"), false))).isZero();
        assertThat(failures.waitNanos(Source.of(from("127.0.0.3"), false))).isEqualTo(FIRST.toNanos());
        pass(LONGEST.multipliedBy(10).plusNanos(1));
        failures.failed(Source.of(from("127.0.0.9"), false));
        assertThat(failures.size()).isEqualTo(1);
    }

    @Test
    void theHostsOfOneIpv6NetworkAreOnePeer() throws UnknownHostException {
        Source one = Source.of(at("2001:db8::1"), false);
        assertThat(Source.of(at("2001:db8::ffff:2"), false)).isEqualTo(one);
        assertThat(Source.of(at("2001:db8:0:1::1"), false)).isNotEqualTo(one);
    }

    private static PeerIdentity at(String literal) throws UnknownHostException {
        return PeerIdentity.unverified(new InetSocketAddress(InetAddress.getByName(literal), 1));
    }

    @Test
    void refusesABudgetThatIsNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FailureBudget(0, FIRST, LONGEST))
                .withMessage("failure budget: 0 failures, pauses of PT0.25S to PT10S"
                        + " (expected: at least 1 failure, pauses above 0 and up to a day)");
        assertThatIllegalArgumentException().isThrownBy(() -> new FailureBudget(1, Duration.ZERO, LONGEST));
        assertThatIllegalArgumentException().isThrownBy(() -> new FailureBudget(1, LONGEST, FIRST));
        assertThatIllegalArgumentException().isThrownBy(() -> new FailureBudget(1, FIRST, Duration.ofDays(2)));
        assertThat(FailureBudget.DEFAULT.failures()).isEqualTo(10);
    }
}
