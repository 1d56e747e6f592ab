package io.hawser.dist;

import org.jspecify.annotations.Nullable;

/** A packet of the connected phase is not what the protocol allows. The connection it came on is to be closed. */
public final class ProtocolException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message where, what was found, what was expected; fit for a log
     */
    public ProtocolException(String message) {
        this(message, null);
    }

    /**
     * Makes the exception.
     *
     * @param message where, what was found, what was expected; fit for a log
     * @param cause what was wrong with a term
     */
    public ProtocolException(String message, @Nullable Throwable cause) {
        super(message, cause, false, false); // hostile packets must not cost a stack walk each
    }
}
