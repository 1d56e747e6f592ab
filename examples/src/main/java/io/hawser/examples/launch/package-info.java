/** What the examples share: a command line, and a node made from it. Start at {@link io.hawser.examples.launch.ExampleNode}. */
@NullMarked
package io.hawser.examples.launch;

import org.jspecify.annotations.NullMarked;
