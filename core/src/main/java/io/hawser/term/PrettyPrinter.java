package io.hawser.term;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Prints one term on several lines: whatever fits into the rest of a line stays on it, other terms are opened, and their
 * children start lines of their own. Whether a term fits is tried out by printing it, which stops at the line's end, so
 * the time does not depend on how deep it nests. Not thread-safe; used once.
 */
final class PrettyPrinter {
    private final StringBuilder out = new StringBuilder();
    private final FlatPrinter flat = new FlatPrinter(out, Integer.MAX_VALUE);
    private final Deque<OpenTerm> open = new ArrayDeque<>();
    private final int width;
    private int lineStart;

    PrettyPrinter(int width) {
        this.width = width;
    }

    String print(Term term) {
        place(term);
        for (OpenTerm top = open.peek(); top != null; top = open.peek()) {
            if (top.hasNext()) {
                placeNext(top);
            } else {
                out.append(top.closing());
                open.pop();
            }
        }
        return out.toString();
    }

    private void placeNext(OpenTerm top) {
        out.append(top.separator());
        boolean staysOnLine = top.nextStaysOnLine();
        boolean isSmall = top.nextIsSmall();
        Term child = top.peek();
        if (!staysOnLine && !(isSmall && fits(child))) {
            startLine(top.indent());
        }
        top.appendLabel(out);
        place(top.next());
    }

    private void startLine(int indent) {
        out.append('\n');
        lineStart = out.length();
        out.append(" ".repeat(indent));
    }

    private void place(Term term) {
        int start = out.length();
        if (flat.print(term, endOfLine())) {
            return;
        }
        out.setLength(start);
        List<Term> children = term instanceof LocalFun ? null : Nesting.children(term);
        if (children == null || children.isEmpty() || isText(term)) {
            flat.print(term, Integer.MAX_VALUE);
            return;
        }
        OpenTerm.appendOpening(out, term);
        int indent = Math.min(out.length() - lineStart, width / 2);
        open.push(new OpenTerm(term, children, indent));
    }

    private int endOfLine() {
        return lineStart > Integer.MAX_VALUE - width ? Integer.MAX_VALUE : lineStart + width;
    }

    private boolean fits(Term term) {
        int start = out.length();
        boolean fits = flat.print(term, endOfLine());
        out.setLength(start);
        return fits;
    }

    private static boolean isText(Term term) {
        return term instanceof ListTerm list
                && list.asString()
                        .filter(text -> text.codePoints().allMatch(Syntax::isPrintable))
                        .isPresent();
    }
}
