/**
 * Services of a group of nodes that stand on mailboxes: names that all nodes know ({@link io.hawser.cluster.Global}) and
 * groups of processes ({@link io.hawser.cluster.ProcessGroups}), in the protocols of OTP's {@code global} and {@code pg}.
 */
@NullMarked
package io.hawser.cluster;

import org.jspecify.annotations.NullMarked;
