package io.hawser.term;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads terms in Erlang's syntax, as {@code file:consult/1} does: numbers ({@code 16#ff}, {@code 1_000}, {@code $a},
 * {@code 1.0e10}), atoms, strings, lists, tuples, maps, {@code fun m:f/1}, comments, and binaries of integers
 * ({@code <<1,5:3>>}) and text ({@code <<"text">>}, {@code <<"text"/utf8>>}). Native records are read as exported ones.
 *
 * <p>It differs from Erlang in that it refuses a map key that stands twice, and text beyond Latin-1 in a binary without
 * {@code /utf8}. Integers in binaries are cut to their size as Erlang does.
 *
 * <p>The text may come from anybody: what it may contain is limited by the constants here, and neither time nor memory
 * grow faster than its length.
 *
 * <p>Thread-safe: stateless to the outside.
 *
 * @see <a href="https://www.erlang.org/doc/system/data_types.html">Data Types</a>
 */
public final class TermParser {
    /** How long a text may be, in UTF-16 characters: 16 Mi, as terms take several times the memory of their text. */
    public static final int MAX_CHARACTERS = 16 * 1024 * 1024;

    /** How deep terms may nest: {@value}. */
    public static final int MAX_DEPTH = 10_000;

    /** How many digits a number may have: {@value}, as reading one takes time in the square of that. */
    public static final int MAX_DIGITS = 20_000;

    /** How many bits an integer in a binary may take: {@value}, as a few digits could ask for any amount of memory. */
    public static final int MAX_SEGMENT_BITS = 256;

    private TermParser() {}

    /**
     * Reads text that holds exactly one term, with or without a full stop after it.
     *
     * @param text the text
     * @return the term
     * @throws TermParseException if it is anything else or exceeds a limit
     */
    public static Term parse(String text) {
        return new SyntaxParser<>(text, new Terms()).parse();
    }

    /** What stands for itself. */
    private static final class Terms implements Grammar<Term> {
        @Override
        public String noun() {
            return "a term";
        }

        @Override
        public String association() {
            return "=>";
        }

        @Override
        public Term literal(Term term) {
            return term;
        }

        @Override
        public @Nullable Term variable(String name) {
            return null;
        }

        @Override
        public Term tuple(List<Term> elements) {
            return new Tuple(elements);
        }

        @Override
        public Term list(List<Term> elements, Term tail) {
            return ListTerm.withTail(elements, tail);
        }

        @Override
        public Term map(List<Term> keysAndValues) {
            return MapTerm.of(keysAndValues.toArray(new Term[0]));
        }

        @Override
        public Term nativeRecord(Atom module, Atom name, List<Atom> fields, List<Term> values) {
            return new NativeRecord(module, name, true, fields, values);
        }
    }
}
