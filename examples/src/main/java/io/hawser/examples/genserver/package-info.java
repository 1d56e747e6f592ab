/** A gen_server in Java. Start at {@link io.hawser.examples.genserver.CounterServer}. */
@NullMarked
package io.hawser.examples.genserver;

import org.jspecify.annotations.NullMarked;
