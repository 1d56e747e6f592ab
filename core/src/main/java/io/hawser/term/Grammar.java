package io.hawser.term;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is made of text in Erlang's syntax. Refuses with {@link IllegalArgumentException}, to which the parser adds where
 * that was.
 *
 * @param <T> a term, or a pattern of terms
 */
interface Grammar<T> {
    /** What one of them is called in messages. */
    String noun();

    /** The sign between a key and a value. */
    String association();

    T literal(Term term);

    /** Returns null if there are no variables. */
    @Nullable
    T variable(String name);

    T tuple(List<T> elements);

    T list(List<T> elements, T tail);

    /** Keys and values come in turn. */
    T map(List<T> keysAndValues);

    T nativeRecord(Atom module, Atom name, List<Atom> fields, List<T> values);
}
