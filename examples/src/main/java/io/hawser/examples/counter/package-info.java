/** A gen_server in Java. Start at {@link io.hawser.examples.counter.CounterServer}. */
@NullMarked
package io.hawser.examples.counter;

import org.jspecify.annotations.NullMarked;
