package io.hawser.term;

import java.util.ArrayList;
import java.util.List;

/**
 * A list, tuple, map or native record whose end has not been read yet.
 *
 * @param <T> what it is made of
 */
final class OpenSyntax<T> {
    enum Form {
        LIST,
        TUPLE,
        MAP,
        RECORD
    }

    final Form form;
    final Token start;
    final List<T> parts = new ArrayList<>();

    /** Of a native record: module, name, then the field names. */
    final List<Atom> names = new ArrayList<>();

    /** Of a list: whether the bar has been read. */
    boolean atTail;

    /** Of a list: how many tails are lists that are open too; their elements are in this one's parts. */
    int openTails;

    OpenSyntax(Form form, Token start) {
        this.form = form;
        this.start = start;
    }

    String closing() {
        return form == Form.LIST ? "]" : "}";
    }

    /** @throws IllegalArgumentException if the grammar refuses it */
    T build(Grammar<T> grammar) {
        return switch (form) {
            case LIST -> grammar.list(parts, grammar.literal(ListTerm.EMPTY));
            case TUPLE -> grammar.tuple(parts);
            case MAP -> grammar.map(parts);
            case RECORD -> grammar.nativeRecord(names.get(0), names.get(1), names.subList(2, names.size()), parts);
        };
    }
}
