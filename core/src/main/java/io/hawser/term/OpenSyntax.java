package io.hawser.term;

import java.util.ArrayList;
import java.util.List;

/** A list, tuple, map or native record whose end has not been read yet. */
final class OpenSyntax {
    enum Form {
        LIST,
        TUPLE,
        MAP,
        RECORD
    }

    final Form form;
    final Token start;
    final List<Term> terms = new ArrayList<>();

    /** Of a native record: module, name, then the field names. */
    final List<Atom> names = new ArrayList<>();

    /** Of a list: whether the bar has been read. */
    boolean atTail;

    /** Of a list: how many tails are lists that are open too; their elements are in this one's terms. */
    int openTails;

    OpenSyntax(Form form, Token start) {
        this.form = form;
        this.start = start;
    }

    String closing() {
        return form == Form.LIST ? "]" : "}";
    }

    Term build() {
        return switch (form) {
            case LIST -> new ListTerm(terms);
            case TUPLE -> new Tuple(terms);
            case MAP -> MapTerm.of(terms.toArray(new Term[0]));
            case RECORD -> new NativeRecord(names.get(0), names.get(1), true, names.subList(2, names.size()), terms);
        };
    }
}
