package io.hawser.certs;

import java.util.List;

/**
 * What became of a log since it was written. Immutable, thread-safe.
 *
 * @param entries how many entries there are
 * @param head number and hash of the last, {@code NUMBER:HASH}; worth keeping elsewhere
 * @param findings what is wrong, in order, each naming an entry; empty when the log is whole
 * @param notes what is worth knowing although nothing is wrong
 */
public record AuditReport(long entries, String head, List<String> findings, List<String> notes) {
    /**
     * Copies the lists.
     *
     * @param entries how many entries there are
     * @param head number and hash of the last, {@code NUMBER:HASH}; worth keeping elsewhere
     * @param findings what is wrong, in order, each naming an entry; empty when the log is whole
     * @param notes what is worth knowing although nothing is wrong
     */
    public AuditReport {
        findings = List.copyOf(findings);
        notes = List.copyOf(notes);
    }
}
