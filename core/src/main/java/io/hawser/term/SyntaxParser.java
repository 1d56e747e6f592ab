package io.hawser.term;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads Erlang's syntax within the limits of {@link TermParser}: what it means is up to a {@link Grammar}. What is open
 * is kept on the heap, so no text exhausts the stack. Not thread-safe; used once.
 */
final class SyntaxParser<T> {
    private final TermScanner scanner;
    private final Grammar<T> grammar;
    private final Deque<OpenSyntax<T>> open = new ArrayDeque<>();
    private Token token;

    SyntaxParser(String text, Grammar<T> grammar) {
        if (text.length() > TermParser.MAX_CHARACTERS) {
            throw new TermParseException(
                    1,
                    1,
                    "found " + text.length() + " characters (expected: at most " + TermParser.MAX_CHARACTERS + ")");
        }
        this.grammar = grammar;
        scanner = new TermScanner(text);
        token = scanner.next();
    }

    /** Reads exactly one, with or without a full stop after it. */
    T parse() {
        T whole = whole();
        if (token.type() == Token.Type.FULL_STOP) {
            advance();
        }
        if (token.type() != Token.Type.END) {
            throw unexpected("the end of the text");
        }
        return whole;
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

    private T whole() {
        for (; ; ) {
            T complete = begin();
            while (complete != null) {
                OpenSyntax<T> top = open.peek();
                if (top == null) {
                    return complete;
                }
                complete = add(top, complete);
            }
        }
    }

    /** Reads one, or its opening bracket: then it returns null, and the first one inside comes next. */
    private @Nullable T begin() {
        Token first = token;
        if (skip("[")) {
            return beginList(first);
        } else if (skip("{")) {
            return skip("}") ? grammar.literal(Tuple.EMPTY) : open(new OpenSyntax<>(OpenSyntax.Form.TUPLE, first));
        } else if (skip("#")) {
            return skip("{") ? beginMap(first) : beginRecord(first);
        } else if (skip("<<")) {
            return grammar.literal(bits());
        } else if (skip("fun")) {
            return grammar.literal(fun());
        }
        return leaf();
    }

    private @Nullable T open(OpenSyntax<T> syntax) {
        if (open.size() == TermParser.MAX_DEPTH) {
            throw scanner.error(
                    syntax.start.start(),
                    "found terms nested deeper than expected (expected: at most " + TermParser.MAX_DEPTH + ")");
        }
        open.push(syntax);
        return null;
    }

    // [a|[b|[c]]] is the list [a,b,c]: a tail that is a list goes on with the same elements
    private @Nullable T beginList(Token first) {
        OpenSyntax<T> top = open.peek();
        if (skip("]")) {
            return grammar.literal(ListTerm.EMPTY);
        } else if (top != null && top.atTail) {
            top.atTail = false;
            top.openTails++;
            return null;
        }
        return open(new OpenSyntax<>(OpenSyntax.Form.LIST, first));
    }

    private @Nullable T beginMap(Token first) {
        return skip("}") ? grammar.map(List.of()) : open(new OpenSyntax<>(OpenSyntax.Form.MAP, first));
    }

    private @Nullable T beginRecord(Token first) {
        var syntax = new OpenSyntax<T>(OpenSyntax.Form.RECORD, first);
        Atom module = atom("'{' or a module");
        if (token.is("{")) { // the preprocessor's kind: a tuple whose layout only an .hrl file knows
            throw scanner.error(
                    first.start(), "found the record #" + Printable.of(module) + " (expected: the tuple that it is)");
        }
        syntax.names.add(module);
        expect(":");
        syntax.names.add(atom("a record name"));
        expect("{");
        if (skip("}")) {
            return build(syntax);
        }
        open(syntax);
        readField(syntax);
        return null;
    }

    private void readField(OpenSyntax<T> syntax) {
        syntax.names.add(atom("a field name"));
        expect("=");
    }

    /** Adds a complete one to the one around it; returns that one if it is complete now. */
    private @Nullable T add(OpenSyntax<T> top, T part) {
        if (top.atTail) {
            return closeList(top, part);
        }
        top.parts.add(part);
        if (top.form == OpenSyntax.Form.MAP && top.parts.size() % 2 == 1) {
            expect(grammar.association());
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
                return closeList(top, grammar.literal(ListTerm.EMPTY));
            }
            throw unexpected("',', '|' or ']'");
        } else if (skip(top.closing())) {
            open.pop();
            return build(top);
        }
        throw unexpected("',' or '" + top.closing() + "'");
    }

    private T closeList(OpenSyntax<T> list, T tail) {
        for (int i = 0; i <= list.openTails; i++) {
            expect("]");
        }
        open.pop();
        return build(list.start, () -> grammar.list(list.parts, tail));
    }

    private T build(OpenSyntax<T> syntax) {
        return build(syntax.start, () -> syntax.build(grammar));
    }

    private T build(Token start, Supplier<T> what) {
        try {
            return what.get();
        } catch (IllegalArgumentException e) {
            throw scanner.error(start.start(), String.valueOf(e.getMessage()));
        }
    }

    private T leaf() {
        boolean negative = skip("-");
        if (negative || skip("+")) {
            return grammar.literal(number(negative));
        }
        return switch (token.type()) {
            case NUMBER -> grammar.literal(number(false));
            case ATOM -> grammar.literal(atom(grammar.noun()));
            case STRING -> grammar.literal(ListTerm.ofString(string()));
            case KEYWORD -> throw unexpected(grammar.noun() + "; quoted, the word is an atom");
            case VARIABLE -> variable();
            case SIGN, FULL_STOP, END -> throw unexpected(grammar.noun());
        };
    }

    private T variable() {
        T variable = grammar.variable(token.text());
        if (variable == null) {
            throw unexpected(grammar.noun());
        }
        advance();
        return variable;
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
            if (!(token.value() instanceof Int given) || given.value() > TermParser.MAX_SEGMENT_BITS) {
                throw unexpected("a size in bits, 0 to " + TermParser.MAX_SEGMENT_BITS);
            }
            size = (int) given.value();
            advance();
        }
        bits.append(integer.bigIntegerValue(), size);
    }
}
