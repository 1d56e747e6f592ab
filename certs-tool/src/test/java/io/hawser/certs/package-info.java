@NullMarked
package io.hawser.certs;

import org.jspecify.annotations.NullMarked;
