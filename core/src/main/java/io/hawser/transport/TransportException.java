package io.hawser.transport;

import org.jspecify.annotations.Nullable;

/** A connection was lost, or not made. The message says where, what was found and what was expected. */
public class TransportException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message where, what was found, what was expected
     */
    public TransportException(String message) {
        super(message);
    }

    /**
     * Makes the exception.
     *
     * @param message where, what was found, what was expected
     * @param cause what led to it
     */
    public TransportException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
