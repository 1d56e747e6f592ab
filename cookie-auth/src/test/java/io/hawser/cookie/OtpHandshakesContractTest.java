package io.hawser.cookie;

import io.hawser.handshake.Handshakes;
import io.hawser.testing.HandshakesContractTest;

class OtpHandshakesContractTest extends HandshakesContractTest {
    @Override
    protected Handshakes handshakes() {
        return CookieHandshakes.otp(Fixture.COOKIE);
    }

    @Override
    protected Handshakes strangers() {
        return CookieHandshakes.otp(Fixture.cookie("stranger"));
    }

    @Override
    protected String proof() {
        return "otp";
    }
}
