/** Events for the JDK's flight recorder, where the module {@code jdk.jfr} is there. */
@NullMarked
package io.hawser.flight;

import org.jspecify.annotations.NullMarked;
