/** The smallest nodes: one on TLS, one on TCP, one line apart. */
@NullMarked
package io.hawser.examples.hello;

import org.jspecify.annotations.NullMarked;
