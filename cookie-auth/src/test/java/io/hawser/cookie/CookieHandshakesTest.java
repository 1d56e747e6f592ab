package io.hawser.cookie;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.cookie.Fixture.FakeArbiter;
import io.hawser.handshake.Handshakes;
import io.hawser.testing.HandshakesContractTest;
import org.junit.jupiter.api.Test;

class CookieHandshakesTest extends HandshakesContractTest {
    @Override
    protected Handshakes handshakes() {
        return CookieHandshakes.auto(Fixture.COOKIE);
    }

    @Override
    protected Handshakes strangers() {
        return CookieHandshakes.auto(Fixture.cookie("stranger"));
    }

    @Override
    protected String proof() {
        return "strong"; // as both speak it
    }

    @Test
    void drawsANewChallengeForEachHandshake() {
        var handshakes = CookieHandshakes.otp(Cookie.generate());
        assertThat(challengeOf(handshakes)).isNotEqualTo(challengeOf(handshakes)); // equal once in 2^32 runs
    }

    private static long challengeOf(Handshakes handshakes) {
        var acceptor = handshakes.acceptor(Fixture.contextOfB(new FakeArbiter()));
        acceptor.start();
        return Challenge.decode(acceptor.onPacket(Fixture.sendName()).send().get(1))
                .challenge();
    }
}
