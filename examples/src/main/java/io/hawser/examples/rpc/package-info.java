/** Functions for other nodes, and theirs for us. Start at {@link io.hawser.examples.rpc.Calculator}. */
@NullMarked
package io.hawser.examples.rpc;

import org.jspecify.annotations.NullMarked;
