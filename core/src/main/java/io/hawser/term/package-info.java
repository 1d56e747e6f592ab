/**
 * Erlang terms as immutable values: how they are made, compared, ordered, printed and read. Start at
 * {@link io.hawser.term.Term} and the records it permits; {@link io.hawser.term.TermOrder},
 * {@link io.hawser.term.TermPrinter} and {@link io.hawser.term.TermParser} work on them.
 *
 * <p>Terms come from peers. Whatever is done with one here needs no more of the thread's stack for a deep term than for
 * a flat one, and time in proportion to its size.
 */
@NullMarked
package io.hawser.term;

import org.jspecify.annotations.NullMarked;
