/** Links, and what to do about an end. Start at {@link io.hawser.examples.restart.Restarter}. */
@NullMarked
package io.hawser.examples.restart;

import org.jspecify.annotations.NullMarked;
