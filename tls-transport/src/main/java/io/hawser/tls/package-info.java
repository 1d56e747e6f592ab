/**
 * Moves packets over mutually authenticated TLS, or over TCP without protection. Start at
 * {@link io.hawser.tls.TlsTransport} and {@link io.hawser.tls.TlsIdentity}.
 */
@NullMarked
package io.hawser.tls;

import org.jspecify.annotations.NullMarked;
