/** Messages taken apart by patterns in Erlang's syntax. */
@NullMarked
package io.hawser.examples.patterns;

import org.jspecify.annotations.NullMarked;
