/** How a Java node finds an Elixir cluster. Start at {@link io.hawser.examples.libcluster.ClusterNode}. */
@NullMarked
package io.hawser.examples.libcluster;

import org.jspecify.annotations.NullMarked;
