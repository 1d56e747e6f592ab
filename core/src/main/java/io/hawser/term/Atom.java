package io.hawser.term;

import org.jspecify.annotations.Nullable;

/**
 * An Erlang atom: a name of at most 255 characters (Unicode code points). Immutable; equal when the text is.
 *
 * @param text its text, without quotes
 */
public record Atom(String text) implements Term {
    /** The most characters an atom can have. */
    public static final int MAX_CHARACTERS = 255;

    /** The atom {@code true}. */
    public static final Atom TRUE = new Atom("true");

    /** The atom {@code false}. */
    public static final Atom FALSE = new Atom("false");

    /** The atom {@code undefined}. */
    public static final Atom UNDEFINED = new Atom("undefined");

    /** The atom {@code ok}. */
    public static final Atom OK = new Atom("ok");

    /** The atom {@code error}. */
    public static final Atom ERROR = new Atom("error");

    /** The empty atom, {@code ''}. */
    public static final Atom EMPTY = new Atom("");

    /**
     * Checks the text.
     *
     * @param text its text
     * @throws IllegalArgumentException if it has more than 255 characters or a lone surrogate
     */
    public Atom {
        int length = text.length();
        if (length > MAX_CHARACTERS && text.codePointCount(0, length) > MAX_CHARACTERS) {
            throw new IllegalArgumentException("atom: " + text.codePointCount(0, length)
                    + " characters (expected: at most " + MAX_CHARACTERS + ")");
        }
        for (int i = 0; i < length; i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                checkSurrogates(text, i);
                break;
            }
        }
    }

    private static void checkSurrogates(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            int character = text.codePointAt(i);
            if (Character.isSupplementaryCodePoint(character)) {
                i++;
            } else if (Character.isSurrogate((char) character)) {
                throw new IllegalArgumentException("atom: lone surrogate at index " + i + " of '" + Printable.of(text)
                        + "' (expected: Unicode characters)");
            }
        }
    }

    /**
     * Makes an atom.
     *
     * @param text its text, without quotes
     * @return the atom
     * @throws IllegalArgumentException if it has more than 255 characters or a lone surrogate
     */
    public static Atom of(String text) {
        return new Atom(text);
    }

    /**
     * Makes a boolean as Erlang has it.
     *
     * @param value the value
     * @return {@code true} or {@code false}
     */
    public static Atom of(boolean value) {
        return value ? TRUE : FALSE;
    }

    // by hand, as those of a record are called through a method handle, on every message several times
    @Override
    public boolean equals(@Nullable Object o) {
        return this == o || (o instanceof Atom other && text.equals(other.text));
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return TermPrinter.print(this);
    }
}
