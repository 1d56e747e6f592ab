/** Elixir calls Java, and Java calls Elixir. Start at {@link io.hawser.examples.elixir.PriceServer}. */
@NullMarked
package io.hawser.examples.elixir;

import org.jspecify.annotations.NullMarked;
