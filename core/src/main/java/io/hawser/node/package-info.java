/**
 * What users hold: nodes, mailboxes, messages, and the calls that stand on them. Start at
 * {@link io.hawser.node.NodeConfig}, {@link io.hawser.node.Node} and {@link io.hawser.node.Mailbox}.
 *
 * <p>Within: {@code LocalProcess} with {@code Links} and {@code Monitors} is a process, {@code InboundSignals} is where
 * peers come in, {@code Kernel} is how signals go out.
 */
@NullMarked
package io.hawser.node;

import org.jspecify.annotations.NullMarked;
