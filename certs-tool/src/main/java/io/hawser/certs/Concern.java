package io.hawser.certs;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something about an organisation that somebody should do something about. Immutable, thread-safe.
 *
 * @param code stable, upper case
 * @param subject the node, CA, partner or file
 * @param message one line for people, no full stop
 * @param until when it takes effect, or took; null for what holds now
 * @param hint the command that helps
 */
public record Concern(
        String code,
        String subject,
        String message,
        @Nullable Instant until,
        String hint) {}
