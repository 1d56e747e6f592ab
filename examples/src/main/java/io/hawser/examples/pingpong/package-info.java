/** Messages to and fro. Start at {@link io.hawser.examples.pingpong.PingPong}. */
@NullMarked
package io.hawser.examples.pingpong;

import org.jspecify.annotations.NullMarked;
