package io.hawser.term;

/**
 * One word of Erlang's syntax.
 *
 * @param type what it is
 * @param text an atom's, string's or variable's text, the sign itself, or nothing
 * @param value a number's value, otherwise {@code []}
 * @param start index of its first character
 */
record Token(Type type, String text, Term value, int start) {
    enum Type {
        NUMBER,
        ATOM,
        STRING,
        /** A reserved word: {@code fun} is the only one that starts a term. */
        KEYWORD,
        VARIABLE,
        SIGN,
        FULL_STOP,
        END
    }

    boolean is(String sign) {
        return (type == Type.SIGN || type == Type.KEYWORD) && text.equals(sign);
    }

    /** Returns it in words, for a message about what was found. */
    String describe() {
        return switch (type) {
            case NUMBER -> "the number " + Printable.of(TermPrinter.abbreviate(value, Printable.MAX_CHARACTERS));
            case ATOM -> "the atom '" + Printable.of(text) + "'";
            case STRING -> "a string";
            case KEYWORD -> "the reserved word " + text;
            case VARIABLE -> "the variable " + Printable.of(text);
            case SIGN -> "'" + Printable.of(text) + "'";
            case FULL_STOP -> "a full stop";
            case END -> "the end of the text";
        };
    }
}
