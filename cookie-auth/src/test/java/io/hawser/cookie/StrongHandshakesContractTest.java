package io.hawser.cookie;

import io.hawser.handshake.Handshakes;
import io.hawser.testing.HandshakesContractTest;

class StrongHandshakesContractTest extends HandshakesContractTest {
    @Override
    protected Handshakes handshakes() {
        return CookieHandshakes.strong(Fixture.COOKIE);
    }

    @Override
    protected Handshakes strangers() {
        return CookieHandshakes.strong(Fixture.cookie("stranger"));
    }

    @Override
    protected String proof() {
        return "strong";
    }
}
