package io.hawser.term;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the variables of a {@link TermPattern} stood for in one term. The getters for one kind of term throw
 * {@link IllegalArgumentException} when it is another: the message names the variable and both kinds, never the value.
 *
 * <p>Thread-safe: immutable.
 */
public final class Bindings {
    private final TermPattern pattern;
    private final Term term;
    private final @Nullable Term[] values;

    Bindings(TermPattern pattern, Term term, @Nullable Term[] values) {
        this.pattern = pattern;
        this.term = term;
        this.values = values;
    }

    /**
     * Returns the whole term that matched.
     *
     * @return the term
     */
    public Term term() {
        return term;
    }

    /**
     * Returns what a variable stood for.
     *
     * @param variable its name
     * @return the term
     * @throws IllegalArgumentException if the pattern has no such variable
     */
    public Term get(String variable) {
        Term value = values[pattern.slot(variable)];
        if (value == null) {
            throw new IllegalStateException("pattern " + pattern + ": " + variable + " has no value");
        }
        return value;
    }

    /**
     * Returns what a variable stood for, as one kind of term.
     *
     * @param <T> the kind
     * @param variable its name
     * @param type the class of that kind
     * @return the term
     * @throws IllegalArgumentException if it is another kind, or the pattern has no such variable
     */
    public <T extends Term> T as(String variable, Class<T> type) {
        return expect(variable, type, type.getSimpleName());
    }

    /**
     * Returns an atom.
     *
     * @param variable its name
     * @return the atom
     * @throws IllegalArgumentException if it is something else, or the pattern has no such variable
     */
    public Atom atom(String variable) {
        return expect(variable, Atom.class, "an atom");
    }

    /**
     * Returns a pid.
     *
     * @param variable its name
     * @return the pid
     * @throws IllegalArgumentException if it is something else, or the pattern has no such variable
     */
    public Pid pid(String variable) {
        return expect(variable, Pid.class, "a pid");
    }

    /**
     * Returns a reference.
     *
     * @param variable its name
     * @return the reference
     * @throws IllegalArgumentException if it is something else, or the pattern has no such variable
     */
    public Reference reference(String variable) {
        return expect(variable, Reference.class, "a reference");
    }

    /**
     * Returns an integer.
     *
     * @param variable its name
     * @return its value
     * @throws IllegalArgumentException if it is something else or does not fit, or the pattern has no such variable
     */
    public long longValue(String variable) {
        return expect(variable, Int.class, "an integer of 64 bits").value();
    }

    /**
     * Returns text: a binary in UTF-8, as in Elixir, or a list of characters, as in Erlang.
     *
     * @param variable its name
     * @return the text; empty for {@code <<>>} and {@code []}
     * @throws IllegalArgumentException if it is something else, or the pattern has no such variable
     */
    public String text(String variable) {
        Term value = get(variable);
        Optional<String> text = Optional.empty();
        if (value instanceof Binary binary) {
            text = Optional.ofNullable(FlatPrinter.utf8(binary.bytes()));
        } else if (value instanceof ListTerm list) {
            text = list.asString();
        }
        return text.orElseThrow(() -> mismatch(variable, value, "text: UTF-8 in a binary, or a list of characters"));
    }

    private <T extends Term> T expect(String variable, Class<T> type, String expected) {
        Term value = get(variable);
        if (!type.isInstance(value)) {
            throw mismatch(variable, value, expected);
        }
        return type.cast(value);
    }

    private static IllegalArgumentException mismatch(String variable, Term found, String expected) {
        return new IllegalArgumentException(variable + ": found " + kindOf(found) + " (expected: " + expected + ")");
    }

    private static String kindOf(Term term) {
        return switch (Kind.of(term)) {
            case NUMBER ->
                term instanceof FloatTerm
                        ? "a float"
                        : term instanceof Int ? "an integer" : "an integer beyond 64 bits";
            case ATOM -> "an atom";
            case REFERENCE -> "a reference";
            case FUN -> "a fun";
            case PORT -> "a port";
            case PID -> "a pid";
            case TUPLE -> "a tuple";
            case NATIVE_RECORD -> "a native record";
            case MAP -> "a map";
            case NIL -> "an empty list";
            case LIST -> "a list";
            case BITSTRING -> term instanceof Binary ? "a binary" : "a bitstring";
        };
    }

    /**
     * Returns all of them.
     *
     * @return names and terms, in the order of the pattern; a copy
     */
    public Map<String, Term> asMap() {
        var all = new LinkedHashMap<String, Term>();
        pattern.variables().forEach(name -> all.put(name, get(name)));
        return all;
    }

    /**
     * Returns them as text.
     *
     * @return such as <code>{Key=k, Value=1}</code>
     */
    @Override
    public String toString() {
        return asMap().toString();
    }
}
