package io.hawser.term;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A native record of OTP 29, {@code #module:name{field = Value, ...}}. Immutable.
 *
 * @param module the module that defines it
 * @param name its name
 * @param exported whether other modules may use its definition
 * @param fields the field names in order, all different
 * @param values the values in the order of the fields
 */
public record NativeRecord(Atom module, Atom name, boolean exported, List<Atom> fields, List<Term> values)
        implements Term {
    /**
     * Copies and checks the fields.
     *
     * @param module the module
     * @param name its name
     * @param exported whether exported
     * @param fields the field names; copied
     * @param values the values; copied
     * @throws IllegalArgumentException if there are not as many values as fields, or a field stands twice
     */
    public NativeRecord {
        fields = List.copyOf(fields);
        values = List.copyOf(values);
        if (fields.size() != values.size() || hasTwice(fields)) {
            throw new IllegalArgumentException("native record: " + fields.size() + " fields, " + values.size()
                    + " values (expected: as many, and no field twice)");
        }
    }

    // by sorting: a peer chooses the names, and could choose such that collide in a hash table
    private static boolean hasTwice(List<Atom> fields) {
        var sorted = new ArrayList<Atom>(fields);
        sorted.sort(TermOrder.exact());
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i).equals(sorted.get(i - 1))) {
                return true;
            }
        }
        return false;
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
