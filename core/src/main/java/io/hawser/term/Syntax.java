package io.hawser.term;

import java.util.Set;

/** The letters of Erlang's syntax, as OTP 25 has them: for printing and reading alike. */
final class Syntax {
    private static final Set<String> RESERVED = Set.of(
            "after", "and", "andalso", "band", "begin", "bnot", "bor", "bsl", "bsr", "bxor", "case", "catch", "cond",
            "div", "end", "fun", "if", "let", "not", "of", "or", "orelse", "receive", "rem", "try", "when", "xor");

    private Syntax() {}

    static boolean isReserved(String word) {
        return RESERVED.contains(word);
    }

    /** Returns whether an atom that starts with the character may do without quotes: Latin-1 letters only. */
    static boolean isLowercase(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 0xDF && c <= 0xFF && c != 0xF7);
    }

    static boolean isUppercase(int c) {
        return (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE && c != 0xD7);
    }

    static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    /** Returns whether a character can stand inside an unquoted atom or a variable. */
    static boolean isNameCharacter(int c) {
        return isLowercase(c) || isUppercase(c) || isDigit(c) || c == '_' || c == '@';
    }

    static boolean needsQuotes(String atom) {
        return atom.isEmpty()
                || !isLowercase(atom.charAt(0))
                || !atom.chars().allMatch(Syntax::isNameCharacter)
                || isReserved(atom);
    }

    /** Returns whether OTP takes a character for text when it decides whether a list is a string. */
    static boolean isPrintable(int c) {
        return (c >= ' ' && c <= '~')
                || (c >= 0xA0 && c < Character.MIN_SURROGATE)
                || (c > Character.MAX_SURROGATE && c <= 0xFFFD)
                || (c >= 0x10000 && c <= Character.MAX_CODE_POINT)
                || (c >= '\b' && c <= '\r')
                || c == 0x1B;
    }

    /** Appends text between quotes, with the escapes of {@code ~tw}: control characters, backslash and that quote. */
    static void quote(StringBuilder out, String text, char quote) {
        out.append(quote);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == quote || c == '\\') {
                out.append('\\').append(c);
            } else if ((c >= ' ' && c <= '~') || c >= 0xA0) {
                out.append(c);
            } else {
                escape(out, c);
            }
        }
        out.append(quote);
    }

    private static void escape(StringBuilder out, char c) {
        out.append('\\');
        switch (c) {
            case '\n' -> out.append('n');
            case '\r' -> out.append('r');
            case '\t' -> out.append('t');
            case 0x0B -> out.append('v');
            case '\b' -> out.append('b');
            case '\f' -> out.append('f');
            case 0x1B -> out.append('e');
            case 0x7F -> out.append('d');
            default ->
                out.append((char) ('0' + (c >> 6)))
                        .append((char) ('0' + ((c >> 3) & 7)))
                        .append((char) ('0' + (c & 7)));
        }
    }
}
