/** A server whose messages are records. */
@NullMarked
package io.hawser.examples.counters;

import org.jspecify.annotations.NullMarked;
