/**
 * Where a node listens. Start at {@link io.hawser.epmd.NodeResolver}: fixed addresses, EPMD, or several in order. {@link
 * io.hawser.epmd.EmbeddedEpmd} is an EPMD for machines that have none; {@link io.hawser.epmd.EpmdClient} asks one directly.
 *
 * <p>EPMD believes everybody who can reach it. What it answers is a hint where to connect, never who listens there.
 */
@NullMarked
package io.hawser.epmd;

import org.jspecify.annotations.NullMarked;
