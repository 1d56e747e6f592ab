package io.hawser.certs;

import java.util.List;

/**
 * Something that changed. Immutable, thread-safe.
 *
 * @param subject a node, a CA, a partner or a file
 * @param what what of it: {@code certificate}, {@code crl}, {@code partner}, {@code export} and others
 * @param serials of the certificates that were issued or exported, or in a CRL revoked; lower-case hexadecimal digits
 * @param detail more, or empty
 */
public record AuditSubject(String subject, String what, List<String> serials, String detail) {
    /**
     * Copies the list.
     *
     * @param subject a node, a CA, a partner or a file
     * @param what what of it: {@code certificate}, {@code crl}, {@code partner}, {@code export} and others
     * @param serials of the certificates that were issued or exported, or in a CRL revoked; lower-case hexadecimal digits
     * @param detail more, or empty
     */
    public AuditSubject {
        serials = List.copyOf(serials);
    }
}
