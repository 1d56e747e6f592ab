package io.hawser.term;

import java.math.BigInteger;
import java.util.List;

/** Cuts text into the words of Erlang's syntax. Not thread-safe; used by one caller at a time. */
final class TermScanner {
    private static final int END_OF_TEXT = -1;
    private static final List<String> LONG_SIGNS = List.of("<<", ">>", "=>", ":=");
    private static final String SIGNS = "[]{},|#:/-+=()";

    private final String text;
    private int position;

    TermScanner(String text) {
        this.text = text;
    }

    /** Returns an exception about the character at an index. */
    TermParseException error(int index, String problem) {
        int line = 1;
        int lineStart = 0;
        for (int i = 0; i < index; i++) {
            if (text.charAt(i) == '\n') {
                line++;
                lineStart = i + 1;
            }
        }
        return new TermParseException(line, index - lineStart + 1, problem);
    }

    /** Returns the next word. */
    Token next() {
        skipBlanks();
        int start = position;
        int c = peek(0);
        if (c == END_OF_TEXT) {
            return token(Token.Type.END, "", start);
        } else if (Syntax.isDigit(c)) {
            return new Token(Token.Type.NUMBER, "", number(start), start);
        } else if (Syntax.isLowercase(c)) {
            String name = name(start);
            return token(Syntax.isReserved(name) ? Token.Type.KEYWORD : Token.Type.ATOM, name, start);
        } else if (Syntax.isUppercase(c) || c == '_') {
            return token(Token.Type.VARIABLE, name(start), start);
        } else if (c == '\'') {
            return token(Token.Type.ATOM, quoted("quoted atom"), start);
        } else if (c == '"') {
            return token(Token.Type.STRING, quoted("string"), start);
        } else if (c == '$') {
            position++;
            return new Token(Token.Type.NUMBER, "", Int.of(character("character after $", start)), start);
        } else if (c == '.' && (peek(1) == END_OF_TEXT || isBlank(peek(1)) || peek(1) == '%')) {
            position++;
            return token(Token.Type.FULL_STOP, ".", start);
        }
        return sign(start);
    }

    private static Token token(Token.Type type, String text, int start) {
        return new Token(type, text, ListTerm.EMPTY, start);
    }

    private Token sign(int start) {
        for (String sign : LONG_SIGNS) {
            if (text.startsWith(sign, start)) {
                position += sign.length();
                return token(Token.Type.SIGN, sign, start);
            }
        }
        int c = text.codePointAt(start);
        if (SIGNS.indexOf(c) < 0) {
            throw error(
                    start, "found '" + Printable.of(Character.toString(c)) + "' (expected: a term or its punctuation)");
        }
        position++;
        return token(Token.Type.SIGN, Character.toString(c), start);
    }

    private int peek(int ahead) {
        int index = position + ahead;
        return index < text.length() ? text.charAt(index) : END_OF_TEXT;
    }

    // as erl_scan: control characters, space, and the same with the high bit
    private static boolean isBlank(int c) {
        return (c >= 0 && c <= ' ') || (c >= 0x80 && c <= 0xA0);
    }

    private void skipBlanks() {
        for (int c = peek(0); isBlank(c) || c == '%'; c = peek(0)) {
            if (c == '%') {
                int end = text.indexOf('\n', position);
                position = end < 0 ? text.length() : end;
            } else {
                position++;
            }
        }
    }

    private String name(int start) {
        while (Syntax.isNameCharacter(peek(0))) {
            position++;
        }
        return text.substring(start, position);
    }

    // 10 | 1_000 | 16#ff | 1.5 | 1.0e-3
    private Term number(int start) {
        String digits = digits(10);
        if (peek(0) == '#') {
            int base = digits.length() > 2 ? 0 : Integer.parseInt(digits);
            if (base < Character.MIN_RADIX || base > Character.MAX_RADIX) {
                throw error(start, "found the base " + Printable.of(digits) + " (expected: 2 to 36)");
            }
            position++;
            int from = position;
            String based = digits(base);
            if (based.isEmpty()) {
                throw error(from, "found no digit (expected: a digit of base " + base + ")");
            }
            return integer(start, based, base);
        }
        if (peek(0) == '.' && Syntax.isDigit(peek(1))) {
            return fraction(start, digits);
        }
        return integer(start, digits, 10);
    }

