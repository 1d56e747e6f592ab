/**
 * Admits peers that hold the same cookie, with the handshake that every Erlang node speaks. Start at
 * {@link io.hawser.cookie.CookieHandshakes}; the two state machines are {@code InitiatorHandshake} and
 * {@code AcceptorHandshake}.
 */
@NullMarked
package io.hawser.cookie;

import org.jspecify.annotations.NullMarked;
