package io.hawser.cookie;

import static java.util.Objects.requireNonNull;

import io.hawser.handshake.Handshakes;
import io.hawser.term.NodeName;
import java.util.function.Function;

/**
 * Makes handshakes that admit peers by a shared cookie.
 *
 * <p>OTP's proof is an MD5 digest of the cookie and a 32-bit challenge. It shows that the peer knows the cookie or passes
 * on the answers of someone who does, and whoever watches a handshake in the clear can guess at the cookie afterwards.
 * It neither protects what is sent later nor replaces TLS.
 *
 * @see <a href="https://www.erlang.org/doc/apps/erts/erl_dist_protocol.html#distribution-handshake">Distribution
 *     handshake</a>
 */
public final class CookieHandshakes {
    private CookieHandshakes() {}

    /**
     * Admits peers with the proof that every Erlang node knows.
     *
     * @param cookie the cookie of all peers
     * @return thread-safe handshakes
     */
    public static Handshakes otp(Cookie cookie) {
        requireNonNull(cookie, "cookie");
        return otp(peer -> cookie);
    }

    /**
     * Admits peers with the proof that every Erlang node knows, each with a cookie of its own, as
     * {@code erlang:set_cookie/2} does.
     *
     * @param cookies the cookie of a peer, for both directions; a peer for which it returns null is refused. Called by
     *     several threads, among them event loops, so it must not block
     * @return thread-safe handshakes
     */
    public static Handshakes otp(Function<NodeName, Cookie> cookies) {
        return new OtpHandshakes(requireNonNull(cookies, "cookies"), Challenges.random());
    }

    /**
     * Admits peers with the best proof that both sides know. In this release that is the one of {@link #otp(Cookie)}.
     *
     * @param cookie the cookie of all peers
     * @return thread-safe handshakes
     */
    public static Handshakes auto(Cookie cookie) {
        return otp(cookie);
    }
}
