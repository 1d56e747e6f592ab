package io.hawser.mapping;

import io.hawser.term.Atom;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A tuple of the components, after a tag or without one. */
final class TupleLayout implements Layout {
    private final @Nullable Atom tag;
    private final List<String> names;
    private final int arity;

    /** @param names those of the components, for errors */
    TupleLayout(@Nullable Atom tag, List<String> names) {
        this.tag = tag;
        this.names = names;
        this.arity = names.size() + (tag == null ? 0 : 1);
    }

    @Override
    public boolean matches(Term term) {
        return term instanceof Tuple tuple && tuple.arity() == arity && (tag == null || tag.equals(tuple.element(0)));
    }

    @Override
    public boolean resembles(Term term) {
        return tag != null && term instanceof Tuple tuple && tuple.arity() > 0 && tag.equals(tuple.element(0));
    }

    @Override
    public boolean overlaps(Shape other) {
        return other instanceof TupleLayout layout
                && arity == layout.arity
                && (tag == null || layout.tag == null || tag.equals(layout.tag));
    }

    @Override
    public Term join(Term[] components) {
        if (tag == null) {
            return Tuple.of(components);
        }
        var elements = new Term[arity];
        elements[0] = tag;
        System.arraycopy(components, 0, elements, 1, components.length);
        return Tuple.of(elements);
    }

    @Override
    public Term[] split(Term term, String name) {
        if (!matches(term)) {
            throw Mismatch.of(term, name, toString());
        }
        Term[] elements = ((Tuple) term).elements().toArray(new Term[0]);
        return tag == null ? elements : Arrays.copyOfRange(elements, 1, arity);
    }

    @Override
    public String toString() {
        String inside = String.join(", ", names);
        return "{" + (tag == null ? inside : tag + ", " + inside) + "}";
    }
}
