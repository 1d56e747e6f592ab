package io.hawser.cookie;

import java.time.Instant;
import java.util.Optional;

/**
 * How often a cookie of a {@link CookieRing} has admitted a peer. When {@code lastUsed} of the old cookie no longer moves
 * while all peers have connected anew, nobody needs it any more. Immutable.
 *
 * @param label the cookie's label in its ring, never its value
 * @param offered whether it is the one that peers we dial are offered
 * @param dialled how many peers that we dialled were admitted with it
 * @param accepted how many peers that dialled us were admitted with it
 * @param lastUsed when it last admitted a peer; empty if it never did
 */
public record CookieUse(String label, boolean offered, long dialled, long accepted, Optional<Instant> lastUsed) {}
