package io.hawser.epmd;

import org.jspecify.annotations.Nullable;

/** A directory of nodes did not answer, or refused. The message says which, what was found and what to do. */
public final class ResolverException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message where, what was found, what was expected
     * @param cause what led to it; null if nothing did
     */
    public ResolverException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
