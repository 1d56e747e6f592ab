package io.hawser.term;

/** Text is not a term in Erlang's syntax. The message says where, what was found and what was expected, in one line. */
public final class TermParseException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** Where it was found, from 1. */
    private final int line;

    /** Where in the line it was found, from 1. */
    private final int column;

    TermParseException(int line, int column, String problem) {
        super(line + ":" + column + ": " + problem);
        this.line = line;
        this.column = column;
    }

    /**
     * Returns the line of what was found.
     *
     * @return the line, from 1
     */
    public int line() {
        return line;
    }

    /**
     * Returns the column of what was found.
     *
     * @return the column in UTF-16 characters, from 1
     */
    public int column() {
        return column;
    }
}