    // digits with single underscores between them, which are left out
    private String digits(int base) {
        var digits = new StringBuilder();
        while (isDigit(peek(0), base) || (peek(0) == '_' && digits.length() > 0 && isDigit(peek(1), base))) {
            if (peek(0) != '_') {
                digits.append((char) peek(0));
            }
            position++;
        }
        return digits.toString();
    }

    private static boolean isDigit(int c, int base) {
        return c >= 0 && c < 0x80 && Character.digit(c, base) >= 0;
    }

    private Term integer(int start, String digits, int base) {
        checkLength(start, digits.length());
        return IntegerTerm.of(new BigInteger(digits, base));
    }

    private void checkLength(int start, int digits) {
        if (digits > TermParser.MAX_DIGITS) {
            throw error(
                    start, "found a number of " + digits + " digits (expected: at most " + TermParser.MAX_DIGITS + ")");
        }
    }

    private Term fraction(int start, String whole) {
        position++;
        var number = new StringBuilder(whole).append('.').append(digits(10));
        int e = peek(0);
        int sign = peek(1) == '-' || peek(1) == '+' ? 1 : 0;
        if ((e == 'e' || e == 'E') && Syntax.isDigit(peek(1 + sign))) {
            number.append('e');
            if (peek(1) == '-') {
                number.append('-');
            }
            position += 1 + sign;
            number.append(digits(10));
        }
        checkLength(start, number.length());
        double value = Double.parseDouble(number.toString());
        if (!Double.isFinite(value)) {
            throw error(start, "found a float beyond the largest one (expected: at most 1.7976931348623157e308)");
        }
        return new FloatTerm(value);
    }

    private String quoted(String what) {
        int start = position;
        int quote = peek(0);
        position++;
        var content = new StringBuilder();
        while (peek(0) != quote) {
            content.appendCodePoint(character(what, start));
        }
        position++;
        return content.toString();
    }

    /** Reads one character, which may be escaped. */
    private int character(String what, int start) {
        int index = position;
        if (peek(0) == END_OF_TEXT) {
            throw error(start, "found a " + what + " that does not end (expected: its end)");
        }
        int c = text.codePointAt(position);
        position += Character.charCount(c);
        if (c == '\\') {
            if (peek(0) == END_OF_TEXT) {
                throw error(start, "found a " + what + " that does not end (expected: its end)");
            }
            c = escape();
        }
        if (c > Character.MAX_CODE_POINT || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
            throw error(index, "found a character numbered " + c + " (expected: one of Unicode)");
        }
        return c;
    }

    // after the backslash: n, ^C, 177, x7F, x{10FFFF}, or a character that stands for itself
    private int escape() {
        int c = text.codePointAt(position);
        if (c >= '0' && c <= '7') {
            return numbered(8, 3);
        }
        position += Character.charCount(c);
        return switch (c) {
            case 'b' -> '\b';
            case 'd' -> 0x7F;
            case 'e' -> 0x1B;
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 's' -> ' ';
            case 't' -> '\t';
            case 'v' -> 0x0B;
            case 'x' -> hex();
            case '^' -> control();
            default -> c;
        };
    }

    private int control() {
        int c = peek(0);
        if (c < '@' || c > 'z' || (c > '_' && c < 'a')) {
            throw error(position, "found no control character after \\^ (expected: @ to _ or a letter)");
        }
        position++;
        return c & 0x1F;
    }

    private int hex() {
        int start = position;
        boolean braces = peek(0) == '{';
        if (braces) {
            position++;
        }
        int from = position;
        int value = numbered(16, braces ? 8 : 2);
        boolean complete = braces ? position > from && peek(0) == '}' : position == from + 2;
        if (!complete || value < 0) {
            throw error(start, "found no character number after \\x (expected: two hex digits, or up to 8 in braces)");
        }
        if (braces) {
            position++;
        }
        return value;
    }

    private int numbered(int base, int maxDigits) {
        int value = 0;
        for (int i = 0; i < maxDigits && isDigit(peek(0), base); i++) {
            value = value * base + Character.digit(peek(0), base);
            position++;
        }
        return value;
    }
}
