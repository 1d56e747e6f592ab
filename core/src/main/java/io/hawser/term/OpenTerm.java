package io.hawser.term;

import java.util.List;

/** A term that holds terms, while it is being printed: its punctuation, and how far it got. */
final class OpenTerm {
    private final Term term;
    private final List<Term> children;
    private final int indent;
    private int next;

    /** @param indent the column that lines inside it start at; only for printing on several lines */
    OpenTerm(Term term, List<Term> children, int indent) {
        this.term = term;
        this.children = children;
        this.indent = indent;
    }

    int indent() {
        return indent;
    }

    boolean hasNext() {
        return next < children.size();
    }

    Term next() {
        return children.get(next++);
    }

    Term peek() {
        return children.get(next);
    }

    /** Returns whether what comes next never starts a line: it stands behind the opening bracket or an arrow. */
    boolean nextStaysOnLine() {
        return next == 0 || isMapValue();
    }

    /** Returns whether what comes next may share a line with what was before: numbers and the like in a list do. */
    boolean nextIsSmall() {
        return term instanceof ListTerm && !Nesting.isPossible(peek());
    }

    private boolean isMapValue() {
        return term instanceof MapTerm && next % 2 == 1;
    }

    /** Returns what stands between the last child and the next one. */
    String separator() {
        if (next == 0) {
            return "";
        } else if (isMapValue()) {
            return " => ";
        } else if (term instanceof ImproperList && next == children.size() - 1) {
            return "|";
        }
        return ",";
    }

    /** Appends what stands in front of the next child: a native record's field name. */
    void appendLabel(StringBuilder out) {
        if (term instanceof NativeRecord nativeRecord) {
            FlatPrinter.appendAtom(out, nativeRecord.fields().get(next));
            out.append(" = ");
        }
    }

    static void appendOpening(StringBuilder out, Term term) {
        if (term instanceof Tuple) {
            out.append('{');
        } else if (term instanceof MapTerm) {
            out.append("#{");
        } else if (term instanceof NativeRecord nativeRecord) {
            out.append('#');
            FlatPrinter.appendAtom(out, nativeRecord.module());
            out.append(':');
            FlatPrinter.appendAtom(out, nativeRecord.name());
            out.append('{');
        } else {
            out.append('[');
        }
    }

    char closing() {
        return term instanceof ListTerm || term instanceof ImproperList ? ']' : '}';
    }
}
