/**
 * A live page of a mesh: who is connected to whom, how much goes over it, who is suspected, and which certificates end.
 * Start at {@link io.hawser.examples.meshpage.MeshPage}.
 */
@NullMarked
package io.hawser.examples.meshpage;

import org.jspecify.annotations.NullMarked;
