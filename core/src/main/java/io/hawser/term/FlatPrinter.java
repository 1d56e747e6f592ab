package io.hawser.term;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Appends terms on one line. Not thread-safe; used by one caller at a time. */
final class FlatPrinter {
    private static final String LOCAL_NODE = "nonode@nohost";

    /** Shows no list and no binary as text. */
    static final int NO_TEXT = 0;

    private final StringBuilder out;
    private final int longestText;

    /** @param longestText how long a list or a binary of printable characters may be to be shown as text */
    FlatPrinter(StringBuilder out, int longestText) {
        this.out = out;
        this.longestText = longestText;
    }

    /**
     * Appends a term, and stops soon when more than a limit has been appended.
     *
     * @param limit how long the text in the builder may become
     * @return whether the whole term was appended and is within the limit
     */
    boolean print(Term term, int limit) {
        Deque<OpenTerm> open = new ArrayDeque<>();
        begin(term, limit, open);
        for (OpenTerm top = open.peek(); top != null && out.length() <= limit; top = open.peek()) {
            if (top.hasNext()) {
                out.append(top.separator());
                top.appendLabel(out);
                begin(top.next(), limit, open);
            } else {
                out.append(top.closing());
                open.pop();
            }
        }
        return out.length() <= limit;
    }

    private void begin(Term term, int limit, Deque<OpenTerm> open) {
        List<Term> children = term instanceof LocalFun ? null : Nesting.children(term);
        if (children == null) {
            appendLeaf(term, limit);
        } else if (!(term instanceof ListTerm list) || list.size() > longestText || !appendString(list)) {
            OpenTerm.appendOpening(out, term);
            open.push(new OpenTerm(term, children, 0));
        }
    }

    private boolean appendString(ListTerm list) {
        String text = list.elements().isEmpty() ? "" : list.asString().orElse("");
        boolean printable = !text.isEmpty() && text.codePoints().allMatch(Syntax::isPrintable);
        if (printable) {
            Syntax.quote(out, text, '"');
        }
        return printable;
    }

    private void appendLeaf(Term term, int limit) {
        if (term instanceof Atom atom) {
            appendAtom(out, atom);
        } else if (term instanceof FloatTerm number) {
            out.append(ShortestFloat.print(number.value()));
        } else if (term instanceof Binary binary) {
            if (binary.size() > longestText || !appendText(binary)) {
                int shown = Math.min(binary.size(), Math.max(limit, 0)); // each takes a character at least
                appendBits(binary.part(0, shown).bytes(), 8, limit);
            }
        } else if (term instanceof Bitstring bits) {
            appendBits(bits.bytes(), bits.lastBits(), limit);
        } else if (term instanceof Pid pid) {
            out.append('<');
            appendNode(pid.node());
            out.append('.').append(pid.id()).append('.').append(pid.serial()).append('>');
        } else if (term instanceof Port port) {
            out.append("#Port<");
            appendNode(port.node());
            out.append('.').append(Long.toUnsignedString(port.id())).append('>');
        } else if (term instanceof Reference reference) {
            appendReference(reference);
        } else if (term instanceof ExternalFun fun) {
            out.append("fun ");
            appendAtom(out, fun.module());
            out.append(':');
            appendAtom(out, fun.function());
            out.append('/').append(fun.arity());
        } else if (term instanceof LocalFun fun) {
            out.append("#Fun<");
            appendAtom(out, fun.module());
            out.append('.')
                    .append(fun.oldIndex())
                    .append('.')
                    .append(fun.oldUniq())
                    .append('>');
        } else {
            out.append(term); // an integer
        }
    }

    static void appendAtom(StringBuilder out, Atom atom) {
        if (Syntax.needsQuotes(atom.text())) {
            Syntax.quote(out, atom.text(), '\'');
        } else {
            out.append(atom.text());
        }
    }

    private void appendNode(Atom node) {
        if (node.text().equals(LOCAL_NODE)) {
            out.append('0');
        } else {
            appendAtom(out, node);
        }
    }

    // the words are printed last to first
    private void appendReference(Reference reference) {
        out.append("#Ref<");
        appendNode(reference.node());
        for (int i = reference.wordCount() - 1; i >= 0; i--) {
            out.append('.').append(Integer.toUnsignedString(reference.word(i)));
        }
        out.append('>');
    }

    private void appendBits(byte[] bytes, int lastBits, int limit) {
        out.append("<<");
        for (int i = 0; i < bytes.length && out.length() <= limit; i++) {
            if (i > 0) {
                out.append(',');
            }
            int value = bytes[i] & 0xFF;
            if (i == bytes.length - 1 && lastBits < 8) {
                out.append(value >> (8 - lastBits)).append(':').append(lastBits);
            } else {
                out.append(value);
            }
        }
        out.append(">>");
    }

    private boolean appendText(Binary binary) {
        String text = utf8(binary.bytes());
        if (text == null || text.isEmpty() || !text.codePoints().allMatch(Syntax::isPrintable)) {
            return false;
        }
        out.append("<<");
        Syntax.quote(out, text, '"');
        out.append(text.length() == binary.size() ? ">>" : "/utf8>>");
        return true;
    }

    /** Returns null if the bytes are not UTF-8. */
    static @Nullable String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return null; // not text: printed as numbers
        }
    }
}
