package io.hawser.dist;

import io.hawser.term.Term;
import org.jspecify.annotations.Nullable;

/**
 * One signal that arrived. Immutable.
 *
 * @param control the control message
 * @param payload the message, reason or argument list; null for kinds that have none
 * @param wireBytes how many bytes of packets it took
 */
public record Signal(ControlMessage control, @Nullable Term payload, int wireBytes) {}
