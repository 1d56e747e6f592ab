@NullMarked
package io.hawser.certs.cli;

import org.jspecify.annotations.NullMarked;
