/** A Phoenix.PubSub topic, from Java. Start at {@link io.hawser.examples.pubsub.NewsDesk}. */
@NullMarked
package io.hawser.examples.pubsub;

import org.jspecify.annotations.NullMarked;
