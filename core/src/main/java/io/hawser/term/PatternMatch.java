package io.hawser.term;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to match a term. Each part of the pattern meets one part of the term, and where it keeps its place is on
 * the heap: time is linear in the sizes of both, and the stack does not grow with either. Not thread-safe; used once.
 */
final class PatternMatch {
    private final @Nullable Term[] values;
    private final Deque<Pair> pending = new ArrayDeque<>(4);

    /** A part that holds others, and a term of its shape. */
    private record Pair(PatternPart part, Term term) {}

    /** @param values by slot: those bound before; those of this match are added */
    PatternMatch(@Nullable Term[] values) {
        this.values = values;
    }

    boolean run(PatternPart pattern, Term term) {
        boolean matches = meet(pattern, term);
        for (Pair pair = pending.poll(); matches && pair != null; pair = pending.poll()) {
            matches = enter(pair.part, pair.term);
        }
        return matches;
    }

    /** Decides about a part at once, but for what it holds. */
    private boolean meet(PatternPart part, Term term) {
        if (part instanceof PatternPart.Any) {
            return true;
        } else if (part instanceof PatternPart.Literal literal) {
            return literal.term().equals(term);
        } else if (part instanceof PatternPart.Variable variable) {
            return bind(variable.slot(), term);
        }
        boolean fits = hasShape(part, term);
        if (fits) {
            pending.push(new Pair(part, term));
        }
        return fits;
    }

    private boolean bind(int slot, Term term) {
        Term bound = values[slot];
        if (bound == null) {
            values[slot] = term;
            return true;
        }
        return bound.equals(term);
    }

    private static boolean hasShape(PatternPart part, Term term) {
        if (part instanceof PatternPart.TupleOf tuple) {
            return term instanceof Tuple t && t.arity() == tuple.elements().size();
        } else if (part instanceof PatternPart.ListOf list) {
            int given = elements(term).size();
            int wanted = list.elements().size();
            return list.isProper() ? term instanceof ListTerm && given == wanted : given >= wanted;
        }
        return term instanceof MapTerm;
    }

    private static List<Term> elements(Term list) {
        if (list instanceof ListTerm proper) {
            return proper.elements();
        }
        return list instanceof ImproperList improper ? improper.elements() : List.of();
    }

    private boolean enter(PatternPart part, Term term) {
        if (part instanceof PatternPart.TupleOf tuple) {
            return meetAll(tuple.elements(), ((Tuple) term).elements());
        } else if (part instanceof PatternPart.ListOf list) {
            return meetAll(list.elements(), elements(term)) && meetTail(list, term);
        }
        return meetValues((PatternPart.MapOf) part, (MapTerm) term);
    }

    private boolean meetAll(List<PatternPart> parts, List<Term> terms) {
        for (int i = 0; i < parts.size(); i++) {
            if (!meet(parts.get(i), terms.get(i))) {
                return false;
            }
        }
        return true;
    }

    private boolean meetTail(PatternPart.ListOf list, Term term) {
        if (list.isProper() || list.tail() instanceof PatternPart.Any) {
            return true; // the rest need not be made
        }
        List<Term> all = elements(term);
        List<Term> rest = all.subList(list.elements().size(), all.size());
        if (term instanceof ImproperList improper) {
            return meet(list.tail(), rest.isEmpty() ? improper.tail() : new ImproperList(rest, improper.tail()));
        }
        return meet(list.tail(), rest.isEmpty() ? ListTerm.EMPTY : new ListTerm(rest));
    }

    private boolean meetValues(PatternPart.MapOf map, MapTerm term) {
        for (int i = 0; i < map.keys().size(); i++) {
            Term value = term.sorted().get(key(map.keys().get(i)));
            if (value == null || !meet(map.values().get(i), value)) {
                return false;
            }
        }
        return true;
    }

    private @Nullable Term key(PatternPart key) {
        return key instanceof PatternPart.Literal literal
                ? literal.term()
                : values[((PatternPart.Variable) key).slot()];
    }
}
