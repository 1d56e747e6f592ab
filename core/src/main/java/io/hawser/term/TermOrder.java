package io.hawser.term;

import java.util.Comparator;

/**
 * Erlang's order of terms: number &lt; atom &lt; reference &lt; fun &lt; port &lt; pid &lt; tuple &lt; native record
 * &lt; map &lt; nil &lt; list &lt; bitstring.
 *
 * <p>Numbers compare by exact value, integers with floats too. Atoms compare by code point. Tuples and maps compare by
 * size first; maps then by their keys in {@link #exact()} order, then by the values in the order of their keys. Lists
 * compare element by element. Of funs, those with an environment come before {@code fun M:F/A}. The order among native
 * records is not laid down anywhere: here it is by module, name, field names, and then as exactly as
 * {@link #exact()} the values.
 *
 * <p>Both comparators take time in the size of the smaller term at most, and no stack however deep terms nest.
 *
 * @see <a href="https://www.erlang.org/doc/system/expressions.html#term-comparisons">Term Comparisons</a>
 */
public final class TermOrder {
    private static final Comparator<Term> STANDARD = (a, b) -> Comparison.compare(a, b, false);
    private static final Comparator<Term> EXACT = (a, b) -> Comparison.compare(a, b, true);

    private TermOrder() {}

    /**
     * Returns the order of Erlang's {@code <} and {@code ==}: {@code 1} and {@code 1.0} compare as equal, at every depth
     * but in map keys.
     *
     * @return the comparator; not consistent with {@code equals}
     */
    public static Comparator<Term> standard() {
        return STANDARD;
    }

    /**
     * Returns the order of map keys: as {@link #standard()}, but an integer comes before every float, {@code -0.0}
     * before {@code 0.0}, and terms compare as equal only when they are.
     *
     * @return the comparator; consistent with {@code equals}
     */
    public static Comparator<Term> exact() {
        return EXACT;
    }
}
