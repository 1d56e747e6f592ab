/**
 * The connected phase of the distribution protocol, without I/O.
 */
@NullMarked
package io.hawser.dist;

import org.jspecify.annotations.NullMarked;
