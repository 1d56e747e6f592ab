/** A room of several nodes, kept in order by monitors. Start at {@link io.hawser.examples.chat.Chat}. */
@NullMarked
package io.hawser.examples.chat;

import org.jspecify.annotations.NullMarked;
