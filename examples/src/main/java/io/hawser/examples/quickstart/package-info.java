/** The README's first command, as a story. Start at {@link io.hawser.examples.quickstart.Quickstart}. */
@NullMarked
package io.hawser.examples.quickstart;

import org.jspecify.annotations.NullMarked;
