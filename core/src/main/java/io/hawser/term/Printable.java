package io.hawser.term;

import java.util.HexFormat;

/** Makes what comes from a peer fit for logs and error messages: nothing in it can end a line or steer a terminal. */
public final class Printable {
    /** The most characters that are kept, escapes counted as written. */
    public static final int MAX_CHARACTERS = 120;

    private static final int LONGEST_TEXT = 64;
    private static final int LONGEST_INTEGER_BITS = 256;
    private static final HexFormat HEX = HexFormat.of();

    private Printable() {}

    /**
     * Returns the text with everything but printable ASCII escaped as {@code \}{@code uXXXX}, a backslash doubled, and
     * cut after {@value #MAX_CHARACTERS} characters.
     *
     * @param text text of any origin
     * @return one line of printable ASCII; ends in {@code ...} if it was cut
     */
    public static String of(String text) {
        return of(text, MAX_CHARACTERS);
    }

    /**
     * Returns the text as {@link #of(String)} does, but cut elsewhere.
     *
     * @param text text of any origin
     * @param maxCharacters the most characters that are kept, escapes counted as written
     * @return one line of printable ASCII; ends in {@code ...} if it was cut
     */
    public static String of(String text, int maxCharacters) {
        return escaped(text, maxCharacters, "\\\\");
    }

    /**
     * Returns a sentence with parts that went through {@link #of(String)} already, and perhaps one that did not: as there, but
     * a backslash stays as it is, so that no part is escaped twice. Applied again it changes nothing.
     *
     * @param sentence text of any origin
     * @param maxCharacters the most characters that are kept, escapes counted as written
     * @return one line of printable ASCII; ends in {@code ...} if it was cut
     */
    public static String sentence(String sentence, int maxCharacters) {
        return escaped(sentence, maxCharacters, "\\");
    }

    private static String escaped(String text, int maxCharacters, String backslash) {
        var out = new StringBuilder(Math.min(text.length(), maxCharacters) + 16);
        for (int i = 0; i < text.length(); i++) {
            if (out.length() >= maxCharacters) {
                return out.append("...").toString();
            }
            char c = text.charAt(i);
            if (c == '\\') {
                out.append(backslash);
            } else if (c >= ' ' && c < 0x7F) {
                out.append(c);
            } else {
                out.append("\\u").append(HEX.toHexDigits(c));
            }
        }
        return out.toString();
    }

    /**
     * Returns the beginning of a term in Erlang's syntax, cut after {@value #MAX_CHARACTERS} characters, with everything but
     * printable ASCII escaped. Short text inside it is shown as text, {@code "a"} and {@code <<"b">>}. Takes time in the
     * length of the result, not of the term, large integers inside it apart.
     *
     * @param term a term of any origin
     * @return one line of printable ASCII; ends in {@code ...} if it was cut
     */
    public static String of(Term term) {
        return of(term, MAX_CHARACTERS);
    }

    /**
     * Returns the beginning of a term as {@link #of(Term)} does, but cut elsewhere.
     *
     * @param term a term of any origin
     * @param maxCharacters the most characters that are kept, escapes counted as written
     * @return one line of printable ASCII; ends in {@code ...} if it was cut
     */
    public static String of(Term term, int maxCharacters) {
        if (term instanceof BigInt big && big.value().bitLength() > LONGEST_INTEGER_BITS) {
            return "an integer of " + big.value().bitLength() + " bits";
        }
        var out = new StringBuilder();
        new FlatPrinter(out, LONGEST_TEXT).print(term, maxCharacters);
        return of(out.toString(), maxCharacters);
    }
}
