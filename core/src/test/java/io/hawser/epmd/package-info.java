/** Tests of the EPMD client and server. */
@NullMarked
package io.hawser.epmd;

import org.jspecify.annotations.NullMarked;
