/** The command line of {@code certs-tool}: options, the JSON envelope, and text for people. */
@NullMarked
package io.hawser.certs.cli;

import org.jspecify.annotations.NullMarked;
