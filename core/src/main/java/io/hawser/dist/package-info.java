/**
 * The connected phase of the distribution protocol, without I/O: {@link io.hawser.dist.PacketReader} turns packets into
 * {@link io.hawser.dist.Signal signals}, {@link io.hawser.dist.PacketWriter} turns signals into packets.
 */
@NullMarked
package io.hawser.dist;

import org.jspecify.annotations.NullMarked;
