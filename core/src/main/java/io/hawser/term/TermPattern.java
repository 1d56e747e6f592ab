package io.hawser.term;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A pattern in Erlang's syntax, such as {@code {put, Key, _}}: it matches terms of its form and names their parts.
 *
 * <ul>
 *   <li>A variable, {@code Key}, matches any term. Where it stands again the term must be equal ({@code =:=}).
 *   <li>{@code _} matches any term, each time. {@code _Name} is a variable whose value nobody wants: it is not among the
 *       bindings, but as in Erlang must be equal where it stands again.
 *   <li>Numbers, atoms, strings, binaries, bitstrings and (other than in Erlang) {@code fun m:f/1} match what is equal:
 *       {@code 1} is not {@code 1.0}.
 *   <li>A tuple matches one of that arity; {@code [A,B]} a list of that length; {@code [H|T]} any list with at least one
 *       element, the rest of which is {@code T}.
 *   <li>A map matches one that has its keys, and perhaps more: {@code #{id := Id}}; <code>#{}</code> matches every map. A
 *       key is a term, or a variable that {@link #bind} gave a value.
 * </ul>
 *
 * <p>The text is read once, by {@link #parse}: keep patterns in constants. Values of the program go in by {@link #bind},
 * never by putting text together. There are no guards, no types and no alternatives: look at the {@link Bindings}, or try
 * one pattern after the other. Binaries are matched as a whole, and native records by no pattern but a variable.
 *
 * <p>Terms may come from anybody: matching takes time linear in pattern and term (each key of a map: the logarithm of its
 * size), and no stack however deep they nest.
 *
 * <p>Thread-safe: immutable.
 *
 * @see <a href="https://www.erlang.org/doc/system/patterns.html">Patterns</a>
 */
public final class TermPattern {
    private final String text;
    private final PatternPart root;
    private final Map<String, Integer> slots;
    private final Set<PatternPart.Variable> keys;
    private final @Nullable Term[] bound;

    private TermPattern(
            String text,
            PatternPart root,
            Map<String, Integer> slots,
            Set<PatternPart.Variable> keys,
            @Nullable Term[] bound) {
        this.text = text;
        this.root = root;
        this.slots = slots;
        this.keys = keys;
        this.bound = bound;
    }

    /**
     * Reads a pattern, with or without a full stop after it, within the limits of {@link TermParser}.
     *
     * @param text the pattern in Erlang's syntax
     * @return the pattern
     * @throws TermParseException if it is anything else; says at which line and column
     */
    public static TermPattern parse(String text) {
        var grammar = new PatternGrammar();
        PatternPart root = new SyntaxParser<>(text, grammar).parse();
        var slots = new LinkedHashMap<>(grammar.slots());
        return new TermPattern(text, root, slots, Set.copyOf(grammar.keys()), new Term[slots.size()]);
    }

    /**
     * Returns this pattern with a value for a variable, which then matches what is equal alone: {@code {Ref, Reply}} with
     * {@code Ref} bound waits for one reply.
     *
     * @param variable its name, a variable of this pattern that does not begin with an underscore
     * @param value what it must be, in place of what was bound before
     * @return the new pattern
     * @throws IllegalArgumentException if the pattern has no such variable
     */
    public TermPattern bind(String variable, Term value) {
        Objects.requireNonNull(value, "value");
        @Nullable Term[] values = bound.clone();
        values[slot(variable)] = value;
        return new TermPattern(text, root, slots, keys, values);
    }

    /** Returns the place of a variable that has a name to its user. */
    int slot(String variable) {
        Integer slot = slots.get(variable);
        if (slot == null || variable.startsWith("_")) {
            throw new IllegalArgumentException("pattern " + Printable.of(text) + ": no variable "
                    + Printable.of(variable) + " (expected: " + expected() + ")");
        }
        return slot;
    }

    private String expected() {
        return variables().isEmpty() ? "none, it has no variables" : "one of " + String.join(", ", variables());
    }

    /**
     * Returns the names of its variables, bound ones included, without those that begin with an underscore.
     *
     * @return the names in the order of the text
     */
    public List<String> variables() {
        return slots.keySet().stream().filter(name -> !name.startsWith("_")).toList();
    }

    /**
     * Matches a term.
     *
     * @param term the term, whole
     * @return what the variables stand for; empty if the term does not match
     * @throws IllegalStateException if a variable that is a map's key has no value, see {@link #bind}
     */
    public Optional<Bindings> match(Term term) {
        @Nullable Term[] values = attempt(term);
        return values == null ? Optional.empty() : Optional.of(new Bindings(this, term, values));
    }

    /**
     * Says whether a term matches.
     *
     * @param term the term, whole
     * @return whether {@link #match} would return bindings
     * @throws IllegalStateException if a variable that is a map's key has no value, see {@link #bind}
     */
    public boolean matches(Term term) {
        return attempt(term) != null;
    }

    private @Nullable Term @Nullable [] attempt(Term term) {
        Objects.requireNonNull(term, "term");
        requireKeys();
        @Nullable Term[] values = bound.clone();
        return new PatternMatch(values).run(root, term) ? values : null;
    }

    private void requireKeys() {
        for (PatternPart.Variable key : keys) {
            if (bound[key.slot()] == null) {
                throw new IllegalStateException("pattern " + Printable.of(text) + ": the key " + key.name()
                        + " has no value (expected: bind before match)");
            }
        }
    }

    /**
     * Returns the text it was read from.
     *
     * @return the pattern in Erlang's syntax; values that were bound do not show
     */
    @Override
    public String toString() {
        return text;
    }
}
