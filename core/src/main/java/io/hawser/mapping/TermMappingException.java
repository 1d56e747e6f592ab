package io.hawser.mapping;

import org.jspecify.annotations.Nullable;

/**
 * A value does not fit the term, or a term the type: says where, what was found and what was expected, as in
 * {@code $.puts[2].value: 300 is outside byte (expected: -128..127)}.
 *
 * <p>The message is one line. It shows the beginning of the term that did not fit, and keys of maps on the way there, as
 * printable ASCII and cut short, whatever the peer sent. What a constructor or a converter threw is the cause.
 */
public final class TermMappingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Where in the value. */
    private final String path;

    TermMappingException(String path, String message, @Nullable Throwable cause) {
        super(path + ": " + message, cause);
        this.path = path;
    }

    /**
     * Returns where in the value it went wrong.
     *
     * @return {@code $} for the value itself, followed by component names, {@code [index]} of lists and {@code [key]} of
     *     maps: {@code $.puts[2].value}; the middle of a very long path is left out
     */
    public String path() {
        return path;
    }
}
