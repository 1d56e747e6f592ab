package io.hawser.examples.conformance;

import io.hawser.cookie.Cookie;
import io.hawser.cookie.CookieHandshakes;
import io.hawser.cookie.CookieWeakness;
import io.hawser.handshake.Handshakes;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that choose how peers are admitted. */
final class CookieOptions {
    @Option(names = "--cookie", paramLabel = "COOKIE", description = "the shared cookie")
    private @Nullable String cookie;

    @Option(names = "--cookie-file", paramLabel = "FILE", description = "a file that holds it (~/.erlang.cookie)")
    private @Nullable Path cookieFile;

    @Option(
            names = "--auth",
            paramLabel = "otp|strong|auto",
            defaultValue = "auto",
            description = "which cookie proof is accepted (auto: the best the peer can do)")
    private String auth = "auto";

    Handshakes handshakes() throws IOException {
        return switch (auth) {
            case "otp" -> CookieHandshakes.otp(cookie());
            case "strong" -> CookieHandshakes.strong(cookie());
            case "auto" -> CookieHandshakes.auto(cookie());
            default -> throw new IllegalArgumentException("--auth: " + auth + " (expected: otp, strong or auto)");
        };
    }

    /** Takes any cookie, however weak: what drives this node decides. */
    private Cookie cookie() throws IOException {
        if (cookie != null && cookieFile != null) {
            throw new IllegalArgumentException("--cookie: given with --cookie-file (expected: one of them)");
        }
        if (cookie != null) {
            return Cookie.of(cookie, CookieWeakness.values());
        }
        return Cookie.read(
                cookieFile != null ? cookieFile : Path.of(System.getProperty("user.home"), ".erlang.cookie"),
                CookieWeakness.values());
    }
}
