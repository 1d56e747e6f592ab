/**
 * What admits a peer. Start at {@link io.hawser.handshake.Handshakes}.
 */
@NullMarked
package io.hawser.handshake;

import org.jspecify.annotations.NullMarked;
