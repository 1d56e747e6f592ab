package io.hawser.term;

/**
 * Prints terms in Erlang's syntax. What it prints, {@link TermParser} reads back as an equal term, but for pids, ports,
 * references and funs with an environment, which have no syntax.
 *
 * <p>Neither the thread's stack nor the time per character grows with how deep a term nests. Text inside a term is
 * printed as it is, line separators of Unicode and characters that change the writing direction included: use
 * {@link Printable} on the result for logs.
 *
 * <p>Thread-safe: stateless.
 */
public final class TermPrinter {
    /** How many characters {@link #pretty(Term)} puts in a line: {@value}. */
    public static final int DEFAULT_WIDTH = 80;

    private TermPrinter() {}

    /**
     * Prints a term on one line as {@code io_lib:format("~tw", [Term])} of OTP 25 does, with these differences:
     *
     * <ul>
     *   <li>A pid, port or reference shows the name of its node, {@code <a@host.1.2>}, where OTP shows a number that only
     *       means something inside one running node. One of {@code nonode@nohost} shows 0 as OTP does: {@code <0.1.2>}.
     *   <li>Maps of any size are in map key order; OTP prints larger ones in hash order.
     *   <li>Names inside funs are printed as any other atom; OTP garbles those that are not ASCII.
     * </ul>
     *
     * @param term the term
     * @return its text
     */
    public static String print(Term term) {
        var out = new StringBuilder();
        new FlatPrinter(out, FlatPrinter.NO_TEXT).print(term, Integer.MAX_VALUE);
        return out.toString();
    }

    /**
     * Prints the beginning of a term. Takes time in the length of the result, not of the term, integers apart.
     *
     * @param term the term
     * @param maxCharacters where to cut, more than 0
     * @return its text as {@link #print} makes it, if longer than that cut and ending in {@code ...}
     * @throws IllegalArgumentException if maxCharacters is not positive
     */
    public static String abbreviate(Term term, int maxCharacters) {
        checkPositive("maxCharacters", maxCharacters);
        var out = new StringBuilder();
        if (!new FlatPrinter(out, FlatPrinter.NO_TEXT).print(term, maxCharacters)) {
            // not between the two halves of a character
            boolean splits = Character.isHighSurrogate(out.charAt(maxCharacters - 1));
            out.setLength(splits ? maxCharacters - 1 : maxCharacters);
            out.append("...");
        }
        return out.toString();
    }

    /**
     * Prints a term for people, in lines of {@value #DEFAULT_WIDTH} characters.
     *
     * @param term the term
     * @return its text, see {@link #pretty(Term, int)}
     */
    public static String pretty(Term term) {
        return pretty(term, DEFAULT_WIDTH);
    }

    /**
     * Prints a term for people: lists of printable characters as {@code "text"}, binaries of printable UTF-8 as
     * {@code <<"text">>}, and what does not fit into a line on several, indented. The indentation ends at half the width,
     * however deep the term nests.
     *
     * @param term the term
     * @param width how many characters a line should have, more than 0; closing brackets and what cannot be divided may
     *     exceed it
     * @return its text, without a line end after it
     * @throws IllegalArgumentException if width is not positive
     */
    public static String pretty(Term term, int width) {
        checkPositive("width", width);
        return new PrettyPrinter(width).print(term);
    }

    private static void checkPositive(String what, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(what + ": " + value + " (expected: > 0)");
        }
    }
}
