package io.hawser.term;

import java.util.Comparator;

/**
 * Erlang's order of terms: number &lt; atom &lt; reference &lt; fun &lt; port &lt; pid &lt; tuple &lt; native record
 * &lt; map &lt; nil &lt; list &lt; bitstring.
 */
public final class TermOrder {
    private TermOrder() {}

    /**
     * Returns the order of Erlang's {@code <} and {@code ==}: {@code 1} and {@code 1.0} compare as equal.
     *
     * @return the comparator; not consistent with {@code equals}
     */
    public static Comparator<Term> standard() {
        throw new UnsupportedOperationException();
    }

    /**
     * Returns the order of map keys: as {@link #standard()}, but an integer comes before every float, and terms compare
     * as equal only when they are.
     *
     * @return the comparator; consistent with {@code equals}
     */
    public static Comparator<Term> exact() {
        throw new UnsupportedOperationException();
    }
}
