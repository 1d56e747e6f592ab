package io.hawser.certs;

/**
 * Something worth knowing that did not stop the operation.
 *
 * @param code stable, upper case
 * @param message one line for people
 */
public record Notice(String code, String message) {}
