package io.hawser.mapping;

/**
 * What a {@code String} is in a term. Each form is read as strictly as it is written: one form is never taken for another.
 * A string with a lone surrogate has no form and is refused.
 */
public enum TextForm {
    /** A binary of UTF-8, as strings are in Elixir. Read from a binary of well-formed UTF-8. */
    BINARY,

    /**
     * A list of code points, as {@code "text"} is in Erlang; {@code []} for the empty string. Read from a proper list of
     * integers that are Unicode characters.
     */
    CHARLIST,

    /** An atom, of at most 255 characters. Read from any atom, {@code undefined} and {@code true} included. */
    ATOM
}
