package io.hawser.transport;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A connection was lost, or not made. The message says where, what was found and what was expected. */
public class TransportException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable RefusalCode code;

    /**
     * Makes the exception.
     *
     * @param message where, what was found, what was expected
     */
    public TransportException(String message) {
        this(message, null, null);
    }

    /**
     * Makes the exception.
     *
     * @param message where, what was found, what was expected
     * @param cause what led to it
     */
    public TransportException(String message, @Nullable Throwable cause) {
        this(message, cause, null);
    }

    /**
     * Makes the exception.
     *
     * @param message where, what was found, what was expected
     * @param cause what led to it
     * @param code why, if one of the two sides was refused
     */
    public TransportException(String message, @Nullable Throwable cause, @Nullable RefusalCode code) {
        super(message, cause);
        this.code = code;
    }

    /**
     * Returns the stable name of the reason, if one of the two sides was refused.
     *
     * @return empty for what is no refusal, such as a connection that broke
     */
    public Optional<RefusalCode> code() {
        return Optional.ofNullable(code);
    }
}
