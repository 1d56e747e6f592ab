/**
 * Moves packets over mutually authenticated TLS, or over TCP without protection. Start at
 * {@link io.hawser.tls.TcpTransport}.
 */
@NullMarked
package io.hawser.tls;

import org.jspecify.annotations.NullMarked;
