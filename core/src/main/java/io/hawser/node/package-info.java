/**
 * What users hold: nodes, mailboxes, messages.
 */
@NullMarked
package io.hawser.node;

import org.jspecify.annotations.NullMarked;
