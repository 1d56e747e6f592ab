package io.hawser.term;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes a pattern of Erlang's syntax, and collects its variables. Not thread-safe; used once. */
final class PatternGrammar implements Grammar<PatternPart> {
    private static final PatternPart ANY = new PatternPart.Any();

    private final Map<String, Integer> slots = new LinkedHashMap<>();
    private final Set<PatternPart.Variable> keys = new LinkedHashSet<>();

    /** The variables in order, each with its place among the values. */
    Map<String, Integer> slots() {
        return slots;
    }

    /** Those that stand for keys of maps. */
    Set<PatternPart.Variable> keys() {
        return keys;
    }

    @Override
    public String noun() {
        return "a pattern";
    }

    @Override
    public String association() {
        return ":=";
    }

    @Override
    public PatternPart literal(Term term) {
        return new PatternPart.Literal(term);
    }

    @Override
    public PatternPart variable(String name) {
        return name.equals("_")
                ? ANY
                : new PatternPart.Variable(name, slots.computeIfAbsent(name, any -> slots.size()));
    }

    @Override
    public PatternPart tuple(List<PatternPart> elements) {
        List<Term> terms = literals(elements);
        return terms == null ? new PatternPart.TupleOf(List.copyOf(elements)) : literal(new Tuple(terms));
    }

    @Override
    public PatternPart list(List<PatternPart> elements, PatternPart tail) {
        List<Term> terms = literals(elements);
        return terms == null || !(tail instanceof PatternPart.Literal end)
                ? new PatternPart.ListOf(List.copyOf(elements), tail)
                : literal(ListTerm.withTail(terms, end.term()));
    }

    /** Returns the terms if all parts are such: then they are compared as one. */
    private static @Nullable List<Term> literals(List<PatternPart> parts) {
        var terms = new ArrayList<Term>(parts.size());
        for (PatternPart part : parts) {
            if (!(part instanceof PatternPart.Literal literal)) {
                return null;
            }
            terms.add(literal.term());
        }
        return terms;
    }

    @Override
    public PatternPart map(List<PatternPart> keysAndValues) {
        var fixed = new ArrayList<PatternPart>();
        var values = new ArrayList<PatternPart>();
        for (int i = 0; i < keysAndValues.size(); i += 2) {
            fixed.add(key(keysAndValues.get(i)));
            values.add(keysAndValues.get(i + 1));
        }
        return new PatternPart.MapOf(List.copyOf(fixed), List.copyOf(values));
    }

    private PatternPart key(PatternPart key) {
        if (key instanceof PatternPart.Variable variable) {
            keys.add(variable);
        } else if (!(key instanceof PatternPart.Literal)) {
            throw new IllegalArgumentException(
                    "found a pattern as the key of a map (expected: a variable, or a term without variables and maps)");
        }
        return key;
    }

    @Override
    public PatternPart nativeRecord(Atom module, Atom name, List<Atom> fields, List<PatternPart> values) {
        throw new IllegalArgumentException("found a native record (expected: a pattern of anything else)");
    }
}
