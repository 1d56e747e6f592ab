/**
 * What moves packets between two nodes, and who is at the other end. Start at {@link io.hawser.transport.Transport}.
 */
@NullMarked
package io.hawser.transport;

import org.jspecify.annotations.NullMarked;
