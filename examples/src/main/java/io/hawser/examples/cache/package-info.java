/** A cache shared by several nodes. Start at {@link io.hawser.examples.cache.CacheNode}. */
@NullMarked
package io.hawser.examples.cache;

import org.jspecify.annotations.NullMarked;
