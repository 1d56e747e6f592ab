/**
 * Clusters in memory, in virtual time, from a seed: for tests of what runs on Hawser nodes. Start with
 * {@link io.hawser.simulation.Simulation}.
 */
@NullMarked
package io.hawser.simulation;

import org.jspecify.annotations.NullMarked;
