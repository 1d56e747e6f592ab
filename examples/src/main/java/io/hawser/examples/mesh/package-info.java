/** Nodes that ping each other without pause. Start at {@link io.hawser.examples.mesh.MeshNode}. */
@NullMarked
package io.hawser.examples.mesh;

import org.jspecify.annotations.NullMarked;
