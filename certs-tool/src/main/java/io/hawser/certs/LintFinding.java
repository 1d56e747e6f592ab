package io.hawser.certs;

/**
 * Something in a certificate that a runtime trips over, or that weakens it. Immutable, thread-safe.
 *
 * @param file where the certificate is
 * @param subject the certificate's subject, fit to print
 * @param rule stable, lower case with hyphens
 * @param error true when some runtime of a mesh refuses or wrongly accepts because of it; false for advice
 * @param message one line for people
 */
public record LintFinding(String file, String subject, String rule, boolean error, String message) {}
