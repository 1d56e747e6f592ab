package io.hawser.etf;

import io.hawser.term.Term;

/**
 * Writes terms in the external term format, in the form that OTP 27 writes (minor version 2).
 *
 * <p>Thread-safe: holds no state.
 *
 * @see <a href="https://www.erlang.org/doc/apps/erts/erl_ext_dist.html">External Term Format</a>
 */
public final class TermEncoder {
    private TermEncoder() {}

    /**
     * Encodes a term on its own, as {@code term_to_binary/1} does: with the version byte 131 in front.
     *
     * @param term the term
     * @return its encoding
     */
    public static byte[] encode(Term term) {
        throw new UnsupportedOperationException();
    }

    /**
     * Appends a term without a version byte.
     *
     * @param term the term
     * @param out what it is appended to
     */
    public static void write(Term term, ByteOutput out) {
        throw new UnsupportedOperationException();
    }
}
