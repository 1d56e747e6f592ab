package io.hawser.certs;

/**
 * What one runtime makes of a certificate. Immutable, thread-safe.
 *
 * @param subject the node or file
 * @param judge the runtime
 * @param accepted whether it takes the certificate from a listener and from a dialler
 * @param reason why not, or what it does not notice; empty when there is nothing to say
 * @param live whether the runtime itself was asked, rather than rules measured on it
 * @param hint the command that helps; empty when there is nothing to do
 */
public record Verdict(String subject, Judge judge, boolean accepted, String reason, boolean live, String hint) {}
