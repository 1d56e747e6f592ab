package io.hawser.certs;

/**
 * What one attempt to connect showed. Immutable, thread-safe.
 *
 * @param from the name that was claimed
 * @param to the node that was dialled
 * @param attempt what was tried, stable, lower case: {@code genuine}, or a forbidden way in
 * @param wanted whether the node should have let it in
 * @param passed whether the node did as it should
 * @param detail what happened, one line
 */
public record Proof(String from, NodeName to, String attempt, boolean wanted, boolean passed, String detail) {}
