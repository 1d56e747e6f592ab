/**
 * A node's figures in a Micrometer registry. Start at {@link io.hawser.metrics.NodeMetrics}. The one package that needs
 * {@code io.micrometer:micrometer-core}, an optional dependency: whoever uses it adds that to the class path or module path.
 */
@NullMarked
package io.hawser.metrics;

import org.jspecify.annotations.NullMarked;
