/**
 * The conformance node: a node that any peer can drive over the distribution protocol alone. Start at
 * {@link io.hawser.examples.conformance.ConformanceNode}.
 */
@NullMarked
package io.hawser.examples.conformance;

import org.jspecify.annotations.NullMarked;
