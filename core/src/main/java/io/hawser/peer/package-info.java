/**
 * Connections to peers: the peer table, dialling, admission, ticks, batching and back-pressure. Not exported.
 */
@NullMarked
package io.hawser.peer;

import org.jspecify.annotations.NullMarked;
