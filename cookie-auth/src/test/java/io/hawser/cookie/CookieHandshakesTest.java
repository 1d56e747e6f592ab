package io.hawser.cookie;

import static io.hawser.cookie.Fixture.A;
import static io.hawser.cookie.Fixture.B;
import static io.hawser.cookie.Fixture.CREATION_A;
import static io.hawser.cookie.Fixture.CREATION_B;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.cookie.Fixture.FakeArbiter;
import io.hawser.handshake.ConnectionArbiter.Verdict;
import io.hawser.handshake.DistFlag;
import io.hawser.handshake.Handshake;
import io.hawser.handshake.HandshakeException;
import io.hawser.handshake.HandshakeException.Reason;
import io.hawser.handshake.Handshakes;
import io.hawser.handshake.Peer;
import io.hawser.handshake.Step;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both halves against each other, with random challenges. */
class DuelTest {
    private final FakeArbiter arbiterOfA = new FakeArbiter();
    private final FakeArbiter arbiterOfB = new FakeArbiter();

    @ParameterizedTest
    @EnumSource(
            value = Verdict.class,
            names = {"OK", "OK_SIMULTANEOUS", "ALIVE"})
    void bothAdmitEachOther(Verdict verdict) {
        arbiterOfB.verdict = verdict;
        var handshakes = CookieHandshakes.auto(Cookie.generate()); // one for both, as in one JVM
        var duel = new Duel(handshakes, handshakes);
        assertThat(duel.a.admitted).contains(new Peer(B, CREATION_B, DistFlag.RECOMMENDED_HIDDEN, "otp"));
        assertThat(duel.b.admitted).contains(new Peer(A, CREATION_A, DistFlag.RECOMMENDED_HIDDEN, "otp"));
    }

    @Test
    void bothGiveUpWhenAnotherConnectionGoesOn() {
        var handshakes = CookieHandshakes.otp(Cookie.generate());
        arbiterOfB.verdict = Verdict.NOK;
        new Duel(handshakes, handshakes).assertRefused(Reason.SUPERSEDED, Reason.SUPERSEDED);
        arbiterOfB.verdict = Verdict.ALIVE;
        arbiterOfA.stillWanted = false;
        new Duel(handshakes, handshakes).assertRefused(Reason.SUPERSEDED, Reason.SUPERSEDED);
    }

    @Test
    void bothSayThatTheInitiatorIsNotAllowed() {
        arbiterOfB.verdict = Verdict.NOT_ALLOWED;
        var handshakes = CookieHandshakes.otp(Cookie.generate());
        new Duel(handshakes, handshakes).assertRefused(Reason.NOT_ALLOWED, Reason.NOT_ALLOWED);
    }

    @Test
    void bothSayThatTheCookiesDiffer() {
        var duel = new Duel(CookieHandshakes.otp(Cookie.of("one")), CookieHandshakes.otp(Cookie.of("two")));
        duel.assertRefused(Reason.COOKIE, Reason.COOKIE);
    }

    /** Runs until nothing is under way; a side that refuses sends its farewell and closes. */
    private final class Duel {
        final Side a;
        final Side b;

        Duel(Handshakes ofA, Handshakes ofB) {
            a = new Side(ofA.initiator(Fixture.contextOfA(arbiterOfA)));
            b = new Side(ofB.acceptor(Fixture.contextOfB(arbiterOfB)));
            b.take(b.handshake.start(), a);
            a.take(a.handshake.start(), b);
            while (!a.inbox.isEmpty() || !b.inbox.isEmpty()) {
                a.readNext(b);
                b.readNext(a);
            }
        }

        void assertRefused(Reason byA, Reason byB) {
            assertThat(a.refusal)
                    .hasValueSatisfying(it -> assertThat(it.reason()).isEqualTo(byA));
            assertThat(b.refusal)
                    .hasValueSatisfying(it -> assertThat(it.reason()).isEqualTo(byB));
            assertThat(a.admitted).isEmpty();
            assertThat(b.admitted).isEmpty();
        }
    }

    private static final class Side {
        private static final ByteBuffer CLOSED = ByteBuffer.allocate(0); // no message is empty

        final Handshake handshake;
        final Queue<ByteBuffer> inbox = new ArrayDeque<>();
        Optional<Peer> admitted = Optional.empty();
        Optional<HandshakeException> refusal = Optional.empty();

        Side(Handshake handshake) {
            this.handshake = handshake;
        }

        void take(Step step, Side other) {
            other.inbox.addAll(step.send());
            step.admitted().ifPresent(peer -> admitted = Optional.of(peer));
        }

        void readNext(Side other) {
            ByteBuffer packet = inbox.poll();
            if (packet == null || refusal.isPresent()) {
                return;
            }
            if (packet.equals(CLOSED)) {
                refusal = Optional.of(handshake.onClosed());
                return;
            }
            try {
                take(handshake.onPacket(packet), other);
            } catch (HandshakeException e) {
                refusal = Optional.of(e);
                other.inbox.addAll(e.farewell());
                other.inbox.add(CLOSED);
            }
        }
    }
}
