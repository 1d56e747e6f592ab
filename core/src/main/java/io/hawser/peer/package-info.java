/**
 * Connections to peers: the peer table, dialling, admission, ticks, batching and back-pressure. Not exported.
 * Start at {@link io.hawser.peer.Peers}; {@code Route} decides, {@code Admission} and {@code ActiveConnection} carry out.
 */
@NullMarked
package io.hawser.peer;

import org.jspecify.annotations.NullMarked;
