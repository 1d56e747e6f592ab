/**
 * Where a node listens. Start at {@link io.hawser.epmd.NodeResolver}.
 */
@NullMarked
package io.hawser.epmd;

import org.jspecify.annotations.NullMarked;
