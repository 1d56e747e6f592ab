/**
 * Admits peers that hold the same cookie, with the handshake that every Erlang node speaks. Start at
 * {@link io.hawser.cookie.CookieHandshakes}. The two state machines are {@code InitiatorHandshake} and
 * {@code AcceptorHandshake}; what their last three messages hold is up to {@code OtpProof} or {@code StrongProof}, the
 * latter as {@code PROTOCOL.md} of this module defines it. A {@link io.hawser.cookie.CookieRing} holds the cookies while
 * they are being changed.
 */
@NullMarked
package io.hawser.cookie;

import org.jspecify.annotations.NullMarked;
