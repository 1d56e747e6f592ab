/** Certificates, CA and cookie change while nodes talk: what goes on, what ends, and that nothing else is lost. */
@NullMarked
package io.hawser.examples.rotation;

import org.jspecify.annotations.NullMarked;
