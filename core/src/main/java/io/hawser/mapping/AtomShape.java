package io.hawser.mapping;

import io.hawser.term.Atom;
import io.hawser.term.Term;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** One of some atoms: an enum, or, with a single atom, a record without components. */
final class AtomShape implements Layout {
    private static final Term[] NOTHING = {};

    private final Set<Atom> atoms;

    AtomShape(Collection<Atom> atoms) {
        this.atoms = Collections.unmodifiableSet(new LinkedHashSet<>(atoms));
    }

    @Override
    public boolean matches(Term term) {
        return term instanceof Atom atom && atoms.contains(atom);
    }

    @Override
    public boolean overlaps(Shape other) {
        return other instanceof AtomShape shape && !Collections.disjoint(atoms, shape.atoms);
    }

    @Override
    public Term join(Term[] components) {
        return atoms.iterator().next();
    }

    @Override
    public Term[] split(Term term, String name) {
        if (!matches(term)) {
            throw Mismatch.of(term, name, toString());
        }
        return NOTHING;
    }

    @Override
    public String toString() {
        List<String> words = new ArrayList<>();
        atoms.forEach(atom -> words.add(atom.toString()));
        return Words.anyOf(words);
    }
}
