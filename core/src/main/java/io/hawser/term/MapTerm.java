package io.hawser.term;

import java.util.Map;

/**
 * An Erlang map. Immutable. Keys are compared with {@code equals}, so {@code 1} and {@code 1.0} are two keys.
 *
 * @param entries the associations; iterates in Erlang's map key order
 */
public record MapTerm(Map<Term, Term> entries) implements Term {
    /** The empty map, {@code #{}}. */
    public static final MapTerm EMPTY = new MapTerm(Map.of());

    /**
     * Copies the associations.
     *
     * @param entries the associations; copied
     */
    public MapTerm {
        entries = Map.copyOf(entries);
    }
}
