package io.hawser.term;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
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

    private final TermScanner scanner;
    private final Deque<OpenSyntax> open = new ArrayDeque<>();
    private Token token;

    private TermParser(String text) {
        scanner = new TermScanner(text);
        token = scanner.next();
    }

    /**
     * Reads text that holds exactly one term, with or without a full stop after it.
     *
     * @param text the text
     * @return the term
     * @throws TermParseException if it is anything else or exceeds a limit
     */
    public static Term parse(String text) {
        if (text.length() > MAX_CHARACTERS) {
            throw new TermParseException(
                    1, 1, "found " + text.length() + " characters (expected: at most " + MAX_CHARACTERS + ")");
        }
        var parser = new TermParser(text);
        Term term = parser.term();
        if (parser.token.type() == Token.Type.FULL_STOP) {
            parser.advance();
        }
        if (parser.token.type() != Token.Type.END) {
            throw parser.unexpected("the end of the text");
        }
        return term;
    }

    private TermParseException unexpected(String expected) {
        return scanner.error(token.start(), "found " + token.describe() + " (expected: " + expected + ")");
    }

    private void advance() {
        token = scanner.next();
    }

    private boolean skip(String sign) {
        boolean found = token.is(sign);
        if (found) {
            advance();
        }
        return found;
    }

    private void expect(String sign) {
        if (!skip(sign)) {
            throw unexpected("'" + sign + "'");
        }
    }

    private Term term() {
        for (; ; ) {
            Term complete = begin();
            while (complete != null) {
                OpenSyntax top = open.peek();
                if (top == null) {
                    return complete;
                }
                complete = add(top, complete);
            }
        }
    }

    /** Reads a term, or its opening bracket: then it returns null, and the first term inside comes next. */
    private @Nullable Term begin() {
        Token first = token;
        if (skip("[")) {
            return beginList(first);
        } else if (skip("{")) {
            return skip("}") ? Tuple.EMPTY : open(new OpenSyntax(OpenSyntax.Form.TUPLE, first));
        } else if (skip("#")) {
            return skip("{") ? beginMap(first) : beginRecord(first);
        } else if (skip("<<")) {
            return bits();
        } else if (skip("fun")) {
            return fun();
        }
        return literal();
    }

    private @Nullable Term open(OpenSyntax syntax) {
        if (open.size() == MAX_DEPTH) {
            throw scanner.error(
                    syntax.start.start(),
                    "found terms nested deeper than expected (expected: at most " + MAX_DEPTH + ")");
        }
        open.push(syntax);
        return null;
    }

    // [a|[b|[c]]] is the list [a,b,c]: a tail that is a list goes on with the same elements
    private @Nullable Term beginList(Token first) {
        OpenSyntax top = open.peek();
        if (skip("]")) {
            return ListTerm.EMPTY;
        } else if (top != null && top.atTail) {
            top.atTail = false;
            top.openTails++;
            return null;
        }
        return open(new OpenSyntax(OpenSyntax.Form.LIST, first));
    }

    private @Nullable Term beginMap(Token first) {
        return skip("}") ? MapTerm.EMPTY : open(new OpenSyntax(OpenSyntax.Form.MAP, first));
    }

    private @Nullable Term beginRecord(Token first) {
        var syntax = new OpenSyntax(OpenSyntax.Form.RECORD, first);
        syntax.names.add(atom("'{' or a module"));
        expect(":");
        syntax.names.add(atom("a record name"));
        expect("{");
        if (skip("}")) {
            return syntax.build();
        }
        open(syntax);
        readField(syntax);
        return null;
    }

    private void readField(OpenSyntax syntax) {
        syntax.names.add(atom("a field name"));
        expect("=");
    }

    /** Adds a complete term to the one around it; returns that one if it is complete now. */
    private @Nullable Term add(OpenSyntax top, Term term) {
        if (top.atTail) {
            return closeList(top, term);
        }
        top.terms.add(term);
        if (top.form == OpenSyntax.Form.MAP && top.terms.size() % 2 == 1) {
            expect("=>");
            return null;
        } else if (skip(",")) {
            if (top.form == OpenSyntax.Form.RECORD) {
                readField(top);
            }
            return null;
        } else if (top.form == OpenSyntax.Form.LIST) {
            if (skip("|")) {
                top.atTail = true;
                return null;
            } else if (token.is("]")) {
                return closeList(top, ListTerm.EMPTY);
            }
            throw unexpected("',', '|' or ']'");
        } else if (skip(top.closing())) {
            open.pop();
            return build(top);
        }
        throw unexpected("',' or '" + top.closing() + "'");
    }

    private Term closeList(OpenSyntax list, Term tail) {
        for (int i = 0; i <= list.openTails; i++) {
            expect("]");
        }
        open.pop();
        return ListTerm.withTail(list.terms, tail);
    }

    private Term build(OpenSyntax syntax) {
        try {
            return syntax.build();
        } catch (IllegalArgumentException e) {
            throw scanner.error(syntax.start.start(), String.valueOf(e.getMessage()));
        }
    }

    private Term literal() {
        boolean negative = skip("-");
        if (negative || skip("+")) {
            return number(negative);
        }
        return switch (token.type()) {
            case NUMBER -> number(false);
            case ATOM -> atom("a term");
            case STRING -> ListTerm.ofString(string());
            case KEYWORD -> throw unexpected("a term; quoted, the word is an atom");
            case VARIABLE, SIGN, FULL_STOP, END -> throw unexpected("a term");
        };
    }

    private Term number(boolean negative) {
        if (token.type() != Token.Type.NUMBER) {
            throw unexpected("a number");
        }
        Term number = token.value();
        advance();
        if (!negative) {
            return number;
        } else if (number instanceof FloatTerm f) {
            return new FloatTerm(-f.value());
        }
        return IntegerTerm.of(((IntegerTerm) number).bigIntegerValue().negate());
    }

    private Atom atom(String expected) {
        if (token.type() != Token.Type.ATOM) {
            throw unexpected(expected);
        }
        try {
            var atom = Atom.of(token.text());
            advance();
            return atom;
        } catch (IllegalArgumentException e) {
            throw scanner.error(token.start(), String.valueOf(e.getMessage()));
        }
    }

    // "a" "b" is "ab"
    private String string() {
        var text = new StringBuilder();
        while (token.type() == Token.Type.STRING) {
            text.append(token.text());
            advance();
        }
        return text.toString();
    }

    private Term fun() {
        Atom module = atom("a module");
        expect(":");
        Atom function = atom("a function");
        expect("/");
        if (!(token.value() instanceof Int arity) || arity.value() > 255) {
            throw unexpected("an arity, 0 to 255");
        }
        advance();
        return new ExternalFun(module, function, (int) arity.value());
    }

    // <<1, 5:3, "text", "text"/utf8>>
    private Term bits() {
        var bits = new BitBuilder();
        if (skip(">>")) {
            return bits.toTerm();
        }
        do {
            if (token.type() == Token.Type.STRING) {
                appendText(bits);
            } else {
                appendInteger(bits);
            }
        } while (skip(","));
        if (!skip(">>")) {
            throw unexpected("',' or '>>'");
        }
        return bits.toTerm();
    }

    private void appendText(BitBuilder bits) {
        Token first = token;
        String text = string();
        if (skip("/")) {
            if (!atom("utf8").text().equals("utf8")) {
                throw scanner.error(first.start(), "found a string of another type (expected: utf8)");
            }
            bits.append(text.getBytes(StandardCharsets.UTF_8));
        } else if (text.chars().allMatch(c -> c <= 0xFF)) {
            bits.append(text.getBytes(StandardCharsets.ISO_8859_1));
        } else {
            throw scanner.error(
                    first.start(), "found a string with characters beyond 255 in a binary (expected: /utf8 after it)");
        }
    }

    private void appendInteger(BitBuilder bits) {
        boolean negative = skip("-");
        Token first = token;
        if (!(number(negative) instanceof IntegerTerm integer)) {
            throw scanner.error(first.start(), "found a float in a binary (expected: an integer or a string)");
        }
        int size = 8;
        if (skip(":")) {
            if (!(token.value() instanceof Int given) || given.value() > MAX_SEGMENT_BITS) {
                throw unexpected("a size in bits, 0 to " + MAX_SEGMENT_BITS);
            }
            size = (int) given.value();
            advance();
        }
        bits.append(integer.bigIntegerValue(), size);
    }
}
