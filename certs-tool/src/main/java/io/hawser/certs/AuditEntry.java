package io.hawser.certs;

import java.time.Instant;
import java.util.List;

/**
 * One change of a store, as the log has it. Immutable, thread-safe.
 *
 * @param number counts the changes, from 1
 * @param at when
 * @param operation what was asked for, such as {@code node issue}
 * @param user who asked, by the name of the operating system
 * @param interrupted whether the operation was stopped half-way, and this is what it had done
 * @param subjects what changed
 */
public record AuditEntry(
        long number, Instant at, String operation, String user, boolean interrupted, List<AuditSubject> subjects) {
    /**
     * Copies the list.
     *
     * @param number counts the changes, from 1
     * @param at when
     * @param operation what was asked for, such as {@code node issue}
     * @param user who asked, by the name of the operating system
     * @param interrupted whether the operation was stopped half-way, and this is what it had done
     * @param subjects what changed
     */
    public AuditEntry {
        subjects = List.copyOf(subjects);
    }

    /**
     * Whether this change was about a node, CA, partner or certificate.
     *
     * @param subject its name, or a serial number
     * @return true when one of the subjects is that
     */
    public boolean concerns(String subject) {
        return subjects.stream()
                .anyMatch(
                        each -> each.subject().equals(subject) || each.serials().contains(subject));
    }
}
