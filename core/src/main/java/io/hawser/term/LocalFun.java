package io.hawser.term;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A fun made by a {@code fun ... end} expression in an Erlang module ({@code NEW_FUN_EXT}). Hawser never runs one: it
 * carries it, and sends it back exactly as it came. Immutable.
 *
 * <p>Two are equal when OTP takes them for equal: when module, index, old hash and the values they close over are.
 * Another creator, arity, MD5 or old index makes no difference.
 *
 * @param module the module that holds its code
 * @param arity the number of its arguments
 * @param uniq MD5 of the module's significant parts, 16 bytes
 * @param index which fun of the module, unsigned 32 bits
 * @param oldIndex the index in the old numbering
 * @param oldUniq the hash in the old numbering
 * @param creator the process that made it
 * @param free the values it closes over
 */
public record LocalFun(
        Atom module,
        int arity,
        Binary uniq,
        long index,
        IntegerTerm oldIndex,
        IntegerTerm oldUniq,
        Pid creator,
        List<Term> free)
        implements Term {
    /**
     * Checks the ranges and copies the free values.
     *
     * @param module the module
     * @param arity 0 to 255
     * @param uniq 16 bytes
     * @param index unsigned 32 bits
     * @param oldIndex the old index
     * @param oldUniq the old hash
     * @param creator the process that made it
     * @param free the values it closes over; copied
     * @throws IllegalArgumentException if a number is out of range
     */
    public LocalFun {
        if (arity < 0 || arity > 255 || uniq.size() != 16) {
            throw new IllegalArgumentException(
                    "fun: arity " + arity + ", uniq of " + uniq.size() + " bytes (expected: 0 to 255, 16 bytes)");
        }
        Unsigned.check32("fun index", index);
        free = List.copyOf(free);
    }

    @Override
    public boolean equals(@Nullable Object o) {
        return Nesting.equal(this, o);
    }

    @Override
    public int hashCode() {
        return Nesting.hash(this);
    }

    @Override
    public String toString() {
        return TermPrinter.print(this);
    }
}
