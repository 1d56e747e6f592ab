/**
 * Erlang terms as immutable values. Start at {@link io.hawser.term.Term}.
 */
@NullMarked
package io.hawser.term;

import org.jspecify.annotations.NullMarked;
